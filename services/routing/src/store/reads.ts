/** What REST reads. Every list has an index and one query. */
import { behind } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { absenceKey } from '../domain/people/state.ts';
import type { Agent, Desk } from '../domain/people/state.ts';
import type { ReservationStatus, WorkItem, WorkStatus } from '../domain/work/state.ts';
import { absenceTable, agentTable, deskTable, reservationTable, workItemTable } from './schema.ts';

export interface PageOf {
  readonly after: Position | undefined;
  readonly limit: number;
}

export interface AgentRow {
  readonly agent: Agent;
  readonly desk: Pick<Desk, 'holds' | 'idleSince'>;
}

const agentColumns = { agent: agentTable, holds: deskTable.holds, idleSince: deskTable.idleSince };

interface JoinedRow {
  readonly agent: typeof agentTable.$inferSelect;
  readonly holds: Desk['holds'];
  readonly idleSince: string | null;
}

const toAgentRow = ({ agent, holds, idleSince }: JoinedRow): AgentRow => ({
  agent: {
    ...agent,
    statusReason: agent.statusReason ?? undefined,
    heartbeat: agent.heartbeat ?? undefined,
    statusSince: agent.statusSince ?? undefined,
    absences: agent.absences ?? undefined,
  },
  desk: { holds, idleSince: idleSince ?? undefined },
});

export async function findAgent(db: Db, id: string): Promise<AgentRow | undefined> {
  const [row] = await db
    .select(agentColumns)
    .from(agentTable)
    .innerJoin(deskTable, eq(deskTable.id, agentTable.id))
    .where(eq(agentTable.id, id));
  return row === undefined ? undefined : toAgentRow(row);
}

export async function listAgents(db: Db, after: Position | undefined, limit: number): Promise<AgentRow[]> {
  const rows = await db
    .select(agentColumns)
    .from(agentTable)
    .innerJoin(deskTable, eq(deskTable.id, agentTable.id))
    .where(behind([agentTable.id], 'asc', after))
    .orderBy(asc(agentTable.id))
    .limit(limit);
  return rows.map(toAgentRow);
}

export async function findAbsence(db: Db, agentId: string, name: string) {
  const [row] = await db
    .select()
    .from(absenceTable)
    .where(eq(absenceTable.id, absenceKey(agentId, name)));
  return row;
}

export function listAbsences(db: Db, agentId: string, { after, limit }: PageOf) {
  return db
    .select()
    .from(absenceTable)
    .where(and(eq(absenceTable.agentId, agentId), behind([absenceTable.name], 'asc', after)))
    .orderBy(asc(absenceTable.name))
    .limit(limit);
}

export interface WorkFilter {
  readonly caseId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly status?: WorkStatus | undefined;
  readonly agentId?: string | undefined;
}

const { id, caseId, queueId, status, agentId } = workItemTable;
const { channel, priority, enqueuedAt, terms, version, kind, planStep, callbackId, further } = workItemTable;
const itemColumns = {
  ...{ id, caseId, queueId, status, agentId, channel, priority, enqueuedAt, version },
  ...{ terms, kind, planStep, callbackId, further },
};

/** A work item, as far as it is shown. */
export type WorkItemRow = Pick<WorkItem, keyof typeof itemColumns>;

/** Absent columns are null. */
type ReadItem = {
  readonly [K in keyof WorkItemRow]-?: undefined extends WorkItemRow[K]
    ? Exclude<WorkItemRow[K], undefined> | null
    : WorkItemRow[K];
};

const toItemRow = (row: ReadItem): WorkItemRow => ({
  ...row,
  agentId: row.agentId ?? undefined,
  terms: row.terms ?? undefined,
  kind: row.kind ?? undefined,
  planStep: row.planStep ?? undefined,
  callbackId: row.callbackId ?? undefined,
  further: row.further ?? undefined,
});

export async function findWorkItem(db: Db, itemId: string): Promise<WorkItemRow | undefined> {
  const [row] = await db.select(itemColumns).from(workItemTable).where(eq(id, itemId));
  return row && toItemRow(row);
}

/** Of what several are asked about, each of them. */
const isHeldBy = (id: string) =>
  or(eq(agentId, id), and(isNotNull(further), sql`${further} @> ${JSON.stringify([{ agentId: id }])}::jsonb`));

export async function listWorkItems(db: Db, filter: WorkFilter, { after, limit }: PageOf): Promise<WorkItemRow[]> {
  const rows = await db
    .select(itemColumns)
    .from(workItemTable)
    .where(
      and(
        filter.caseId === undefined ? undefined : eq(caseId, filter.caseId),
        filter.queueId === undefined ? undefined : eq(queueId, filter.queueId),
        filter.status === undefined ? undefined : eq(status, filter.status),
        filter.agentId === undefined ? undefined : isHeldBy(filter.agentId),
        behind([id], 'asc', after),
      ),
    )
    .orderBy(asc(id))
    .limit(limit);
  return rows.map(toItemRow);
}

/** Of a reservation, what is shown. */
const reservationColumns = {
  id: reservationTable.id,
  version: reservationTable.version,
  workItemId: reservationTable.workItemId,
  caseId: reservationTable.caseId,
  agentId: reservationTable.agentId,
  status: reservationTable.status,
  createdAt: reservationTable.createdAt,
  expiresAt: reservationTable.expiresAt,
  activity: reservationTable.activity,
  workKind: reservationTable.workKind,
  offeredTo: reservationTable.offeredTo,
  reason: reservationTable.reason,
  note: reservationTable.note,
};

export interface ReservationFilter {
  readonly agentId: string;
  readonly statuses: readonly ReservationStatus[];
}

export async function listReservations(db: Db, { agentId, statuses }: ReservationFilter, { after, limit }: PageOf) {
  const rows = await db
    .select(reservationColumns)
    .from(reservationTable)
    .where(
      and(
        eq(reservationTable.agentId, agentId),
        inArray(reservationTable.status, [...statuses]),
        behind([reservationTable.id], 'asc', after),
      ),
    )
    .orderBy(asc(reservationTable.id))
    .limit(limit);
  return rows.map(({ activity, workKind, offeredTo, reason, note, ...row }) => ({
    ...row,
    activity: activity ?? undefined,
    workKind: workKind ?? undefined,
    offeredTo: offeredTo ?? undefined,
    reason: reason ?? undefined,
    note: note ?? undefined,
  }));
}
