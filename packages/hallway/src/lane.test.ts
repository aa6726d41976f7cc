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

test.each([
  { broken: false, outcome: 'failed', fault: undefined },
  { broken: true, outcome: 'unavailable', fault: 'stream: refused' },
])('what not even the dead letters take ($broken) does not count as handled', async ({ broken, outcome, fault }) => {
  const lane = createLane({
    ...{ name: 'stream', database, logger: nobody, maxBatch: 10, maxQueue: 10 },
    run: (_sql, envelopes): Promise<Settled[]> => {
      const error = new Error('refused');
      if (broken || envelopes.some(({ buried }) => buried === undefined)) return Promise.reject(error);
      return Promise.resolve(envelopes.map((one) => ({ envelope: one, outcome: { outcome: 'failed', error } })));
    },
    onCommit: () => undefined,
  });
  const record = { topic: 't', partition: 0, offset: '7', key: null, value: null, headers: {}, timestamp: new Date() };

  const outcomes = await lane.submit([{ ...envelope('a'), record }, envelope('b')]);

  expect(outcomes).toMatchObject([{ outcome }, { outcome: 'failed' }]);
  expect(lane.fault()).toBe(fault);
});

test.each([
  { ran: false, told: { outcome: 'unavailable', reason: 'the database is away' } },
  { ran: true, told: { outcome: 'unavailable', reason: 'the database is away', mayBeDone: true } },
])('whoever waits no longer is told whether it may have been done ($ran)', async ({ ran, told }) => {
  const away: Database = {
    ...database,
    classify: () => 'infrastructure',
    transaction: async (work) => {
      if (ran) await work(database);
      throw new Error('connection lost');
    },
  };
  const lane = createLane({
    ...{ name: 'command', database: away, logger: nobody, maxBatch: 10, maxQueue: 10 },
    run: (_sql, envelopes) =>
      Promise.resolve(envelopes.map((one) => ({ envelope: one, outcome: { outcome: 'done', reply: undefined } }))),
    onCommit: () => undefined,
  });

  expect(await lane.submit([{ ...envelope('a'), deadline: Date.now() }])).toEqual([told]);
});
