/** Where traces go and who asks for metrics: what telemetry costs is part of what is measured. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TelemetrySink {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Requests that brought spans so far. */
  readonly received: () => number;
  /** Asks for metrics as often as Prometheus would, until `close`. */
  scrape(urls: readonly string[]): void;
  close(): Promise<void>;
}

const SCRAPE_MS = 15_000;

export async function openSink(): Promise<TelemetrySink> {
  let received = 0;
  const timers: NodeJS.Timeout[] = [];
  const server = createServer((request, response) => {
    received += 1;
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    received: () => received,
    scrape: (urls) => {
      const ask = (): void => {
        // Whoever is down at this moment is asked again next time.
        for (const url of urls)
          void fetch(url).then(
            (answer) => answer.arrayBuffer(),
            () => undefined,
          );
      };
      timers.push(setInterval(ask, SCRAPE_MS));
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
