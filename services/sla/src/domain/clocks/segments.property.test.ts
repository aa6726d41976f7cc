/** Segments against a recomputation from the facts, minute by minute. */
import { compileCalendar } from '@switchboard/calendar';
import type { BusinessHours, Calendar, CalendarDefinition } from '@switchboard/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { booked, openBook } from '../calendars/book.ts';
import type { Configuration } from '../configuration.ts';
import { reading } from './measure.ts';
import { labelled } from './segments.ts';
import type { ClockState } from './state.ts';

const MINUTE = 60_000;
/** A Thursday. */
const origin = Date.parse('2026-11-19T08:00:00.000Z');
const instant = (minute: number): string => new Date(origin + minute * MINUTE).toISOString();

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const daily = (from: number, to: number): BusinessHours => ({
  timeZone: 'UTC',
  hours: [{ days: [...week], from: `${String(from).padStart(2, '0')}:00`, to: `${String(to).padStart(2, '0')}:00` }],
});
function compiled({ definition }: { readonly definition: CalendarDefinition }): Calendar {
  const result = compileCalendar(definition);
  if (!result.ok) throw new Error(result.errors.map(({ reason }) => reason).join());
  return result.calendar;
}

/** Hours by calendar and version. */
const hours: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  office: [
    [9, 17],
    [8, 12],
    [0, 24],
  ],
  'team-night': [[18, 23]],
  gold: [[6, 22]],
};
const targetHours: Readonly<Record<number, number>> = { 1: 1, 2: 3, 3: 8, 4: 16, 5: 30 };
const resolution = Object.fromEntries(Object.entries(targetHours).map(([at, h]) => [at, `PT${String(h)}H`]));

const turn = fc.oneof(
  fc.constantFrom('open', 'pending', 'on-hold').map((status) => ({ status })),
  fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })),
  fc.constantFrom('', 'day', 'night').map((team) => ({ team })),
  fc.constantFrom('gold', 'iron').map((tier) => ({ tier })),
);
const life = fc.record({
  turns: fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), turn), { maxLength: 12 }),
  /** How late news of teams and customers is, minutes: other topics than that of the case. */
  late: fc.integer({ min: 0, max: 300 }),
  /** When versions 2 and 3 of the office begin. */
  versions: fc.tuple(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 1500 })),
  after: fc.integer({ min: 0, max: 2000 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

function configure({ versions: [second, third] }: Life): Configuration {
  const policies = {
    default: {
      calendarId: 'office',
      calendarFrom: ['"team-" + team.id', 'customer.tier'],
      targets: { resolution },
      warnAt: [],
    },
  };
  const calendars = Object.fromEntries(
    Object.entries(hours).map(([id, [first]]) => [id, daily(...(first ?? [0, 24]))]),
  );
  const office = (hours['office'] ?? []).map((span, n) => ({
    ...{ calendarId: 'office', version: n + 1, definition: daily(...span) },
    from: new Date(instant([-1, second, second + third][n] ?? 0)),
  }));
  const others = Object.entries(calendars)
    .filter(([calendarId]) => calendarId !== 'office')
    .map(([calendarId, definition]) => ({ calendarId, version: 1, definition, from: new Date(0) }));
  const rows = [...office, ...others].map((row) => booked(row, compiled));
  return { ...configurationOf(policies, calendars), book: openBook(rows, new Set(Object.keys(calendars))) };
}

interface Minute {
  readonly status: string;
  readonly priority: number;
  readonly team: string;
  readonly tier: string;
}

/** What the case is in each minute, by the facts alone. */
function situations({ turns, after }: Life): Minute[] {
  let now: Minute = { status: 'open', priority: 3, team: '', tier: '' };
  const all: Minute[] = [];
  for (const [pause, change] of turns) {
    for (let n = 0; n < pause; n += 1) all.push(now);
    now = { ...now, ...change };
  }
  for (let n = 0; n < after; n += 1) all.push(now);
  return all;
}

const calendarIn = ({ team, tier }: Minute): string =>
  team === 'night' ? 'team-night' : tier === 'gold' ? 'gold' : 'office';
function versionIn(calendarId: string, minute: number, [second, third]: Life['versions']): number {
  return calendarId !== 'office' || minute < second ? 1 : minute < second + third ? 2 : 3;
}
function isOpen(calendarId: string, version: number, minute: number): boolean {
  const [from, to] = hours[calendarId]?.[version - 1] ?? [0, 0];
  const hour = ((8 * 60 + minute) % 1440) / 60;
  return from <= hour && hour < to;
}

/** Tells the facts; those of other topics late, but each topic in its own order. */
function live(given: Life): { house: House; clock: ClockState; end: Date } {
  const house = createHouse(configure(given));
  const story = createStory(house);
  story.opens(instant(0));
  story.isAttributed(instant(0), { tier: '' });
  let minute = 0;
  const tellings = given.turns.map(([pause, change], n) => {
    minute += pause;
    const at = instant(minute);
    const tell = (): void => {
      if ('status' in change) story.becomes(change.status, at);
      else if ('priority' in change) story.getsPriority(change.priority, at);
      else if ('team' in change) story.isHeldBy(change.team, at);
      else story.hasCustomer(at, { tier: change.tier });
    };
    return { tell, n, when: minute + ('status' in change || 'priority' in change ? 0 : given.late) };
  });
  for (const { tell } of tellings.sort((a, b) => a.when - b.when || a.n - b.n)) tell();
  const clock = house.clocks()[0];
  if (clock === undefined) throw new Error('no clock was started');
  return { house, clock, end: new Date(instant(minute + given.after)) };
}

/** What a recomputation says of one minute. */
function expectedIn(given: Life, minute: number, now: Minute) {
  const calendarId = calendarIn(now);
  const counting = now.status === 'open';
  return {
    state: counting ? 'counting' : 'paused',
    reason: counting ? undefined : now.status,
    team: now.team === '' ? undefined : now.team,
    tier: now.tier === '' ? undefined : now.tier,
    priority: now.priority,
    targetMs: (targetHours[now.priority] ?? 0) * 60 * MINUTE,
    // Nothing is counted in a pause, on no calendar.
    ...(counting ? { calendarId, calendarVersion: versionIn(calendarId, minute, given.versions) } : {}),
  };
}

describe('the segments of a clock', () => {
  test('follow one another without gaps, and each minute has the labels that the facts give it', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock, end } = live(given);
        if (clock.status === 'breached') return;
        const segments = labelled(clock, house.caseOf('case-1'), house.configuration);

        expect(segments[0]?.from).toBe(clock.startedAt);
        expect(segments.slice(1).map(({ from }) => from)).toEqual(segments.slice(0, -1).map(({ to }) => to));
        situations(given).forEach((now, minute) => {
          const at = instant(minute);
          if (at >= end.toISOString()) return;
          const segment = segments.findLast(({ from }) => from <= at);
          const expected = expectedIn(given, minute, now);
          expect({ ...expected, ...segment }).toEqual({ ...segment, ...expected });
        });
      }),
      { numRuns: 60 },
    );
  });

  test('have used as much of the target as counting the minutes gives', () => {
    fc.assert(
      fc.property(life, (given) => {
        const { house, clock, end } = live(given);
        const used = situations(given).filter((now, minute) => {
          const calendarId = calendarIn(now);
          return now.status === 'open' && isOpen(calendarId, versionIn(calendarId, minute, given.versions), minute);
        }).length;

        if (clock.status !== 'breached') expect(reading(house.configuration, clock, end).elapsedMs).toBe(used * MINUTE);
      }),
      { numRuns: 100 },
    );
  });
});
