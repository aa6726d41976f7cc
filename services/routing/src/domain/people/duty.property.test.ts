import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dutyAt } from './duty.ts';
import type { OnDuty } from './duty.ts';
import type { CalendarSource, WorkingTime } from './rules.ts';
import { compileCalendars, emptyRoster, workRuleFaults } from './working-time.ts';
import type { Roster } from './working-time.ts';

const office: WorkingTime = {
  timeZone: 'Europe/Vienna',
  hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
};
const night: WorkingTime = {
  timeZone: 'America/Sao_Paulo',
  hours: [{ days: ['sun', 'mon'], from: '22:00', to: '06:00' }],
};
const shifts: WorkingTime = {
  timeZone: 'Asia/Kathmandu',
  hours: [],
  shifts: [{ start: '2026-03-02T07:30', duration: 'PT8H', rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH' }],
};
const on = (who: Partial<OnDuty>, at: string, roster: Roster = emptyRoster): boolean =>
  dutyAt({ team: 'default', ...who }, roster, Date.parse(at)).on;

describe('duty', () => {
  it('given nothing said, then it is at any time', () => {
    expect(dutyAt({ team: 'default' }, emptyRoster, 0)).toEqual({ on: true, until: Infinity });
  });

  it('given weekly hours in a zone, then offers are made within them, and no longer shortly before they end', () => {
    const who = { workingTime: office, stopOffersBefore: 'PT15M' };
    // Vienna is an hour ahead of UTC in winter.
    for (const [at, expected] of [
      ['2026-03-02T07:59:59.999Z', false],
      ['2026-03-02T08:00:00.000Z', true],
      ['2026-03-02T15:44:59.999Z', true],
      ['2026-03-02T15:45:00.000Z', false],
      ['2026-03-07T12:00:00.000Z', false],
      // Summer time began on 29 March.
      ['2026-03-30T07:00:00.000Z', true],
    ] as const)
      expect([at, on(who, at)]).toEqual([at, expected]);
  });

  it('given a night shift in another zone, and shifts by a rule, then the next day counts', () => {
    expect(on({ workingTime: night }, '2026-03-02T08:59:00.000Z')).toBe(true);
    expect(on({ workingTime: night }, '2026-03-02T09:00:00.000Z')).toBe(false);
    expect(on({ workingTime: shifts }, '2026-03-02T01:45:00.000Z')).toBe(true);
    expect(on({ workingTime: shifts }, '2026-03-09T01:45:00.000Z')).toBe(false);
    expect(on({ workingTime: shifts }, '2026-03-16T09:44:00.000Z')).toBe(true);
  });

  it('given an absence, then no offers are made in it, nor shortly before', () => {
    const absences = [{ absenceId: 'x', startsAt: '2026-03-02T10:00:00.000Z', endsAt: '2026-03-03T00:00:00.000Z' }];
    const who = { absences, stopOffersBefore: 'PT30M' };
    expect(on(who, '2026-03-02T09:29:59.000Z')).toBe(true);
    expect(on(who, '2026-03-02T09:30:00.000Z')).toBe(false);
    expect(on(who, '2026-03-02T23:59:59.000Z')).toBe(false);
    expect(on(who, '2026-03-03T00:00:00.000Z')).toBe(true);
  });

  it("given no word of their own, then the team's counts, with its calendar of sla's; one nobody knows is open", () => {
    const calendars = compileCalendars(
      new Map<string, CalendarSource>([
        ['office', office],
        ['both', { union: ['office', 'night'] }],
        ['night', night],
        ['lost', { union: ['office', 'gone'] }],
        ['ring', { union: ['ring'] }],
      ]),
    );
    const roster = { calendars, teams: new Map([['motor', { calendarId: 'both', stopOffersBefore: 'PT1H' }]]) };
    const sunday = '2026-03-01T12:00:00.000Z';
    expect(on({ team: 'motor' }, sunday, roster)).toBe(false);
    expect(on({ team: 'motor' }, '2026-03-02T07:30:00.000Z', roster)).toBe(true);
    expect(on({ team: 'motor', calendarId: 'always' }, sunday, roster)).toBe(true);
    expect(on({ team: 'motor', workingTime: office }, '2026-03-02T15:30:00.000Z', roster)).toBe(false);
    for (const id of ['lost', 'ring', 'never']) expect(on({ calendarId: id }, sunday, roster)).toBe(true);
  });

  it('given anybody, then the answer holds until when it says, and is another one or asked again after that', () => {
    const ms = fc.integer({ min: Date.parse('2026-03-01'), max: Date.parse('2026-04-15') });
    const absence = fc.tuple(ms, fc.integer({ min: 1, max: 3e8 })).map(([from, length]) => ({
      absenceId: 'x',
      startsAt: new Date(from).toISOString(),
      endsAt: new Date(from + length).toISOString(),
    }));
    const who = fc.record({
      team: fc.constant('t'),
      workingTime: fc.constantFrom(undefined, office, night, shifts),
      stopOffersBefore: fc.constantFrom(undefined, 'PT10M', 'PT3H'),
      absences: fc.array(absence, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(who, ms, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (one, now, share) => {
        const duty = dutyAt(one, emptyRoster, now);
        expect(duty.until).toBeGreaterThan(now);
        const later = now + Math.floor((Math.min(duty.until, now + 3e8) - now) * share);
        expect(dutyAt(one, emptyRoster, later).on).toBe(duty.on);
      }),
      { numRuns: 300 },
    );
  });
});

describe('working time that cannot be', () => {
  const shift = (start: string, rule: string) => ({ start, duration: 'PT8H', rule });

  it.each([
    ['workingTime.timeZone', { workingTime: { ...office, timeZone: 'Mars/Base' } }],
    ['workingTime.hours', { workingTime: { timeZone: 'UTC', hours: [] } }],
    ['workingTime.hours.1', { workingTime: { ...office, hours: [...office.hours, ...office.hours] } }],
    ['calendarId', { workingTime: office, calendarId: 'always' }],
    [
      'workingTime.shifts.1',
      {
        workingTime: {
          timeZone: 'UTC',
          hours: [],
          shifts: [shift('2026-03-02T08:00', 'FREQ=DAILY'), shift('2027-01-01T15:59', 'FREQ=YEARLY')],
        },
      },
    ],
    [
      'workingTime.shifts.1',
      {
        workingTime: {
          timeZone: 'UTC',
          hours: [],
          shifts: [shift('2020-01-01T08:00', 'FREQ=DAILY'), shift('2026-03-02T10:00', 'FREQ=WEEKLY')],
        },
      },
    ],
    [
      'workingTime.shifts.0.rule',
      { workingTime: { timeZone: 'UTC', hours: [], shifts: [shift('2026-03-02T08:00', 'X')] } },
    ],
  ])('names %s', (field, rules) => {
    expect(workRuleFaults(rules)).toMatchObject([{ field }]);
  });

  it('lets shifts touch', () => {
    const touching = [shift('2026-03-02T08:00', 'FREQ=DAILY'), shift('2026-03-02T16:00', 'FREQ=DAILY')];
    expect(workRuleFaults({ workingTime: { timeZone: 'UTC', hours: [], shifts: touching } })).toEqual([]);
  });
});
