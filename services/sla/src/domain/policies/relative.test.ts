import { DAYS } from '@switchboard/calendar';
import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import type { RelativeTime } from './state.ts';

describe('a target on a day', () => {
  test.each<[string, RelativeTime, string, string]>([
    ['its end in the morning', { businessDays: 0, at: 'end' }, '2026-11-23T20:00:00.000Z', '2026-11-24T05:00:00.000Z'],
    ['so from within it', { businessDays: 0, at: 'end' }, '2026-11-24T02:00:00.000Z', '2026-11-24T05:00:00.000Z'],
    ['the next opening', { businessDays: 1, at: 'start' }, '2026-11-23T22:00:00.000Z', '2026-11-24T21:00:00.000Z'],
    [
      'so from after midnight',
      { businessDays: 1, at: 'start' },
      '2026-11-24T02:00:00.000Z',
      '2026-11-24T21:00:00.000Z',
    ],
    ['the end of the next', { businessDays: 1, at: 'end' }, '2026-11-24T02:00:00.000Z', '2026-11-25T05:00:00.000Z'],
    ['by day the next', { businessDays: 0, at: 'start' }, '2026-11-24T11:00:00.000Z', '2026-11-24T21:00:00.000Z'],
    [
      'after the last, the next week',
      { businessDays: 1, at: 'end' },
      '2026-11-28T02:00:00.000Z',
      '2026-12-01T05:00:00.000Z',
    ],
  ])('where people work at night, is %s', (_what, resolution, startedAt, due) => {
    const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '22:00', to: '06:00' }];
    const night = { timeZone: 'Europe/Vienna', hours };
    const policy = { order: 1, calendarId: 'night', targets: { resolution } };
    const house = createHouse(configurationOf({ own: policy }, { night }));
    createStory(house).opens(startedAt);
    expect(house.clocks()[0]?.dueAt).toBe(due);
  });

  test.each<[RelativeTime, string]>([
    [{ businessDays: 0, at: 'end' }, '2026-11-23T23:00:00.000Z'],
    [{ businessDays: 1, at: 'start' }, '2026-11-23T23:00:00.000Z'],
  ])('where it never closes, days end and begin at midnight: %j', (resolution, due) => {
    const house = createHouse(
      configurationOf(
        { own: { order: 1, calendarId: 'open', targets: { resolution } } },
        { open: { timeZone: 'Europe/Vienna', hours: [{ days: DAYS, from: '00:00', to: '24:00' }] } },
      ),
    );
    createStory(house).opens(at('08:00'));
    expect(house.clocks()[0]?.dueAt).toBe(due);
  });

  test('warns of no share where nothing is open until then', () => {
    const resolution: RelativeTime = { businessDays: 0, at: 'start' };
    const house = createHouse(
      configurationOf({ own: { order: 1, calendarId: 'office', warnAt: [0.5], targets: { resolution } } }),
    );
    createStory(house).opens('2026-11-22T20:00:00.000Z');
    house.until('2026-11-23T07:59:00.000Z');
    expect(house.clocks()).toMatchObject([{ status: 'running', warned: [], targetMs: 0 }]);
    house.until('2026-11-23T08:00:00.000Z');
    expect(house.clocks()).toMatchObject([{ status: 'breached', warned: [] }]);
  });
});
