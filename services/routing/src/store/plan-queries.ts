/** What REST reads of plans. Every list has an index and one query. */
import { behind } from '@switchboard/service';
import type { Db } from '@switchboard/service';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Plan, PlanStatus } from '../domain/plans/state.ts';
import type { PageOf } from './reads.ts';
import { planTable, workItemTable } from './schema.ts';

export interface PlanFilter {
  readonly id?: string | undefined;
  readonly caseId?: string | undefined;
  readonly status?: PlanStatus | undefined;
  readonly templateId?: string | undefined;
  readonly team?: string | undefined;
  /** Each of them holds or held a step. */
  readonly agentIds: readonly string[];
}

type Row = typeof planTable.$inferSelect;

/** NULL is an absent key. */
const planOf = ({ templateId, ending, reason, endedAt, ...row }: Row): Plan => ({
  ...row,
  templateId: templateId ?? undefined,
  ending: ending ?? undefined,
  reason: reason ?? undefined,
  endedAt: endedAt ?? undefined,
});

export async function findPlan(db: Db, id: string): Promise<Plan | undefined> {
  const [row] = await db.select().from(planTable).where(eq(planTable.id, id));
  return row === undefined ? undefined : planOf(row);
}

export async function listPlans(db: Db, filter: PlanFilter, { after, limit }: PageOf): Promise<Plan[]> {
  const { id, caseId, status, templateId, teams } = planTable;
  const step = sql`${workItemTable.planStep} ->> 'planId'`;
  const worksIn = (agentId: string) =>
    inArray(
      id,
      db
        .select({ id: sql<string>`${step}` })
        .from(workItemTable)
        .where(eq(workItemTable.agentId, agentId)),
    );
  const rows = await db
    .select()
    .from(planTable)
    .where(
      and(
        filter.id === undefined ? undefined : eq(id, filter.id),
        filter.caseId === undefined ? undefined : eq(caseId, filter.caseId),
        filter.status === undefined ? undefined : eq(status, filter.status),
        filter.templateId === undefined ? undefined : eq(templateId, filter.templateId),
        filter.team === undefined ? undefined : sql`${teams} @> ${JSON.stringify([filter.team])}::jsonb`,
        ...filter.agentIds.map(worksIn),
        behind([id], 'asc', after),
      ),
    )
    .orderBy(asc(id))
    .limit(limit);
  return rows.map(planOf);
}

/** The newest work items of the steps of these plans, by id. */
export async function itemsOfPlans(db: Db, plans: readonly Pick<Plan, 'steps'>[]) {
  const ids = plans.flatMap(({ steps }) => steps.flatMap(({ workItemId }) => workItemId ?? []));
  if (ids.length === 0) return new Map<string, never>();
  const { id, status, queueId, agentId } = workItemTable;
  const rows = await db.select({ id, status, queueId, agentId }).from(workItemTable).where(inArray(id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}
