/** What intake's readers ask. */
import { behind, toPage, type Db, type Position } from '@switchboard/service';
import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm';
import { attachmentContents, caseFacts, cases, contacts, messages } from './schema.ts';

export type CaseRow = Awaited<ReturnType<typeof findCases>>['items'][number];

export interface CaseFilter {
  readonly status?: string | undefined;
  readonly contactPoint?: string | undefined;
  readonly customerId?: string | undefined;
}

/** Newest first. */
export async function findCases(db: Db, filter: CaseFilter, limit: number, after: Position | undefined) {
  const wanted: (SQL | undefined)[] = [
    filter.status === undefined ? undefined : eq(cases.status, filter.status as never),
    filter.contactPoint === undefined ? undefined : eq(cases.contactPoint, filter.contactPoint),
    filter.customerId === undefined ? undefined : eq(caseFacts.customerId, filter.customerId),
    behind([cases.openedAt, cases.id], 'desc', after),
  ];
  const rows = await selectCases(db)
    .where(and(...wanted))
    .orderBy(desc(cases.openedAt), desc(cases.id))
    .limit(limit + 1);
  return toPage(rows, limit, (row) => [row.case.openedAt, row.case.id]);
}

export async function findCase(db: Db, by: { id: string } | { trackingCode: string }): Promise<CaseRow | undefined> {
  const [row] = await selectCases(db)
    .where('id' in by ? eq(cases.id, by.id) : eq(cases.trackingCode, by.trackingCode))
    .limit(1);
  return row;
}

/** By the clock that everything here goes by, ms. */
const nowMs = sql<number>`(extract(epoch from clock.now()) * 1000)::float8`;

function selectCases(db: Db) {
  return db
    .select({ case: cases, facts: caseFacts, nowMs })
    .from(cases)
    .leftJoin(caseFacts, eq(caseFacts.id, cases.id));
}

/** Oldest first. */
export async function findMessages(db: Db, caseId: string, limit: number, after: Position | undefined) {
  const rows = await db
    .select()
    .from(messages)
    .where(and(eq(messages.caseId, caseId), behind([messages.at, messages.id], 'asc', after)))
    .orderBy(asc(messages.at), asc(messages.id))
    .limit(limit + 1);
  return toPage(rows, limit, (row) => [row.at, row.id]);
}

export async function findContact(db: Db, id: string) {
  const [row] = await db.select().from(contacts).where(eq(contacts.id, id)).limit(1);
  return row;
}

export async function findAttachment(db: Db, id: string) {
  const [row] = await db.select().from(attachmentContents).where(eq(attachmentContents.id, id)).limit(1);
  return row;
}
