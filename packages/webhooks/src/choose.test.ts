import type { Sql } from '@switchboard/hallway';
import { describe, expect, test } from 'vitest';
import { choose, filterFaults, interestOf } from './choose.ts';
import type { EventRow } from './deliveries.ts';

const EVENTS = 120;
const events: EventRow[] = Array.from({ length: EVENTS }, (_, n) => ({
  number: String(n + 1),
  headers: {
    ce_id: `id-${String(n + 1)}`,
    ce_type: 'switchboard.sla.v1.ClockBreached',
    ce_subject: `clock-${String(n)}`,
  },
}));

/** The history; remembers what was read of it. */
function history(): { sql: Sql; reads: string[][] } {
  const reads: string[][] = [];
  const query = (_: string, [numbers]: readonly unknown[] = []): Promise<never[]> => {
    reads.push(numbers as string[]);
    const rows = (numbers as string[]).map((number) => {
      const data = { clock: { priority: Number(number) % 5, ...(number === '7' ? { vip: true } : {}) } };
      return { number, value: JSON.stringify(data) };
    });
    return Promise.resolve(rows as never[]);
  };
  return { sql: { query }, reads };
}

const webhook = (id: string, filter?: string, since = '0') => ({
  id,
  since,
  settings: { url: 'https://a.example', events: ['sla.*'], active: true, filter },
});

async function chosen(...webhooks: ReturnType<typeof webhook>[]) {
  const { sql, reads } = history();
  const undecided: string[] = [];
  const interests = webhooks.map((one) => interestOf(one));
  const deliveries = await choose(sql, { interests, events, cause: 'event' }, (id, reason) =>
    undecided.push(`${id}: ${reason}`),
  );
  const of = (id: string): number[] =>
    deliveries
      .map(({ request }) => request.data as { webhookId: string; number: string })
      .filter(({ webhookId }) => webhookId === id)
      .map(({ number }) => Number(number));
  return { of, reads, undecided };
}

describe('events', () => {
  test('are chosen by number and type without a look at their data', async () => {
    const { of, reads } = await chosen(webhook('a'), webhook('b', undefined, '100'));

    expect([of('a').length, of('b').length, reads]).toEqual([EVENTS, 20, []]);
  });

  test('are chosen by what a filter says of type, subject and data, in their order', async () => {
    const { of, reads } = await chosen(
      webhook('data', 'event.data.clock.priority <= 1'),
      webhook('subject', 'event.subject == "clock-9" || event.subject.endsWith("-19")'),
      webhook('type', 'event.type.endsWith(".ClockMet")'),
      webhook('all'),
    );

    const numbers = Array.from({ length: EVENTS }, (_, n) => n + 1);
    expect(of('data')).toEqual(numbers.filter((number) => number % 5 <= 1));
    expect([of('subject'), of('type'), of('all')]).toEqual([[10, 20], [], numbers]);
    expect(Math.max(...reads.map((read) => read.length))).toBeLessThanOrEqual(50);
  });

  test('over which a filter cannot be decided are not, which is told', async () => {
    const { of, undecided } = await chosen(
      webhook('a', 'event.data.clock.vip'),
      webhook('b', 'has(event.data.clock.vip)'),
    );

    expect([of('a'), of('b')]).toEqual([[7], [7]]);
    expect(undecided).toHaveLength(EVENTS - 1);
    expect(undecided[0]).toMatch(/^a: No such key: vip/);
  });
});

test('a filter that is none is refused with the reason', () => {
  expect(filterFaults('event.data.priority <= 2 && event.subject != ""')).toEqual([]);
  for (const [filter, reason] of [
    ['event.data.x ==', /./],
    ['event.nothing', /nothing/],
    ['case.priority == 1', /case/],
    ['event.subject', /must be true or false/],
    ['event.data.all(x, event.data.all(y, event.data.all(z, event.data.all(w, w == x))))', /./],
  ] as const)
    expect([filter, filterFaults(filter)]).toEqual([filter, [expect.stringMatching(reason)]]);
});
