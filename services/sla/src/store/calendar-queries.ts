/** Calendars as REST shows them beside their definitions: states of feeds, versions, plans. */
import { behind, toPage } from '@switchboard/service';
import type { Db } from '@switchboard/service';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { calendarFeedId } from '../domain/calendars/state.ts';
import type { CalendarPlan, CalendarSource } from '../domain/calendars/state.ts';
import type { PageRequest } from './clock-queries.ts';
import { calendarFeeds, calendarPlans, calendars, calendarVersions } from './schema.ts';

const given = <T>(value: T | null): T | undefined => value ?? undefined;

/** The definitions with what became of their feeds. */
export async function withFeedStates(
  db: Db,
  states: readonly { readonly id: string; readonly definition: CalendarSource }[],
): Promise<readonly object[]> {
  const ids = states.filter(({ definition }) => 'feeds' in definition).map(({ id }) => id);
  const { id, triedAt, lastSuccessAt, lastError, failingSince } = calendarFeeds;
  const rows =
    ids.length === 0
      ? []
      : await db
          .select({ id, triedAt, lastSuccessAt, lastError, failingSince })
          .from(calendarFeeds)
          .where(inArray(calendarFeeds.calendarId, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  return states.map(({ id: calendarId, definition }) => {
    if (!('feeds' in definition) || definition.feeds === undefined) return definition;
    const feeds = definition.feeds.map((feed) => {
      const row = known.get(calendarFeedId(calendarId, feed.url));
      if (row === undefined) return feed;
      return {
        ...feed,
        triedAt: given(row.triedAt),
        lastSuccessAt: given(row.lastSuccessAt),
        lastError: given(row.lastError),
        failingSince: given(row.failingSince),
      };
    });
    return { ...definition, feeds };
  });
}

/** Also of a calendar that was removed; `undefined` when there never was one. */
export async function listVersions(db: Db, calendarId: string, { limit, after }: PageRequest) {
  const rows = await db
    .select()
    .from(calendarVersions)
    .where(and(eq(calendarVersions.calendarId, calendarId), behind([calendarVersions.version], 'asc', after)))
    .orderBy(asc(calendarVersions.version))
    .limit(limit + 1);
  if (rows.length === 0 && after === undefined) return undefined;
  const { items, nextCursor } = toPage(rows, limit, ({ version }) => [version]);
  return {
    items: items.map(({ version, from, definition }) => ({
      calendarId,
      version,
      effectiveFrom: from,
      definition: definition as unknown as Record<string, unknown>,
    })),
    nextCursor,
  };
}

/** `undefined`: there is no such calendar. */
export async function listPlans(db: Db, calendarId: string): Promise<readonly CalendarPlan[] | undefined> {
  const [row] = await db
    .select({ plans: calendarPlans.plans })
    .from(calendars)
    .leftJoin(calendarPlans, eq(calendarPlans.id, calendars.id))
    .where(eq(calendars.id, calendarId));
  return row === undefined ? undefined : (row.plans ?? []);
}
