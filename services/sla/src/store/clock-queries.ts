/** Clocks as REST shows them: time used and left are computed when asked for, with the database's clock. */
import { behind, toPage } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, asc, eq, gte, inArray, lte, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toldVersion } from '../domain/clocks/announce.ts';
import { openBook } from '../domain/calendars/book.ts';
import { calendarVersionId } from '../domain/calendars/state.ts';
import type { Calendars } from '../domain/configuration.ts';
import { valuesOf } from '../domain/dimensions/labels.ts';
import { elapsedMs, reading } from '../domain/clocks/measure.ts';
import type { StoredRisk } from '../domain/risk/stored.ts';
import { labelled } from '../domain/clocks/segments.ts';
import type { ClockState, ClockStatus } from '../domain/clocks/state.ts';
import type { Target } from '../domain/policies/state.ts';
import { bookkeeper, isLookedAt } from './configuration.ts';
import { calendarVersions, caseClocks, clocks } from './schema.ts';

export interface ClockFilter {
  readonly caseId?: string | undefined;
  readonly customerId?: string | undefined;
  /** That holds the case, or whose holding is measured. */
  readonly team?: string | undefined;
  readonly policyId?: string | undefined;
  readonly target?: Target | undefined;
  readonly name?: string | undefined;
  readonly status?: ClockStatus | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: Position | undefined;
}

/** A page of clocks, oldest first. */
export async function listClocks(db: Db, filter: ClockFilter, { limit, after }: PageRequest) {
  const rows = await selectClocks(
    db,
    and(...conditionsOf(filter), behind([clocks.startedAt, clocks.id], 'asc', after)),
  ).limit(limit + 1);
  const { items, nextCursor } = toPage(rows, limit, ({ clock }) => [clock.startedAt, clock.id]);
  const counted = await calendarsOf(db, items);
  return { items: items.map((row) => shown(row, counted)), nextCursor };
}

export async function findClock(db: Db, id: string) {
  const rows = await selectClocks(db, eq(clocks.id, id));
  const [row] = rows;
  return row === undefined ? undefined : shown(row, await calendarsOf(db, rows));
}

function conditionsOf({ caseId, customerId, team, policyId, target, name, status }: ClockFilter): (SQL | undefined)[] {
  return [
    caseId === undefined ? undefined : eq(clocks.caseId, caseId),
    customerId === undefined ? undefined : eq(caseClocks.customerId, customerId),
    team === undefined ? undefined : or(eq(clocks.team, team), eq(caseClocks.team, team)),
    policyId === undefined ? undefined : eq(clocks.policyId, policyId),
    target === undefined ? undefined : eq(clocks.target, target),
    name === undefined ? undefined : eq(clocks.name, name),
    status === undefined ? undefined : eq(clocks.status, status),
  ];
}

/** Clocks with what of their cases tells about them, the oldest first. */
export function selectClocks(db: Db, where: SQL | undefined) {
  return db
    .select({
      clock: clocks,
      // Known later than some clocks end.
      customerId: caseClocks.customerId,
      labels: caseClocks.labels,
      // Milliseconds, so that no reader's time zone plays a part.
      now: sql<number>`(extract(epoch from clock.now()) * 1000)::float8`,
    })
    .from(clocks)
    .innerJoin(caseClocks, eq(caseClocks.id, clocks.caseId))
    .where(where)
    .orderBy(asc(clocks.startedAt), asc(clocks.id));
}

type Row = Awaited<ReturnType<typeof selectClocks>>[number];

/** The calendars that the clocks are or were counted with, in the versions of their lives; one that never was never closes. */
async function calendarsOf(db: Db, rows: readonly Row[]): Promise<Calendars> {
  const spans = spansOf(rows);
  const kept = bookkeeper();
  for (let wanted = [...spans].map(versionsIn); wanted.length > 0;) {
    const versions = await db
      .select()
      .from(calendarVersions)
      .where(or(...wanted));
    for (const row of versions) kept.add({ ...row, from: new Date(row.from) });
    // What would take too long to look through says what the version before it said.
    wanted = versions.flatMap(({ calendarId, version, definition }) =>
      kept.all.has(calendarVersionId(calendarId, version - 1)) || version === 1 || isLookedAt(definition)
        ? []
        : [and(eq(calendarVersions.calendarId, calendarId), eq(calendarVersions.version, version - 1))],
    );
  }
  const ids = new Set(spans.keys());
  const book = openBook([...kept.all.values()], ids);
  return { calendars: new Map([...book.newest].map(([id, { calendar }]) => [id, calendar])), book };
}

