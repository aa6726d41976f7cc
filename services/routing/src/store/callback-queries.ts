/** What REST reads of callbacks. */
import { behind } from '@switchboard/service';
import type { Db } from '@switchboard/service';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Callback, CallbackStatus } from '../domain/callbacks/state.ts';
import type { PageOf } from './reads.ts';
import { callbackTable } from './schema.ts';

export interface CallbackFilter {
  readonly caseId?: string | undefined;
  readonly status?: CallbackStatus | undefined;
  /** Whose they are. */
  readonly agentId?: string | undefined;
}

type Row = typeof callbackTable.$inferSelect;

/** NULL is an absent key. */
const callbackOf = ({ endedAt, nextAt, until, workItemId, reason, ...row }: Row): Callback => ({
  ...row,
  endedAt: endedAt ?? undefined,
  nextAt: nextAt ?? undefined,
  until: until ?? undefined,
  workItemId: workItemId ?? undefined,
  reason: reason ?? undefined,
});

export async function findCallback(db: Db, id: string): Promise<Callback | undefined> {
  const [row] = await db.select().from(callbackTable).where(eq(callbackTable.id, id));
  return row === undefined ? undefined : callbackOf(row);
}

export async function listCallbacks(db: Db, filter: CallbackFilter, { after, limit }: PageOf): Promise<Callback[]> {
  const { id, caseId, status, terms } = callbackTable;
  const rows = await db
    .select()
    .from(callbackTable)
    .where(
      and(
        filter.caseId === undefined ? undefined : eq(caseId, filter.caseId),
        filter.status === undefined ? undefined : eq(status, filter.status),
        filter.agentId === undefined ? undefined : sql`${terms} -> 'owner' ->> 'agentId' = ${filter.agentId}`,
        behind([id], 'asc', after),
      ),
    )
    .orderBy(asc(id))
    .limit(limit);
  return rows.map(callbackOf);
}
