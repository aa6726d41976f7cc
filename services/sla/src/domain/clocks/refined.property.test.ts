/** Clocks whose course is refined by conditions, against counting minutes one by one; and told in any order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { elapsedMs } from './measure.ts';
import { labelled } from './segments.ts';
import type { ClockConditions, PlainTarget, PolicyDefinition, TargetTime } from '../policies/state.ts';

const MINUTE = 60_000;
const origin = Date.parse('2026-11-19T08:00:00.000Z');
const instant = (minute: number): string => new Date(origin + minute * MINUTE).toISOString();

const houseOf = (target: PlainTarget, conditions: ClockConditions): House =>
  createHouse(
    configurationOf({
      default: { warnAt: [], targets: { [target]: 'P300D' }, conditionsByTarget: { [target]: conditions } },
    }),
  );

interface Facts {
  readonly status: string;
  readonly priority: number;
  readonly step: string;
}
const first: Facts = { status: 'open', priority: 3, step: '' };
const turn = fc.oneof(
  fc.constantFrom('open', 'open', 'pending', 'resolved').map((status) => ({ status })),
  fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })),
  fc.constantFrom('', '', 'wait', 'go', 'done', 'void', 'again').map((step) => ({ step })),
);
const life = fc.record({
  conditions: fc.record({ resumes: fc.boolean(), starts: fc.boolean() }),
  turns: fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), turn), { maxLength: 14 }),
  after: fc.integer({ min: 1, max: 300 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

interface Cycle {
  from: number;
  to?: number;
  how?: 'met' | 'canceled';
  minutes: number;
}

const isStep = (name: string): string => `case.attributes["step"] == "${name}"`;
const given = ({ resumes, starts }: Life['conditions']): ClockConditions => ({
  ...(starts ? { start: 'case.priority <= 3' } : {}),
  pause: isStep('wait'),
  ...(resumes ? { resume: isStep('go') } : {}),
  stop: isStep('done'),
  cancel: `${isStep('void')} || case.priority == 5`,
  reset: isStep('again'),
});

/** What the definition of each condition says, one fact after the other. */
function cyclesOf({ conditions: { resumes, starts }, turns, after }: Life): Cycle[] {
  const all: Cycle[] = [];
  let clock: Cycle | undefined;
  let [now, minute, counting, wasReset] = [first, 0, false, false];
  const end = (how: 'met' | 'canceled'): void => {
    if (clock !== undefined) Object.assign(clock, { to: minute, how });
    clock = undefined;
  };
  const look = (): void => {
    const { status, priority, step } = now;
    const canceled = step === 'void' || priority === 5;
    if (status === 'resolved') {
      end(canceled ? 'canceled' : 'met');
      return;
    }
    if (canceled) end('canceled');
    else if (step === 'done') end('met');
    else {
      const begins = !starts || priority <= 3;
      if (step === 'again' && !wasReset && begins) end('met');
      wasReset = step === 'again';
      if (clock === undefined && begins) {
        all.push((clock = { from: minute, minutes: 0 }));
        counting = true;
      }
      const byCondition = resumes ? step !== 'go' && (!counting || step === 'wait') : step === 'wait';
      counting = status !== 'pending' && !byCondition;
    }
  };
  look();
  for (const [pause, change] of turns) {
    if (clock !== undefined && counting) clock.minutes += pause;
    minute += pause;
    now = { ...now, ...change };
    look();
  }
  if (clock !== undefined && counting) clock.minutes += after;
  return all;
}

test('given any facts, then clocks begin, stand still and end as their conditions say', () => {
  fc.assert(
    fc.property(life, (one) => {
      const house = houseOf('resolution', given(one.conditions));
      const story = createStory(house, { attributes: { step: '' } });
      let [now, minute] = [first, 0];
      story.opens(instant(0));
      for (const [pause, change] of one.turns) {
        minute += pause;
        now = { ...now, ...change };
        const { step, ...rest } = now;
        story.changes({ ...rest, attributes: { step } }, instant(minute));
      }
      const end = new Date(instant(minute + one.after));
      const told = house.clocks().map((clock) => {
        const { startedAt, metAt, canceledAt } = clock;
        return [startedAt, metAt, canceledAt, elapsedMs(house.configuration, clock, end) / MINUTE];
      });
      const expected = cyclesOf(one).map(({ from, to = 0, how, minutes }) => [
        instant(from),
        how === 'met' ? instant(to) : undefined,
        how === 'canceled' ? instant(to) : undefined,
        minutes,
      ]);
      expect(told).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

const promisedLater = fc.record({
  one: life,
  /** Of a target or of a step promise; since it was not promised at the priority, or its policy was not chosen. */
  isPromise: fc.boolean(),
  isPolicy: fc.boolean(),
  /** After how many facts the customer is told of, and how many minutes late. */
  known: fc.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 400 })),
});

/** The clocks that are not over. */
const running = (house: House): unknown[] =>
  house
    .clocks()
    .filter(({ metAt, canceledAt }) => (metAt ?? canceledAt) === undefined)
    .map(({ startedAt, segments, extras }) => ({ startedAt, segments, held: extras?.held }));

test('given promises that are made later, then they go on as if they had been made from the first', () => {
  fc.assert(
    fc.property(promisedLater, ({ one, isPromise, isPolicy, known: [after, lateBy] }) => {
      const conditions = given(one.conditions);
      const step = {
        ...conditions,
        name: 'step',
        start: 'case.priority <= 3',
        stop: isStep('done'),
        pauseIn: ['pending'],
      };
      const promising = (target: TargetTime): Partial<PolicyDefinition> =>
        isPromise
          ? { targets: {}, promises: [{ ...step, target }] }
          : { targets: { resolution: target }, conditionsByTarget: { resolution: conditions } };
      const always = createHouse(configurationOf({ own: { order: 1, warnAt: [], ...promising('P300D') } }));
      const times = { 1: 'P300D', 3: 'P300D', 4: 'P300D', 5: 'P300D' };
      const own = isPolicy ? { match: 'customer.tier == "gold"', ...promising('P300D') } : promising(times);
      const later = createHouse(configurationOf({ default: { targets: {} }, own: { order: 1, warnAt: [], ...own } }));
      const stories = [always, later].map((house) => createStory(house, { attributes: { step: '' } }));
      const [, told] = stories;

      let [now, minute] = [first, 0];
      for (const story of stories) story.opens(instant(0));
      [undefined, ...one.turns].forEach((turn, n) => {
        if (turn !== undefined) {
          minute += turn[0];
          now = { ...now, ...turn[1] };
          const { step, ...rest } = now;
          for (const story of stories) story.changes({ ...rest, attributes: { step } }, instant(minute));
        }
        if (n === after) told?.isAttributed(instant(Math.max(0, minute - lateBy)), { tier: 'gold' });
        const isPromised = isPolicy ? n >= after : now.priority !== 2;
        expect([n, running(later)]).toEqual([n, isPromised ? running(always) : []]);
      });
    }),
    { numRuns: 300 },
  );
});

const late = fc.record({
  facts: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.oneof(
        fc.constantFrom('open', 'pending').map((status) => ({ status })),
        fc.integer({ min: 1, max: 4 }).map((priority) => ({ priority })),
        fc.constantFrom('', 'go').map((step) => ({ step })),
        fc.constantFrom('gold', 'iron').map((tier) => ({ tier })),
      ),
    ),
    { maxLength: 12 },
  ),
  /** How late customers are told of, minutes. */
  by: fc.integer({ min: 0, max: 400 }),
});

