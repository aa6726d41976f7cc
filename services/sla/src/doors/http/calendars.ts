/** `/v1/calendars` */
import { instant, isoDuration, nonEmptyText, openingHours } from '@switchboard/contracts';
import type { Egress } from '@switchboard/egress';
import { configurationId, configurationRoutes } from '@switchboard/service';
import type { Routes } from '@switchboard/service';
import { z } from 'zod';
import type { CalendarSource, FeedSubscription } from '../../domain/calendars/state.ts';
import { checkCalendar } from '../../domain/policies/check.ts';
import type { SlaCommands } from '../../domain/commands.ts';
import { withFeedStates } from '../../store/calendar-queries.ts';
import { calendars } from '../../store/schema.ts';

const feed = z.object({
  url: nonEmptyText(2000).describe('an iCalendar address'),
  kind: z.enum(['closed', 'open']).optional().describe('what its events do to the calendar: closed unless set'),
  refreshEvery: isoDuration.optional().describe('PT5M to P7D; PT1H unless set'),
});

const members = z.array(configurationId).min(1).max(20);

export const calendarBody = z.object({
  timeZone: nonEmptyText(64).optional().describe('IANA name, as in Europe/Vienna'),
  ...openingHours,
  feeds: z.array(feed).max(10).optional().describe('subscribed iCalendar addresses'),
  union: members.optional().describe('instead of hours: open when any of these calendars is'),
  intersection: members.optional().describe('instead of hours: open when each of these calendars is'),
  effectiveFrom: instant.optional().describe('in the future: the calendar changes then'),
});

const instantOut = z.string();
const state = {
  triedAt: instantOut.optional(),
  lastSuccessAt: instantOut.optional(),
  lastError: z.string().optional(),
  failingSince: instantOut.optional().describe('of an outage that lasts; the last good copy counts meanwhile'),
};

const shownCalendar = calendarBody.omit({ effectiveFrom: true }).safeExtend({
  feeds: z.array(feed.safeExtend(state)).optional(),
  id: z.string(),
  version: z.int().describe('grows with every change, also of a member or of what a feed says'),
  updatedAt: instantOut,
});

export const planned = calendarBody.safeExtend({
  planId: z.string(),
  calendarId: z.string(),
  effectiveFrom: instantOut,
});

type Body = z.output<typeof calendarBody>;

export function calendarRoutes(egress: Pick<Egress, 'refusal'>): Routes<SlaCommands> {
  return configurationRoutes({
    path: '/v1/calendars',
    kind: 'calendar',
    table: calendars,
    body: calendarBody,
    resource: shownCalendar,
    read: 'sla:read',
    write: 'sla:write',
    check: (body) => [
      ...checkCalendar(body),
      ...(body.feeds ?? []).flatMap(({ url }, index) => refusalOf(egress, url, index)),
    ],
    command: ({ effectiveFrom, ...definition }: Body) => ({ definition, effectiveFrom }),
    accepts: { schema: planned, body: plannedOf },
    readAlong: (db, states) =>
      withFeedStates(
        db,
        states.map(({ id, definition }) => ({ id, definition: definition as CalendarSource })),
      ),
  });
}

function refusalOf(egress: Pick<Egress, 'refusal'>, url: FeedSubscription['url'], index: number) {
  const reason = egress.refusal(url);
  return reason === undefined ? [] : [{ field: `feeds.${String(index)}.url`, reason }];
}

/** What became of a PUT that is to hold later. */
interface PlannedReply {
  readonly calendarId: string;
  readonly plan: { readonly id: string; readonly effectiveFrom: string; readonly definition: CalendarSource };
}

const plannedOf = (reply: unknown): object | undefined =>
  'plan' in (reply as object) ? shownPlan(reply as PlannedReply) : undefined;

export function shownPlan({ calendarId, plan }: PlannedReply): z.output<typeof planned> {
  const { id, effectiveFrom, definition } = plan;
  // It came through the schema when it was put.
  return { planId: id, calendarId, effectiveFrom, ...(definition as object) };
}
