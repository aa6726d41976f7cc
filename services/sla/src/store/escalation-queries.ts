/** Escalations as REST shows them, each with its whole history. */
import { behind, toPage } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Escalation, EscalationStatus, EscalationStep } from '../domain/escalation/state.ts';
import { escalations, escalationSteps } from './schema.ts';

export interface EscalationFilter {
  readonly caseId?: string | undefined;
  readonly clockId?: string | undefined;
  readonly status?: EscalationStatus | undefined;
  /** Who was told, in whichever round. */
  readonly agentId?: string | undefined;
}

interface Page {
  readonly limit: number;
  readonly after: Position | undefined;
}

/** A page of escalations, those of the oldest clocks first. */
export async function listEscalations(
  db: Db,
  { caseId, clockId, status, agentId }: EscalationFilter,
  { limit, after }: Page,
) {
  const rows = await select(
    db,
    and(
      caseId === undefined ? undefined : eq(escalations.caseId, caseId),
      clockId === undefined ? undefined : eq(escalations.clockId, clockId),
      status === undefined ? undefined : eq(escalations.status, status),
      agentId === undefined ? undefined : inArray(escalations.id, toldTo(db, agentId)),
      behind([escalations.id], 'asc', after),
    ),
  ).limit(limit + 1);
  const { items, nextCursor } = toPage(rows, limit, ({ id }) => [id]);
  return { items: await withHistory(db, items), nextCursor };
}

/** Steps are kept of all rounds, and each names those whom it told. */
function toldTo(db: Db, agentId: string) {
  const told = JSON.stringify([{ agentId }]);
  return db
    .select({ id: escalationSteps.escalationId })
    .from(escalationSteps)
    .where(sql`${escalationSteps.recipients} @> ${told}::jsonb`);
}

export async function findEscalation(db: Db, id: string) {
  const [found] = await withHistory(db, await select(db, eq(escalations.id, id)));
  return found;
}

const select = (db: Db, where: SQL | undefined) =>
  db.select().from(escalations).where(where).orderBy(asc(escalations.id));

type Row = Awaited<ReturnType<typeof select>>[number];

async function withHistory(db: Db, rows: readonly Row[]) {
  const ids = rows.map(({ id }) => id);
  const steps = await db
    .select()
    .from(escalationSteps)
    .where(inArray(escalationSteps.escalationId, ids))
    .orderBy(asc(escalationSteps.escalationId), asc(escalationSteps.step));
  const histories = Map.groupBy(steps, ({ escalationId }) => escalationId);
  return rows.map((row) => shown(row, histories.get(row.id) ?? []));
}

type StepRow = typeof escalationSteps.$inferSelect;

function shown(row: Row, history: readonly StepRow[]) {
  return { ...shownNow(given(row)), history: history.map(shownStep) };
}

/** An escalation as it is, without its history. */
export function shownNow({ pending: _pending, reminders: _reminders, recipients, ...rest }: Given<Row> | Escalation) {
  return { ...rest, recipients: recipients.map(shownRecipient) };
}

function shownStep({ at, round, what, level, reason, agentId, note, until, recipients, skipped }: StepRow) {
  const rest = given({ reason, agentId, note, until });
  return { at, round, what, level, ...rest, recipients: recipients.map(shownRecipient), skipped: [...skipped] };
}

const shownRecipient = ({ inPlaceOf, ...rest }: EscalationStep['recipients'][number]) => ({
  ...rest,
  inPlaceOf: [...inPlaceOf],
});

type Given<T> = { [K in keyof T]: null extends T[K] ? Exclude<T[K], null> | undefined : T[K] };

/** NULL is an absent field. */
function given<T extends object>(row: T): Given<T> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as Given<T>;
}
