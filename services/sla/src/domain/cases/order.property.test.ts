/** Intake and routing tell of answers in no common order: whichever was earlier counts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';

const MINUTE = 60_000;
const origin = Date.parse('2026-11-19T08:00:00.000Z');
const instant = (minute: number): string => new Date(origin + minute * MINUTE).toISOString();

type Fact = 'write' | 'answer' | 'resolve' | 'reopen' | 'call';

/** Facts with the minutes between them; calls are told by routing, the others by intake. */
const life = fc.record({
  facts: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom<Fact>('write', 'answer', 'call', 'call', 'resolve', 'reopen'),
    ),
    { maxLength: 8 },
  ),
  /** Which topic is told next. */
  turns: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
  /** Whether timers fire between the tellings. */
  fires: fc.boolean(),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

interface Expected {
  startedAt: string;
  metAt?: string;
  canceledAt?: string;
}

/** The first responses, in the order of time. */
function model(facts: readonly (readonly [number, Fact])[]): Expected[] {
  const all: Expected[] = [{ startedAt: instant(0) }];
  let open: Expected | undefined = all[0];
  let answered = false;
  let done = false;
  for (const [minute, fact] of facts) {
    const at = instant(minute);
    if (fact === 'answer' || fact === 'call') {
      answered = true;
      if (open !== undefined) open.metAt = at;
      open = undefined;
    } else if (fact === 'resolve' && !done) {
      done = true;
      if (open !== undefined) open.canceledAt = at;
      open = undefined;
    } else if (fact === 'reopen') done = false;
    else if (fact === 'write' && !answered && open === undefined) all.push((open = { startedAt: at }));
  }
  return all;
}

function live({ facts: given, turns, fires }: Life): { house: House; facts: [number, Fact][] } {
  const house = createHouse(configurationOf({ default: { targets: { firstResponse: 'PT1H' } } }));
  const story = createStory(house, { channel: 'phone' });
  let minute = 0;
  const facts = given.map(([pause, fact]): [number, Fact] => [(minute += pause), fact]);
  story.opens(instant(0));
  const topics = [facts.filter(([, fact]) => fact === 'call'), facts.filter(([, fact]) => fact !== 'call')];
  const left = topics.map((topic) => [...topic]);
  for (let turn = 0; left.some((topic) => topic.length > 0); turn += 1) {
    const [first, second] = turns[turn % turns.length] === true ? left : [...left].reverse();
    const [at, fact] = first?.shift() ?? second?.shift() ?? [0, 'reopen'];
    if (fires) house.until(instant(at));
    if (fact === 'write') story.customerWrites(instant(at));
    else if (fact === 'answer') story.agentAnswers(instant(at));
    else if (fact === 'call') story.isAccepted(instant(at));
    else story.becomes(fact === 'resolve' ? 'resolved' : 'open', instant(at));
  }
  return { house, facts };
}

/**
 * In order of their starts. A promise that need not have been made, since a call before it is told of later, is withdrawn
 * once that is known; if it was kept by then, it stays kept.
 */
function firstResponses(house: House, expected: readonly Expected[]): Expected[] {
  const starts = new Set(expected.map(({ startedAt }) => startedAt));
  return house
    .clocks('firstResponse')
    .filter(({ startedAt, canceledAt, metAt }) => starts.has(startedAt) || (canceledAt ?? metAt) === undefined)
    .map(({ startedAt, metAt, canceledAt }) => ({
      startedAt,
      ...(metAt === undefined ? {} : { metAt }),
      ...(canceledAt === undefined ? {} : { canceledAt }),
    }))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

test('given answers told in any order, then the earlier one counts for the first response', () => {
  fc.assert(
    fc.property(life, (given) => {
      // Of the promises that resolving withdrew the last one is remembered: a call told after two of them is too late.
      const times = (one: Fact): number => given.facts.filter(([, fact]) => fact === one).length;
      fc.pre(times('resolve') < 2 || times('call') === 0);
      const { house, facts } = live(given);
      const expected = model(facts);

      expect(firstResponses(house, expected)).toEqual(expected);
      for (const { metAt, dueAt, status } of house.clocks('firstResponse')) {
        if (metAt !== undefined && dueAt !== undefined) expect(status).toBe(metAt <= dueAt ? 'met' : 'breached');
      }
    }),
    { numRuns: 300 },
  );
});

const reprioritized = fc.record({
  changes: fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 3 })), { maxLength: 6 }),
  call: fc.integer({ min: 1, max: 600 }),
  /** After how many of the changes, at the earliest, the call is told. */
  toldAfter: fc.nat({ max: 6 }),
  fires: fc.boolean(),
});

test('given other priorities before a call is told of, then it comes to the same as if it had been told in time', () => {
  const targets = { firstResponse: { 1: 'PT30M', 2: 'PT2H', 3: 'PT4H' } };
  fc.assert(
    fc.property(reprioritized, ({ changes, call, toldAfter, fires }) => {
      const come = (after: number): unknown[] => {
        const house = createHouse(configurationOf({ default: { warnAt: [], targets } }));
        const story = createStory(house, { channel: 'phone' });
        story.opens(instant(0));
        let [minute, isTold] = [0, false];
        const tell = (): void => {
          isTold = true;
          // Between the minutes: nothing else is told of that instant.
          story.isAccepted(instant(call + 0.5));
        };
        for (const [n, [pause, priority]] of changes.entries()) {
          minute += pause;
          if (!isTold && n >= after && call < minute) tell();
          if (fires) house.until(instant(minute));
          story.getsPriority(priority, instant(minute));
        }
        if (fires) house.until(instant(Math.max(minute, call + 0.5)));
        if (!isTold) tell();
        return house.clocks().map(({ status, metAt, breachedAt }) => ({ status, metAt, breachedAt }));
      };

      expect(come(toldAfter)).toEqual(come(0));
    }),
    { numRuns: 300 },
  );
});
