/** Why an agent was offered an item. */
import type { Db } from '@switchboard/service';
import { eq } from 'drizzle-orm';
import { decisionTable, earlierDecisionTable } from './schema.ts';

export async function findDecision(db: Db, reservationId: string) {
  const [row] = await db.select().from(decisionTable).where(eq(decisionTable.id, reservationId));
  if (row !== undefined) return row;
  const [earlier] = await db.select().from(earlierDecisionTable).where(eq(earlierDecisionTable.id, reservationId));
  return earlier;
}
