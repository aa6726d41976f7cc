import { openDuration } from '@switchboard/calendar';
import type { BusinessHours } from '@switchboard/calendar';
import { describe, expect, test } from 'vitest';
import { bookkeeper } from './configuration.ts';

const HOUR = 3_600_000;
const office: BusinessHours = { timeZone: 'UTC', hours: [{ days: ['mon'], from: '09:00', to: '17:00' }] };
const everyQuarter = {
  start: '2026-01-01T00:00',
  duration: 'PT1M',
  rule: `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, hour) => hour).join()};BYMINUTE=0,15,30,45`,
};
const hostile: BusinessHours = { timeZone: 'UTC', hours: [], shifts: Array.from({ length: 5000 }, () => everyQuarter) };
const holidays = Array.from({ length: 300 }, (_, n) => ({ date: `2${String(n + 100)}-01-01`, name: 'closed' }));

function openOnMonday(versions: readonly BusinessHours[], version: number) {
  const warned: object[] = [];
  const kept = bookkeeper({ warn: (fields: object) => void warned.push(fields) });
  versions.forEach((definition, n) => {
    kept.add({ calendarId: 'c', version: n + 1, definition, from: new Date(0) });
  });
  const calendar = () => kept.all.get(`c@${String(version)}`)?.calendar;
  const found = calendar();
  if (found === undefined) throw new Error('it was not kept');
  const hours = openDuration(found, new Date('2026-11-23T00:00:00Z'), new Date('2026-11-24T00:00:00Z')) / HOUR;
  expect(calendar()).toBe(found);
  return { hours, warned };
}

describe('kept versions of a calendar', () => {
  test('are what they were put as, however long', () => {
    expect(openOnMonday([{ ...office, holidays }], 1)).toEqual({ hours: 8, warned: [] });
  });

  test('that would take too long to look through say what the last sound one said, and are told once', () => {
    const reasons = [{ field: 'shifts', reason: expect.stringContaining('repeats too often') as string }];
    expect(openOnMonday([office, hostile, hostile], 3)).toEqual({
      hours: 8,
      warned: [
        { calendarId: 'c', version: 3, reasons },
        { calendarId: 'c', version: 2, reasons },
      ],
    });
    expect(openOnMonday([hostile], 1)).toEqual({ hours: 24, warned: [{ calendarId: 'c', version: 1, reasons }] });
  });
});
