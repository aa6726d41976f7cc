/** What a lane does when it is asked for more than it can do. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Envelope, Settled } from './envelope.ts';
import { createLane } from './lane.ts';
import type { Database } from './ports.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const nobody = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const database: Database = {
  query: () => Promise.resolve([]),
  transaction: (work) => work(database),
  classify: () => 'deterministic',
};
const envelope = (id: string): Envelope => ({
  message: { id, type: 'wait', data: null, trace: { correlationId: id } },
});

test('refuses what is beyond its queue, says so for a while, and goes on', async () => {
  const gate = Promise.withResolvers<undefined>();
  const lane = createLane({
    ...{ name: 'command', database, logger: nobody, maxBatch: 1, maxQueue: 2 },
    run: async (_sql, envelopes) => {
      await gate.promise;
      return envelopes.map((one) => ({ envelope: one, outcome: { outcome: 'done', reply: one.message.id } }));
    },
    onCommit: () => undefined,
  });

  const running = lane.submit([envelope('a')]);
  await vi.waitFor(() => expect(lane.depth()).toBe(0));
  const waiting = [lane.submit([envelope('b')]), lane.submit([envelope('c')])];
  const beyond = await lane.submit([envelope('d')]);

  expect(beyond).toMatchObject([{ outcome: 'unavailable', reason: 'too many requests are waiting' }]);
  expect(lane.depth()).toBe(2);
  expect(lane.fault()).toBe('command: more than it can do');
  gate.resolve(undefined);
  expect((await Promise.all([running, ...waiting])).flat()).toMatchObject([
    { reply: 'a' },
    { reply: 'b' },
    { reply: 'c' },
  ]);
  expect(lane.fault()).toBe('command: more than it can do');
  vi.advanceTimersByTime(6000);
  expect(lane.fault()).toBeUndefined();
});

test.each([
  { company: false, tries: ['not alone'] },
  { company: true, tries: ['not alone', 'alone'] },
])('tries what fails by itself again only if others were let in with it ($company)', async ({ company, tries }) => {
  const tried: string[] = [];
  const lane = createLane({
    ...{ name: 'command', database, logger: nobody, maxBatch: 10, maxQueue: 10 },
    run: (_sql, envelopes, attempt): Promise<Settled[]> => {
      tried.push(...envelopes.map(({ alone }) => (alone === true ? 'alone' : 'not alone')));
      attempt.letIn = company && envelopes.every(({ alone }) => alone !== true);
      return Promise.reject(new Error('refused'));
    },
    onCommit: () => undefined,
  });

  expect(await lane.submit([envelope('a')])).toMatchObject([{ outcome: 'failed', error: { message: 'refused' } }]);
  expect(tried).toEqual(tries);
});
