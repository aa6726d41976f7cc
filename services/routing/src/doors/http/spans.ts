/** Spans of time as reports are asked for. */
import { instant } from '@switchboard/contracts';
import { databaseNow } from '@switchboard/hallway';
import type { Sql } from '@switchboard/hallway';
import { problem } from '@switchboard/service';

const DAY_MS = 24 * 3_600_000;
const USUAL_DAYS = 30;
export const MOST_REPORT_DAYS = 93;

export const spanShape = {
  from: instant.optional().describe(`inclusive; ${String(USUAL_DAYS)} days before to unless set`),
  to: instant.optional().describe(`exclusive; now unless set. At most ${String(MOST_REPORT_DAYS)} days after from`),
};

/** What is wrong with one parameter. */
export function fieldProblem(field: string, reason: string) {
  return problem('invalid-query', `${field}: ${reason}`, { errors: [{ field, reason }] });
}

/** @throws Problem when it ends before it begins, or is too long */
export async function reportSpan(
  sql: Sql,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<{ readonly from: string; readonly to: string }> {
  const end = to === undefined ? (await databaseNow(sql)).getTime() : Date.parse(to);
  const begin = from === undefined ? end - USUAL_DAYS * DAY_MS : Date.parse(from);
  if (begin >= end) throw fieldProblem('from', 'must be before to');
  if (end - begin > MOST_REPORT_DAYS * DAY_MS)
    throw fieldProblem('to', `must be at most ${String(MOST_REPORT_DAYS)} days after from`);
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}
