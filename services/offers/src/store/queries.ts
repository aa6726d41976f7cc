/** What REST reads. */
import type { Sql } from '@switchboard/hallway';
import { behind } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, desc, eq, inArray, isNull, sql as raw } from 'drizzle-orm';
import type { CustomerState, DecisionState } from '../domain/state.ts';
import { customer, decision } from './schema.ts';
import { stores } from './stores.ts';

export interface Reading {
  readonly db: Db;
  readonly sql: Sql;
}

/** The customer who has a contact point. */
export async function findByContactPoint({ db }: Reading, contactPoint: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: customer.id })
    .from(customer)
    .where(and(raw`${customer.contactPoints} @> ${JSON.stringify([contactPoint])}::jsonb`, isNull(customer.mergedInto)))
    .limit(1);
  return row?.id;
}

/** Every id the customer ever had, whichever of them is asked for. */
async function idsOf({ sql }: Reading, id: string): Promise<readonly string[]> {
  let [state]: readonly CustomerState[] = await stores.customer.load(sql, [id], 'read');
  while (state?.mergedInto !== undefined) [state] = await stores.customer.load(sql, [state.mergedInto], 'read');
  return state === undefined ? [id] : [state.id, ...state.mergedIds];
}

export async function findDecision({ sql }: Reading, id: string): Promise<DecisionState | undefined> {
  const [state] = await stores.decision.load(sql, [id], 'read');
  return state;
}

/** Decisions, newest first. */
export async function listDecisions(
  reading: Reading,
  page: {
    readonly caseId: string | undefined;
    readonly customerId: string | undefined;
    readonly limit: number;
    readonly after: Position | undefined;
  },
) {
  const { caseId, customerId, limit, after } = page;
  const ids = customerId === undefined ? undefined : await idsOf(reading, customerId);
  return reading.db
    .select()
    .from(decision)
    .where(
      and(
        caseId === undefined ? undefined : eq(decision.caseId, caseId),
        ids === undefined ? undefined : inArray(decision.customerId, [...ids]),
        behind([decision.at, decision.id], 'desc', after),
      ),
    )
    .orderBy(desc(decision.at), desc(decision.id))
    .limit(limit);
}
