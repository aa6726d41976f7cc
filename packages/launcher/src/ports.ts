import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Whether the port can be listened on at this address. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return listenOnce(port, host).then(
    () => true,
    () => false,
  );
}

/** A port nobody listens on at this moment. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return listenOnce(0, host);
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => {
        resolve(taken);
      });
    });
  });
}

/** The first of so many free ports in a row, for tests that run beside others. */
export async function freePortRow(count: number): Promise<number> {
  for (;;) {
    // Below the range from which systems give out ports by themselves (32768 and up).
    const first = 15_000 + Math.floor(Math.random() * 17_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isPortFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}
