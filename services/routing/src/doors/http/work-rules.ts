/** What agents and teams say about their working time, as REST takes it. */
import { DAYS } from '@switchboard/calendar';
import { durationWithin, isoDuration, nonEmptyText, safeText } from '@switchboard/contracts';
import { configurationId } from '@switchboard/service';
import { z } from 'zod';

const timeOfDay = nonEmptyText(5).describe('HH:MM, 00:00 to 24:00; before from it is the next day');
const date = nonEmptyText(10).describe('YYYY-MM-DD');
const times = { from: timeOfDay, to: timeOfDay };
const name = safeText(200).optional();
const publicHolidays = z.object({
  country: nonEmptyText(2).describe('ISO 3166-1'),
  region: nonEmptyText(10).optional().describe('the part of ISO 3166-2 after the hyphen'),
});

const shift = z.object({
  start: nonEmptyText(16).describe('the first one, by the clock on the wall: YYYY-MM-DDTHH:MM'),
  duration: isoDuration,
  rule: nonEmptyText(500).optional().describe('RRULE of RFC 5545: FREQ=WEEKLY;BYDAY=MO,TU'),
  except: z.array(date).max(1000).optional(),
});

const exception = z.object({
  date,
  name,
  hours: z.array(z.object(times)).max(20).optional().describe('what begins on the day, instead of the usual'),
  closed: z.literal(true).optional(),
});

const workingTime = z.object({
  timeZone: nonEmptyText(64).describe('IANA name, as in Europe/Vienna'),
  hours: z
    .array(z.object({ days: z.array(z.enum(DAYS)).min(1).max(7), ...times }))
    .max(50)
    .default([]),
  shifts: z.array(shift).max(100).optional().describe('working time that repeats by a rule'),
  holidays: z
    .union([z.array(z.union([publicHolidays, z.object({ date, name })])).max(1000), publicHolidays])
    .optional(),
  exceptions: z.array(exception).max(1000).optional().describe('days of their own; they win over holidays'),
});

export const workRules = {
  workingTime: workingTime.optional().describe('offers are made within it alone'),
  calendarId: configurationId
    .optional()
    .describe("instead of workingTime: a calendar of sla's; one that is not known is always open"),
  stopOffersBefore: durationWithin({ most: 'P1D' })
    .optional()
    .describe('how long before the end of working time, or an absence, the last offer is made'),
  awayAfterMissed: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('who misses so many offers in a row is away; any answer, and coming back, count anew; absent: never'),
  lostWorkAfter: durationWithin({ most: 'P30D' })
    .optional()
    .describe('how long after an agent was lost their accepted work waits again'),
};
