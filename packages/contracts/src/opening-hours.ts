/** Opening hours as REST takes them, wherever a definition carries its own. What they mean: `@switchboard/calendar`. */
import { z } from 'zod';
import { isoDuration, nonEmptyText, safeText } from './vocabulary.ts';

const timeOfDay = nonEmptyText(5).describe('HH:MM, 00:00 to 24:00; before `from` it is the next day');
const date = nonEmptyText(10).describe('YYYY-MM-DD');
const times = { from: timeOfDay, to: timeOfDay };
const name = safeText(200).optional();

const publicHolidays = z.object({
  country: nonEmptyText(2).describe('ISO 3166-1'),
  region: nonEmptyText(10).optional().describe('the part of ISO 3166-2 after the hyphen'),
});

/** Fields of a body, all optional: the week, shifts, holidays, days of their own. */
export const openingHours = {
  hours: z
    .array(
      z.object({
        days: z
          .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
          .min(1)
          .max(7),
        ...times,
      }),
    )
    .max(50)
    .optional(),
  shifts: z
    .array(
      z.object({
        start: nonEmptyText(16).describe('the first one, by the clock on the wall: YYYY-MM-DDTHH:MM'),
        duration: isoDuration,
        rule: nonEmptyText(500).optional().describe('RRULE of RFC 5545: FREQ=WEEKLY;BYDAY=MO,TU'),
        except: z.array(date).max(1000).optional(),
      }),
    )
    .max(100)
    .optional()
    .describe('working time that repeats by a rule'),
  holidays: z
    .union([z.array(z.union([publicHolidays, z.object({ date, name })])).max(1000), publicHolidays])
    .optional()
    .describe('days closed: given one by one, the public holidays of countries or regions, or both'),
  exceptions: z
    .array(
      z.object({
        date,
        name,
        hours: z.array(z.object(times)).max(20).optional().describe('what begins on the day, instead of the usual'),
        closed: z.literal(true).optional(),
      }),
    )
    .max(1000)
    .optional()
    .describe('days of their own: half days, extra openings, closed days; they win over holidays'),
};
