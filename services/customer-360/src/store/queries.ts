/** What REST reads. */
import { databaseNow } from '@switchboard/hallway';
import type { Sql } from '@switchboard/hallway';
import { behind } from '@switchboard/service';
import type { Db, Position } from '@switchboard/service';
import { and, desc, inArray, isNull, lt } from 'drizzle-orm';
import { viewOf } from '../domain/customer.ts';
import type { CustomerView } from '../domain/customer.ts';
import type { CustomerState } from '../domain/state.ts';
import { customer, timelineEntry } from './schema.ts';
import { stores } from './stores.ts';

export interface Reading {
  readonly db: Db;
  readonly sql: Sql;
}

/** The customer an id stands for today; a merged one is answered by who it became. */
export async function findCustomer({ sql }: Reading, id: string): Promise<CustomerState | undefined> {
  let [state] = await stores.customer.load(sql, [id], 'read');
  while (state?.mergedInto !== undefined) [state] = await stores.customer.load(sql, [state.mergedInto], 'read');
  return state;
}

export async function findByContactPoint(reading: Reading, contactPoint: string): Promise<CustomerState | undefined> {
  const [known] = await stores.identity.load(reading.sql, [contactPoint], 'read');
  return known === undefined ? undefined : findCustomer(reading, known.customerId);
}

/** Customers, newest first; those merged are left out. */
export async function listCustomers(
  { db, sql }: Reading,
  { limit, after }: { readonly limit: number; readonly after: Position | undefined },
): Promise<CustomerState[]> {
  const rows = await db
    .select({ id: customer.id })
    .from(customer)
    .where(and(isNull(customer.mergedInto), behind([customer.createdAt, customer.id], 'desc', after)))
    .orderBy(desc(customer.createdAt), desc(customer.id))
    .limit(limit);
  const ids = rows.map(({ id }) => id);
  const states = new Map((await stores.customer.load(sql, ids, 'read')).map((state) => [state.id, state]));
  return ids.flatMap((id) => states.get(id) ?? []);
}

/** As REST shows them, at the installation's own time. */
export async function viewsOf({ sql }: Reading, states: readonly CustomerState[]): Promise<CustomerView[]> {
  const now = (await databaseNow(sql)).toISOString();
  return states.map((state) => viewOf(state, now));
}

/** The newest moments first, those of merged customers among them. */
export function readTimeline(
  { db }: Reading,
  { id, mergedIds }: CustomerState,
  page: { readonly limit: number; readonly after: Position | undefined; readonly before: string | undefined },
) {
  return db
    .select()
    .from(timelineEntry)
    .where(
      and(
        inArray(timelineEntry.customerId, [id, ...mergedIds]),
        page.before === undefined ? undefined : lt(timelineEntry.at, page.before),
        behind([timelineEntry.at, timelineEntry.id], 'desc', page.after),
      ),
    )
    .orderBy(desc(timelineEntry.at), desc(timelineEntry.id))
    .limit(page.limit);
}
