/** `/v1/calendars` */
import { DAYS } from '@switchboard/calendar';
import { nonEmptyText, safeText } from '@switchboard/contracts';
import { configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { checkCalendar } from '../../domain/check.ts';
import { calendars } from '../../store/schema.ts';

const timeOfDay = nonEmptyText(5).describe('HH:MM, 00:00 to 24:00');

export const calendarBody = z.object({
  timeZone: nonEmptyText(64).describe('IANA name, as in Europe/Vienna'),
  hours: z
    .array(z.object({ days: z.array(z.enum(DAYS)).min(1).max(7), from: timeOfDay, to: timeOfDay }))
    .min(1)
    .max(50),
  holidays: z
    .union([
      z.array(z.object({ date: nonEmptyText(10).describe('YYYY-MM-DD'), name: safeText(200).optional() })).max(1000),
      z.object({
        country: nonEmptyText(2).describe('ISO 3166-1'),
        region: nonEmptyText(10).optional().describe('the part of ISO 3166-2 after the hyphen'),
      }),
    ])
    .optional()
    .describe('days closed: given one by one, or the public holidays of a country or region'),
});

export const calendarRoutes = configurationRoutes({
  path: '/v1/calendars',
  kind: 'calendar',
  table: calendars,
  body: calendarBody,
  read: 'sla:read',
  write: 'sla:write',
  check: checkCalendar,
});
