import { instantAfter } from '@switchboard/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { calendarOf } from '../configuration.ts';
import { reading } from './measure.ts';
import type { ClockState } from './state.ts';

const MINUTE = 60_000;
/** A Thursday morning, so that evenings and a weekend lie ahead. */
const origin = Date.parse('2026-11-19T08:00:00.000Z');
const hours: Readonly<Record<number, number>> = { 1: 2, 2: 4, 3: 8, 4: 16, 5: 40 };
const targets = { resolution: Object.fromEntries(Object.entries(hours).map(([at, h]) => [at, `PT${String(h)}H`])) };

const step = fc.oneof(
  fc.constantFrom('open', 'pending', 'on-hold').map((status) => ({ status })),
  fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })),
);
const life = fc.record({
  calendarId: fc.constantFrom('always', 'office'),
  /** Minutes that pass before each step. */
  steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), step), { maxLength: 12 }),
  after: fc.integer({ min: 0, max: 4000 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

/** Vienna is an hour ahead of UTC in November: the origin is nine o'clock there, and Thursday is day 3. */
function isOpen(calendarId: string, minute: number): boolean {
  if (calendarId === 'always') return true;
  const wall = 9 * 60 + minute;
  const day = (3 + Math.floor(wall / 1440)) % 7;
  return day < 5 && wall % 1440 >= 9 * 60 && wall % 1440 < 17 * 60;
}

/**
 * The same counted minute by minute: used minutes, the promise, and the minute at which it was broken. `stoodAtZero`: it
 * stood still in the very minute at which nothing was left, which is as good a minute as the one at which it went on.
 */
function model({ calendarId, steps, after }: Life) {
  const changes = new Map<number, Life['steps'][number][1]>();
  let end = 0;
  for (const [pause, change] of steps) changes.set((end += pause), change);
  end += after;
  let [status, priority, used] = ['open', 3, 0];
  let brokenAt: number | undefined;
  let stoodAtZero = false;
  for (let minute = 0; ; minute += 1) {
    const change = changes.get(minute);
    if (change !== undefined && 'status' in change) status = change.status;
    else if (change !== undefined && brokenAt === undefined) priority = change.priority;
    const promised = (hours[priority] ?? 0) * 60;
    // Standing still it is in time as long as it has used no more than is promised now.
    if (brokenAt === undefined && (status === 'open' ? used >= promised : used > promised)) brokenAt = minute;
    stoodAtZero ||= brokenAt === undefined && status !== 'open' && used === promised;
    if (minute >= end) return { used, brokenAt, stoodAtZero, targetMs: promised * MINUTE };
    if (status === 'open' && isOpen(calendarId, minute)) used += 1;
  }
}

const instant = (minute: number): string => new Date(origin + minute * MINUTE).toISOString();

/** Lives it: before each step the timers due by then have fired. */
function live({ calendarId, steps, after }: Life): { house: House; clock: ClockState; end: Date } {
  const house = createHouse(configurationOf({ default: { calendarId, targets } }));
  const story = createStory(house);
  story.opens(instant(0));
  let minute = 0;
  for (const [pause, change] of steps) {
    minute += pause;
    house.until(new Date(origin + minute * MINUTE - 1).toISOString());
    if ('status' in change) story.becomes(change.status, instant(minute));
    else story.getsPriority(change.priority, instant(minute));
  }
  minute += after;
  house.until(instant(minute));
  const clock = house.clocks()[0];
  if (clock === undefined) throw new Error('no clock was started');
  return { house, clock, end: new Date(instant(minute)) };
}

describe('a clock that is paused, resumed and given other priorities', () => {
  test('used and left time make up the target, and agree with counting minutes', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock, end } = live(given);
        const { elapsedMs, remainingMs } = reading(house.configuration, clock, end);

        expect(elapsedMs + remainingMs).toBe(clock.targetMs);
        expect(elapsedMs).toBe(model(given).used * MINUTE);
      }),
      { numRuns: 200 },
    );
  });

  test('is due when what is left has passed, and has no due time while paused', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock, end } = live(given);
        const calendar = calendarOf(house.configuration, clock.calendarId);
        const { remainingMs } = reading(house.configuration, clock, end);

        if (clock.status === 'paused') expect(clock.dueAt).toBeUndefined();
        if (clock.status !== 'running') return;
        expect(remainingMs).toBeGreaterThan(0);
        expect(clock.dueAt).toBe((instantAfter(calendar, end, remainingMs) as Date).toISOString());
        expect(clock.targetMs).toBe(model(given).targetMs);
      }),
      { numRuns: 200 },
    );
  });

  test('breaches exactly once, at the minute at which the promise was broken', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock } = live(given);
        const { brokenAt, stoodAtZero } = model(given);
        fc.pre(!stoodAtZero);
        const breaches = house.events.filter(({ type }) => type === 'switchboard.sla.v1.ClockBreached');

        expect(breaches).toHaveLength(brokenAt === undefined ? 0 : 1);
        expect(clock.breachedAt).toBe(brokenAt === undefined ? undefined : instant(brokenAt));
      }),
      { numRuns: 200 },
    );
  });

  test('says one event for each version', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock } = live(given);

        expect(house.events.map(({ sequence }) => sequence)).toEqual(house.events.map((_, index) => index + 1));
        expect(house.events).toHaveLength(clock.version);
      }),
      { numRuns: 100 },
    );
  });
});
