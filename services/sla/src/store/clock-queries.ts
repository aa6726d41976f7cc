/** Clocks as REST shows them: time used and left are computed when asked for, with the database's clock. */
import { always } from '@switchboard/calendar';
import type { CalendarDefinition } from '@switchboard/calendar';
import { behind, toPage } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { reading } from '../domain/measure.ts';
import type { StoredRisk } from '../domain/risk/stored.ts';
import type { ClockStatus } from '../domain/state.ts';
import { compiledCalendar } from './configuration.ts';
import { calendars, calendarVersions, caseClocks, clocks } from './schema.ts';

export interface ClockFilter {
  readonly caseId?: string | undefined;
  readonly status?: ClockStatus | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: Position | undefined;
}

/** A page of clocks, oldest first. */
export async function listClocks(db: Db, filter: ClockFilter, { limit, after }: PageRequest) {
  const rows = await select(
    db,
    and(
      filter.caseId === undefined ? undefined : eq(clocks.caseId, filter.caseId),
      filter.status === undefined ? undefined : eq(clocks.status, filter.status),
      behind([clocks.startedAt, clocks.id], 'asc', after),
    ),
  ).limit(limit + 1);
  const { items, nextCursor } = toPage(rows, limit, ({ clock }) => [clock.startedAt, clock.id]);
  return { items: items.map(shown), nextCursor };
}

export async function findClock(db: Db, id: string) {
  const [row] = await select(db, eq(clocks.id, id));
  return row === undefined ? undefined : shown(row);
}

function select(db: Db, where: SQL | undefined) {
  return db
    .select({
      clock: clocks,
      // Known later than some clocks end.
      customerId: caseClocks.customerId,
      // One that a replica of an older release wrote has no version: it is its own definition.
      definition: sql<CalendarDefinition | null>`coalesce(${calendarVersions.definition}, ${calendars.definition})`,
      // Milliseconds, so that no reader's time zone plays a part.
      now: sql<number>`(extract(epoch from clock.now()) * 1000)::float8`,
    })
    .from(clocks)
    .innerJoin(caseClocks, eq(caseClocks.id, clocks.caseId))
    .leftJoin(calendars, eq(calendars.id, clocks.calendarId))
    .leftJoin(
      calendarVersions,
      and(eq(calendarVersions.calendarId, calendars.id), eq(calendarVersions.version, calendars.version)),
    )
    .where(where)
    .orderBy(asc(clocks.startedAt), asc(clocks.id));
}

type Row = Awaited<ReturnType<typeof select>>[number];

const given = <T>(value: T | null): T | undefined => value ?? undefined;

function shown({ clock, customerId, definition, now }: Row) {
  const calendar = definition === null ? always : compiledCalendar({ calendarId: clock.calendarId, definition });
  return {
    id: clock.id,
    caseId: clock.caseId,
    customerId: given(customerId),
    policyId: clock.policyId,
    calendarId: clock.calendarId,
    target: clock.target,
    status: clock.status,
    startedAt: clock.startedAt,
    occurredAt: given(clock.occurredAt),
    dueAt: given(clock.dueAt),
    targetMs: clock.targetMs,
    ...reading(calendar, clock, new Date(Math.floor(now))),
    warned: [...clock.warned],
    metAt: given(clock.metAt),
    breachedAt: given(clock.breachedAt),
    canceledAt: given(clock.canceledAt),
    version: clock.version,
    risk: shownRisk(given(clock.risk)),
  };
}

/** What was foreseen last: of a clock that is over, before it was. */
function shownRisk(risk: StoredRisk | undefined) {
  if (risk === undefined) return undefined;
  const { probability = 'unknown' as const, unknown, reasons, help, model, at } = risk;
  return { probability, why: unknown, reasons: [...reasons], help: [...help], model, at };
}
