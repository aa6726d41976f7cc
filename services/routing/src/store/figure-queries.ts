/** What is asked about figures and waits. Each is one statement by keys, or over a page. */
import type { Sql } from '@switchboard/hallway';
import { behind } from '@switchboard/service';
import type { Db } from '@switchboard/service';
import { and, asc, eq, sql } from 'drizzle-orm';
import { alertedIn } from '../domain/figures/alerts.ts';
import { knownFrom } from '../domain/figures/known.ts';
import type { KeptRows, Known } from '../domain/figures/known.ts';
import { accuracyOf } from '../domain/figures/learned.ts';
import type { Learned, ToldAccuracy } from '../domain/figures/learned.ts';
import type { AlertFigure, FiguresOfQueue } from '../domain/figures/state.ts';
import type { PageOf } from './reads.ts';
import {
  agentTable,
  deskTable,
  learningTable,
  queueFiguresTable,
  queueTable,
  reservationTable,
  waitTable,
  workItemTable,
} from './schema.ts';

/** ms, by the clock that everything here goes by. */
const nowMs = sql<number>`(extract(epoch from clock.now()) * 1000)::float8`;

export interface QueueRow {
  readonly id: string;
  readonly figures: FiguresOfQueue | undefined;
  readonly alerted: readonly AlertFigure[];
  readonly toldAt: string | undefined;
  readonly accuracy: ToldAccuracy | undefined;
  readonly nowMs: number;
}

const queueColumns = {
  id: queueTable.id,
  figures: queueFiguresTable.figures,
  alerts: queueFiguresTable.alerts,
  toldAt: queueFiguresTable.toldAt,
  accuracy: sql<Learned['accuracy'] | null>`${learningTable.learned} -> 'accuracy'`,
  nowMs,
};

/** Queues that are there, by id; of one alone where it is named. */
export async function readQueueFigures(db: Db, { after, limit }: PageOf, queueId?: string): Promise<QueueRow[]> {
  const rows = await db
    .select(queueColumns)
    .from(queueTable)
    .leftJoin(queueFiguresTable, eq(queueFiguresTable.id, queueTable.id))
    .leftJoin(learningTable, eq(learningTable.id, queueTable.id))
    .where(and(queueId === undefined ? undefined : eq(queueTable.id, queueId), behind([queueTable.id], 'asc', after)))
    .orderBy(asc(queueTable.id))
    .limit(limit);
  return rows.map(({ id, figures, alerts, toldAt, accuracy, nowMs: at }) => ({
    id,
    nowMs: at,
    figures: figures ?? undefined,
    alerted: alertedIn(alerts ?? {}),
    toldAt: toldAt ?? undefined,
    accuracy: accuracy === null ? undefined : accuracyOf({ accuracy }),
  }));
}

export interface AgentFilter {
  readonly team?: string | undefined;
  /** When today began. */
  readonly since: Date;
}

const TWO_DAYS_MS = 2 * 86_400_000;

/**
 * Agents by id, with what they hold and what they completed today: reservations that were made today. Ids of
 * reservations begin with the time; those of the two days before are looked at in vain.
 */
export function readAgentFigures(db: Db, { team, since }: AgentFilter, { after, limit }: PageOf) {
  const { id, definition, status, statusReason, statusSince } = agentTable;
  const firstIds = (since.getTime() - TWO_DAYS_MS).toString(16).padStart(12, '0').slice(0, 8);
  const handledToday = sql<number>`(
    select count(*)::int from ${reservationTable} r
     where r.agent_id = ${id} and r.status = 'completed'
       and r.id >= ${firstIds} and r.created_at >= ${since.toISOString()}::timestamptz)`;
  return db
    .select({
      ...{ id, definition, status, statusReason, statusSince },
      holds: deskTable.holds,
      idleSince: deskTable.idleSince,
      handledToday,
    })
    .from(agentTable)
    .innerJoin(deskTable, eq(deskTable.id, agentTable.id))
    .where(and(team === undefined ? undefined : sql`${definition} ->> 'team' = ${team}`, behind([id], 'asc', after)))
    .orderBy(asc(id))
    .limit(limit);
}

/** An item with what was told about its wait, and how its queue stands. */
export async function findWait(db: Db, itemId: string) {
  const [row] = await db
    .select({
      id: workItemTable.id,
      queueId: workItemTable.queueId,
      status: workItemTable.status,
      agentId: workItemTable.agentId,
      enqueuedAt: workItemTable.enqueuedAt,
      told: waitTable.told,
      toldAt: waitTable.toldAt,
      figures: queueFiguresTable.figures,
      figuresAt: queueFiguresTable.toldAt,
      nowMs,
    })
    .from(workItemTable)
    .leftJoin(waitTable, eq(waitTable.id, workItemTable.id))
    .leftJoin(queueFiguresTable, eq(queueFiguresTable.id, workItemTable.queueId))
    .where(eq(workItemTable.id, itemId));
  return row;
}

/** What is kept of figures, for who begins to tell them. */
export async function readKnown(sql: Sql): Promise<Known> {
  return knownFrom({
    held: await sql.query<KeptRows['held'][number]>(
      `select id, queue_id as "queueId", status from work_item where status in ('reserved', 'assigned', 'wrapping')`,
    ),
    learnings: await sql.query<KeptRows['learnings'][number]>('select id, learned from learning order by id'),
    queues: await sql.query<KeptRows['queues'][number]>('select id, figures, alerts, minutes from queue_figures'),
    waits: await sql.query<KeptRows['waits'][number]>(
      `select w.id, w.told from work_item i join wait w on w.id = i.id where i.status = 'pending'`,
    ),
  });
}
