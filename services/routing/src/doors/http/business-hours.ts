/** Hours as REST takes them, wherever a definition carries its own. */
import { DAYS } from '@switchboard/calendar';
import { isoDuration, nonEmptyText, safeText, timeZone } from '@switchboard/contracts';
import { z } from 'zod';

const date = nonEmptyText(10).describe('YYYY-MM-DD');
const timeOfDay = nonEmptyText(5).describe('HH:MM, 00:00 to 24:00; before `from` it is the next day');
const times = { from: timeOfDay, to: timeOfDay };
const name = safeText(200).optional();

const publicHolidays = z.object({
  country: nonEmptyText(2).describe('ISO 3166-1'),
  region: nonEmptyText(10).optional().describe('the part of ISO 3166-2 after the hyphen'),
});

export const businessHours = z.strictObject({
  timeZone,
  hours: z
    .array(z.strictObject({ days: z.array(z.enum(DAYS)).min(1).max(7), ...times }))
    .max(50)
    .default([]),
  shifts: z
    .array(
      z.strictObject({
        start: nonEmptyText(16).describe('the first one, by the clock on the wall: YYYY-MM-DDTHH:MM'),
        duration: isoDuration,
        rule: nonEmptyText(500).optional().describe('RRULE of RFC 5545: FREQ=WEEKLY;BYDAY=MO,TU'),
        except: z.array(date).max(1000).optional(),
      }),
    )
    .max(100)
    .optional()
    .describe('times that repeat by a rule'),
  holidays: z
    .union([z.array(z.union([publicHolidays, z.object({ date, name })])).max(1000), publicHolidays])
    .optional()
    .describe('closed days, one by one or the public ones of countries and regions'),
  exceptions: z
    .array(
      z.strictObject({
        date,
        name,
        hours: z.array(z.strictObject(times)).max(20).optional(),
        closed: z.literal(true).optional(),
      }),
    )
    .max(1000)
    .optional()
    .describe('days of their own; they win over holidays'),
});
