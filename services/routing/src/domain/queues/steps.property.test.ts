import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from './compile-queue.ts';
import type { QueueDefinition, TargetDefinition } from './definition.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Facts } from '../work/state.ts';
import { stepOf } from './steps.ts';
import type { Live, Step } from './steps.ts';

const MONDAY = Date.parse('2026-03-02T09:00:00.000Z');
const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

const level = fc.record({ vip: fc.integer({ min: 1, max: 5 }) });
const seconds = fc.integer({ min: 1, max: 100 }).map((n) => `PT${String(n)}S`);
const target: fc.Arbitrary<TargetDefinition> = fc.record(
  {
    requirements: fc.constantFrom('"de" in agent.languages', 'case.priority < 3 || agent.id == "anna"'),
    levels: level,
    teams: fc.subarray(['red', 'blue'], { minLength: 1 }),
    preferredFor: seconds,
    timeout: seconds,
  },
  { requiredKeys: ['timeout'] },
);
const queue = fc
  .tuple(fc.array(target, { minLength: 1, maxLength: 6 }), fc.option(fc.constant('agent.id != "carl"')))
  .map(([targets, requirements]) =>
    compileQueue('q', { ...plain, requirements: requirements ?? undefined, targets: endless(targets) }),
  );

const endless = (targets: readonly TargetDefinition[]): TargetDefinition[] =>
  targets.map((one, n) => (n === targets.length - 1 ? { ...one, timeout: undefined } : one));

const agents: fc.Arbitrary<AgentFacts> = fc.record({
  id: fc.constantFrom('anna', 'bert', 'carl'),
  team: fc.constantFrom('red', 'blue', 'green'),
  skills: level,
  languages: fc.subarray(['de', 'pt']),
  territories: fc.constant([]),
  products: fc.constant([]),
});
const facts = fc.integer({ min: 1, max: 5 }).map((priority): Facts => ({
  case: caseFacts('1', { priority }),
  contact: { channel: 'phone', attributes: {} },
  customer: {},
}));

const everybody: Live = {
  isAvailable: () => true,
  isPassedOver: () => false,
  hasQueue: () => true,
  availableIn: () => 1,
};
const after = fc.nat(700_000);

/** Whether an agent would be asked at a step. */
const asks = ({ serves, preferred }: Step, matter: Facts, agent: AgentFacts): boolean =>
  (preferred === undefined || preferred === agent.id) && (serves?.(matter, agent) ?? true);

describe('the way through a queue', () => {
  it('given any targets, then whoever may serve it at one time may at any later one', () => {
    fc.assert(
      fc.property(
        queue,
        fc.tuple(agents, facts),
        fc.tuple(after, after),
        fc.boolean(),
        (course, [agent, matter], times, likes) => {
          const item = { enqueuedAt: MONDAY, preferredAgentId: likes ? 'anna' : undefined };
          const [early, late] = [Math.min(...times), Math.max(...times)].map((ms) =>
            stepOf(course, item, MONDAY + ms, everybody),
          );
          if (early === undefined || late === undefined) throw new Error('two steps are two');
          expect(late.index).toBeGreaterThanOrEqual(early.index);
          expect(late.stage).toBeGreaterThanOrEqual(early.stage);
          // The next target may begin with a time for the preferred agent alone; its pool is wider all the same.
          if (asks(early, matter, agent)) expect(late.serves?.(matter, agent) ?? true).toBe(true);
        },
      ),
    );
  });

  it('given any targets, then each step holds until it says, and the last one comes and stays', () => {
    fc.assert(
      fc.property(queue, fc.boolean(), (course, likes) => {
        const item = { enqueuedAt: 0, enteredAt: MONDAY, preferredAgentId: likes ? 'anna' : undefined };
        let now = MONDAY;
        const stages: number[] = [];
        for (let turn = 0; turn <= 2 * 6; turn += 1) {
          const step = stepOf(course, item, now, everybody);
          stages.push(step.stage);
          if (step.until === undefined) break;
          expect(step.until).toBeGreaterThan(now);
          expect(stepOf(course, item, step.until - 1, everybody)).toEqual(step);
          now = step.until;
        }
        expect(stepOf(course, item, now, everybody).index).toBe((course.targets?.length ?? 0) - 1);
        expect(stepOf(course, item, now, everybody).until).toBeUndefined();
        expect(stages).toEqual([...new Set(stages)].sort((a, b) => a - b));
      }),
    );
  });

  it('given targets that are passed over, then the others come in order, and the last of them stays', () => {
    fc.assert(
      fc.property(queue, fc.tuple(after, after), fc.uniqueArray(fc.nat(5)), (course, times, passed) => {
        const isPassed = (index: number): boolean => passed.includes(index);
        const live: Live = {
          ...everybody,
          isPassedOver: (_, target) => isPassed(course.targets?.indexOf(target) ?? -1),
        };
        const at = (ms: number) => stepOf(course, { enqueuedAt: MONDAY }, MONDAY + ms, live).index;
        expect(at(Math.max(...times))).toBeGreaterThanOrEqual(at(Math.min(...times)));
        const open = (course.targets ?? []).flatMap((_, index) => (isPassed(index) ? [] : [index]));
        if (open.length === 0) return;
        for (const ms of times) expect(open).toContain(at(ms));
        expect(at(1e9)).toBe(open.at(-1));
      }),
    );
  });

  it('given a preferred agent, then nobody else is asked for that long, unless they are not there', () => {
    const course = compileQueue('q', { ...plain, targets: [{ preferredFor: 'PT20S' }] });
    const item = { enqueuedAt: MONDAY, preferredAgentId: 'anna' };
    expect(stepOf(course, item, MONDAY + 19_999, everybody)).toMatchObject({
      preferred: 'anna',
      until: MONDAY + 20_000,
    });
    expect(stepOf(course, item, MONDAY + 20_000, everybody)).not.toHaveProperty('preferred');
    expect(stepOf(course, item, MONDAY, { ...everybody, isAvailable: () => false })).not.toHaveProperty('preferred');
    expect(stepOf(course, { enqueuedAt: MONDAY }, MONDAY, everybody)).not.toHaveProperty('preferred');
  });

  it('given levels, then an agent needs each of them; later targets ask for less', () => {
    const course = compileQueue('q', {
      ...plain,
      targets: [{ levels: { en: 4, de: 2 }, timeout: 'PT10S' }, { levels: { en: 2 } }],
    });
    const may = (skills: Record<string, number>, ms: number) =>
      stepOf(course, { enqueuedAt: MONDAY }, MONDAY + ms, everybody).serves?.(
        { case: caseFacts('1'), contact: { channel: 'phone', attributes: {} }, customer: {} },
        { id: 'a', team: 't', skills, languages: [], territories: [], products: [] },
      );
    expect(may({ en: 4, de: 2 }, 0)).toBe(true);
    expect(may({ en: 3, de: 5 }, 9_999)).toBe(false);
    expect(may({ en: 4 }, 9_999)).toBe(false);
    expect(may({ en: 3 }, 10_000)).toBe(true);
    expect(may({ en: 1, de: 5 }, 10_000)).toBe(false);
  });
});
