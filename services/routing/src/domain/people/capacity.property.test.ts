import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceeded, fits, fitsAwake, unitsInUse, weightOf } from './capacity.ts';
import type { CapacityRules, HeldWork } from './capacity.ts';

const channels = ['phone', 'chat', 'email'] as const;
const channel = fc.constantFrom(...channels);
const kind = fc.constantFrom(undefined, undefined, 'claim', 'phone');

const rules: fc.Arbitrary<CapacityRules> = fc.record({
  capacity: fc.record({ phone: fc.nat(2), default: fc.nat(3) }, { requiredKeys: ['default'] }),
  units: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
  weights: fc.dictionary(fc.constantFrom('phone', 'chat', 'claim', 'default'), fc.integer({ min: 0, max: 6 })),
  interrupts: fc.dictionary(channel, fc.uniqueArray(channel, { maxLength: 3 })),
});

type Step = readonly [
  'offer' | 'pause' | 'wake' | 'end' | 'rules',
  number,
  (typeof channels)[number],
  string | undefined,
];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('offer', 'offer', 'offer', 'pause', 'wake', 'end', 'rules'),
  fc.nat(20),
  channel,
  kind,
);

/** The ledger as handlers keep it: what comes to the front goes to the end of the list. */
function turn(held: HeldWork[], by: CapacityRules, [what, n, on, of]: Step): HeldWork[] {
  const one = held[n % Math.max(1, held.length)];
  const others = held.filter((other) => other !== one);
  const work = { channel: on, kind: of };
  switch (what) {
    case 'offer':
      return fits(by, held, work) ? [...held, work] : held;
    case 'pause':
      return one === undefined ? held : held.map((each) => (each === one ? { ...each, activity: 'paused' } : each));
    case 'wake':
      if (one === undefined || (one.activity ?? 'active') === 'active') return held;
      if (fitsAwake(by, others, one)) return [...others, { ...one, activity: 'active' }];
      return held.map((each) => (each === one ? { ...each, activity: 'waking' } : each));
    case 'end':
      return others;
    case 'rules':
      return held;
  }
}

describe('the ledger', () => {
  it('given any offers, pauses, wakes, ends and new rules, then capacity is never exceeded', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1 }), fc.array(step, { maxLength: 60, size: 'max' }), (all, steps) => {
        let [by] = all as [CapacityRules];
        let held: HeldWork[] = [];
        for (const each of steps) {
          const other = all[each[1] % all.length] ?? by;
          if (each[0] === 'rules' && exceeded(other, held).length === 0) by = other;
          held = turn(held, by, each);
          const active = held.filter(({ activity = 'active' }) => activity === 'active');
          for (const on of channels) {
            const items = active.filter((one) => one.channel === on).length;
            expect(items).toBeLessThanOrEqual(
              on === 'phone' ? (by.capacity['phone'] ?? by.capacity.default) : by.capacity.default,
            );
          }
          if (by.units !== undefined) expect(unitsInUse(by, held)).toBeLessThanOrEqual(by.units);
          expect(exceeded(by, held)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('given what waits to wake, then nothing new fits; given room, then it wakes', () => {
    const by = { capacity: { default: 5 }, units: 2 };
    const paused = { channel: 'chat', activity: 'paused' } as const;
    expect(fits(by, [paused, { channel: 'chat' }], { channel: 'chat' })).toBe(true);
    const waking = { channel: 'chat', activity: 'waking' } as const;
    expect(fits(by, [waking], { channel: 'chat' })).toBe(false);
    expect(fitsAwake(by, [{ channel: 'chat' }, { channel: 'chat' }, waking], waking)).toBe(false);
    expect(fitsAwake(by, [{ channel: 'chat' }, waking], waking)).toBe(true);
  });
});

describe('units', () => {
  const by = { capacity: { default: 9 }, units: 6, weights: { phone: 6, chat: 2, claim: 3, email: 1 } };

  it('are those of the kind of work, else of the channel, else of all', () => {
    expect(weightOf(by, { channel: 'chat', kind: 'claim' })).toBe(3);
    expect(weightOf(by, { channel: 'chat', kind: 'question' })).toBe(2);
    expect(weightOf(by, { channel: 'sms' })).toBe(1);
    expect(weightOf({ ...by, weights: { default: 4 } }, { channel: 'sms' })).toBe(4);
  });

  it('are shared by all channels, and those that may be interrupted do not stand in the way', () => {
    const chats = [{ channel: 'chat' }, { channel: 'chat' }, { channel: 'chat' }];
    expect(fits(by, chats.slice(1), { channel: 'chat' })).toBe(true);
    expect(fits(by, chats, { channel: 'email' })).toBe(false);
    expect(fits(by, chats, { channel: 'phone' })).toBe(false);
    const interrupting = { ...by, interrupts: { phone: ['chat'] } };
    expect(fits(interrupting, chats, { channel: 'phone' })).toBe(true);
    const pushedAside = [...chats, { channel: 'phone' }];
    expect(unitsInUse(interrupting, pushedAside)).toBe(6);
    // What is pushed aside still counts for all others: it comes back.
    expect(fits(interrupting, pushedAside, { channel: 'email' })).toBe(false);
    expect(fits(interrupting, pushedAside, { channel: 'phone' })).toBe(false);
  });

  it('cannot be less than what is in use', () => {
    const chats = [{ channel: 'chat' }, { channel: 'chat' }];
    expect(exceeded({ ...by, units: 3 }, chats)).toEqual([{ field: 'units', reason: '4 are in use at the moment' }]);
    expect(exceeded({ capacity: { default: 1 } }, chats)).toMatchObject([{ field: 'capacity.default' }]);
    expect(exceeded({ capacity: { default: 1, chat: 1 } }, chats)).toMatchObject([{ field: 'capacity.chat' }]);
    expect(
      exceeded({ capacity: { default: 1, chat: 1 } }, [{ channel: 'chat', activity: 'paused' }, ...chats.slice(1)]),
    ).toEqual([]);
  });
});