test('given news of customers that come late, then what stood still is what would have in order', () => {
  fc.assert(
    fc.property(late, ({ facts, by }) => {
      const pause = 'customer.tier == "iron" && case.priority > 2 && case.attributes["step"] != "go"';
      const house = houseOf('resolution', { pause });
      const story = createStory(house, { attributes: { step: '' } });
      story.opens(instant(0));
      story.isAttributed(instant(0), { tier: 'gold' });
      let minute = 0;
      const tellings = facts.map(([pause, change], n) => {
        const at = (minute += pause);
        const tell = (): void => {
          if ('status' in change) story.becomes(change.status, instant(at));
          else if ('priority' in change) story.getsPriority(change.priority, instant(at));
          else if ('step' in change) story.changes({ attributes: change }, instant(at));
          else story.hasCustomer(instant(at), { tier: change.tier, version: n + 2 });
        };
        return { tell, n, when: at + ('tier' in change ? by : 0) };
      });
      for (const { tell } of tellings.sort((a, b) => a.when - b.when || a.n - b.n)) tell();

      const [clock] = house.clocks();
      if (clock === undefined) throw new Error('no clock began');
      const segments = labelled(clock, house.caseOf('case-1'), house.configuration);
      let now = { status: 'open', priority: 3, tier: 'gold', step: '' };
      let at = 0;
      for (const [pause, change] of [...facts, [1, {}] as const]) {
        const held = now.tier === 'iron' && now.priority > 2 && now.step !== 'go';
        const expected = now.status === 'pending' || held ? 'paused' : 'counting';
        const shown = segments.findLast(({ from }) => from <= instant(at))?.state;
        expect([at, shown]).toEqual([at, expected]);
        at += pause;
        now = { ...now, ...change };
      }
    }),
    { numRuns: 300 },
  );
});

const answers = fc.record({
  facts: fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('answer', 'call', 'call', 'ends')), {
    maxLength: 6,
  }),
  how: fc.constantFrom<'stop' | 'cancel'>('stop', 'cancel'),
  turns: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
});

test('given a condition and answers told in any order, then whichever was earlier ended the promise', () => {
  fc.assert(
    fc.property(answers, ({ facts: all, how, turns }) => {
      const house = houseOf('firstResponse', { [how]: 'case.priority == 5' });
      const story = createStory(house, { channel: 'phone' });
      story.opens(instant(0));
      let minute = 0;
      const facts = all.map(([pause, fact]) => [(minute += pause), fact] as const);
      const left = [facts.filter(([, fact]) => fact === 'call'), facts.filter(([, fact]) => fact !== 'call')];
      for (let n = 0; left.some((topic) => topic.length > 0); n += 1) {
        const [one, other] = turns[n % turns.length] === true ? left : left.toReversed();
        const [at, fact] = one?.shift() ?? other?.shift() ?? [0, ''];
        if (fact === 'answer') story.agentAnswers(instant(at));
        else if (fact === 'call') story.isAccepted(instant(at));
        else story.getsPriority(5, instant(at));
      }
      const [end] = facts;
      const ended = end && { [end[1] === 'ends' && how === 'cancel' ? 'canceledAt' : 'metAt']: instant(end[0]) };
      expect(house.clocks('firstResponse')).toMatchObject([{ startedAt: instant(0), ...ended }]);
      expect(house.clocks('firstResponse').flatMap(({ metAt, canceledAt }) => metAt ?? canceledAt ?? [])).toHaveLength(
        end === undefined ? 0 : 1,
      );
    }),
    { numRuns: 300 },
  );
});
