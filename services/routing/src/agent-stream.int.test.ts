/** Desktops that keep their stream open and stop reading: nobody else notices, and they are cut. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AGENT_TOKEN, startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';

const STALLED = 40;
const EVENTS = 120;
const MB = 1_048_576;

let service: TestService<RoutingCommands>;
const sockets: Socket[] = [];

beforeAll(async () => {
  service = await startTestService(routing);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await service.stop();
});

/** Each change is an event of 50 KB: what a desktop is told fills every buffer on the way to it. */
async function change(n: number): Promise<void> {
  const territories = Array.from({ length: 500 }, (_, at) => `${String(n)} ${String(at)} `.padEnd(100, 'x'));
  const { status } = await service.call('PUT', '/v1/agents/anna', { name: 'Anna', territories });
  expect([200, 201]).toContain(status);
}

/** A desktop whose stream has begun, and how often it was told of a change. */
async function openDesktop(): Promise<{ readonly socket: Socket; told(): number }> {
  const { hostname, port } = new URL(service.service.url());
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const begun = Promise.withResolvers<undefined>();
  const name = 'event: agent.changed';
  let told = 0;
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1');
    told += text.split(name).length - 1;
    rest = text.slice(-name.length + 1);
    if (text.includes('retry:')) begun.resolve(undefined);
  });
  const request = ['GET /v1/agents/anna/stream HTTP/1.1', 'host: x', `authorization: Bearer ${AGENT_TOKEN}`];
  socket.write(`${request.join('\r\n')}\r\n\r\n`);
  await begun.promise;
  return { socket, told: () => told };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const connections = (): Promise<number> =>
  new Promise((resolve, reject) => {
    service.service.app().server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });

it(
  'given desktops that stop reading, then others are told of all, memory stays flat, they are cut',
  { timeout: 60_000 },
  async () => {
    await change(0);
    for (let n = 0; n < STALLED; n += 1) (await openDesktop()).socket.pause();
    const reader = await openDesktop();
    const before = heapUsed();

    for (let n = 1; n <= EVENTS; n += 1) await change(n);

    await eventually(() => {
      expect(reader.told()).toBe(EVENTS);
    });
    // Kept for each of them it would be 100 MB, beyond what the sockets' own buffers take.
    expect(heapUsed() - before).toBeLessThan(50 * MB);
    await eventually(
      async () => {
        expect(await connections()).toBeLessThan(STALLED);
      },
      { timeoutMs: 30_000 },
    );
    await change(EVENTS + 1);
    await eventually(() => {
      expect(reader.told()).toBe(EVENTS + 1);
    });
  },
);