/** From the first to the last instant at which a calendar counted for some clock, and versions that were named. */
interface Span {
  readonly from: string;
  /** Absent: one is not over. */
  readonly to?: string | undefined;
  readonly versions: readonly number[];
}

function spansOf(rows: readonly Row[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { clock } of rows) {
    const { calendarId: own, startedAt, segments } = clock;
    const end = given(clock.metAt) ?? given(clock.canceledAt);
    for (const { calendarId = own, calendarVersion } of [
      { calendarId: own, calendarVersion: undefined },
      ...segments,
    ]) {
      const before = spans.get(calendarId) ?? { from: startedAt, to: end, versions: [] };
      spans.set(calendarId, {
        from: startedAt < before.from ? startedAt : before.from,
        to: end === undefined || before.to === undefined ? undefined : end > before.to ? end : before.to,
        versions: calendarVersion === undefined ? before.versions : [...before.versions, calendarVersion],
      });
    }
  }
  return spans;
}

/** The version that was in force at the beginning, and those that began until the end. */
function versionsIn([id, { from, to, versions }]: readonly [string, Span]): SQL | undefined {
  const { calendarId, version, from: begins } = calendarVersions;
  const first = sql`coalesce((
    select max(v.version) from ${calendarVersions} v where v.calendar_id = ${id} and v."from" <= ${from}::timestamptz), 0)`;
  const lived = and(gte(version, first), to === undefined ? undefined : lte(begins, to));
  return and(eq(calendarId, id), versions.length === 0 ? lived : or(lived, inArray(version, versions)));
}

const given = <T>(value: T | null): T | undefined => value ?? undefined;

function shown({ clock, customerId, labels, now }: Row, counted: Calendars) {
  const state = stateOf(clock);
  return {
    id: clock.id,
    caseId: clock.caseId,
    customerId: given(customerId),
    policyId: clock.policyId,
    calendarId: clock.calendarId,
    target: clock.target,
    name: state.name,
    team: state.team,
    status: clock.status,
    startedAt: clock.startedAt,
    occurredAt: state.occurredAt,
    dueAt: state.dueAt,
    targetMs: clock.targetMs,
    ...reading(counted, clock, new Date(Math.floor(now))),
    withinCalendarHours: isOver(clock) ? undefined : isOpen(counted, clock, Math.floor(now)),
    warned: [...clock.warned],
    reminded: state.extras?.reminded?.count,
    metAt: state.metAt,
    breachedAt: state.breachedAt,
    canceledAt: state.canceledAt,
    segments: [...labelled(state, { labels: given(labels) }, counted)],
    dimensions: valuesOf(state),
    version: toldVersion({ version: clock.version, risk: given(clock.risk) }),
    risk: shownRisk(given(clock.risk)),
  };
}

const isOver = ({ metAt, canceledAt }: Row['clock']): boolean => (metAt ?? canceledAt) !== null;

/** Whether the clock's calendar is open at an instant: whether the next millisecond counts. */
function isOpen(counted: Calendars, { calendarId }: Row['clock'], at: number): boolean {
  const segments = [{ from: new Date(at).toISOString() }];
  return elapsedMs(counted, { calendarId, segments }, new Date(at + 1)) > 0;
}

/** What was foreseen last: of a clock that is over, before it was. */
function shownRisk(risk: StoredRisk | undefined) {
  if (risk === undefined) return undefined;
  const { probability = 'unknown' as const, unknown, reasons, help, model, at } = risk;
  return { probability, why: unknown, reasons: [...reasons], help: [...help], model, at };
}

/** A row as decisions see it. */
function stateOf(row: Row['clock']): ClockState {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as ClockState;
}
