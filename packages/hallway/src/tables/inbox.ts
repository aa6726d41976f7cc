/** Ids of messages that were handled, and answers that were given. */
import type { StoredAnswer } from '../definition.ts';
import type { Sql } from '../ports.ts';

/** Claims ids in order; answers those not seen before. A concurrent claim of the same id waits for its transaction. */
export async function claimInbox(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await sql.query<{ message_id: string }>(
    `insert into inbox (message_id) select id from unnest($1::uuid[]) id order by id
     on conflict do nothing returning message_id`,
    [[...new Set(ids)]],
  );
  return new Set(rows.map((row) => row.message_id));
}

export async function inInbox(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query('select 1 from inbox where message_id = $1', [id]);
  return rows.length > 0;
}

export async function loadAnswers(
  sql: Sql,
  keys: readonly { readonly scope: string; readonly key: string }[],
): Promise<StoredAnswer[]> {
  if (keys.length === 0) return [];
  return sql.query<StoredAnswer & Record<string, unknown>>(
    `select scope, key, fingerprint, status, body from idempotency
      where (scope, key) in (select * from unnest($1::text[], $2::text[]))`,
    [keys.map((key) => key.scope), keys.map((key) => key.key)],
  );
}

export async function saveAnswers(sql: Sql, answers: readonly StoredAnswer[]): Promise<void> {
  if (answers.length === 0) return;
  await sql.query(
    `insert into idempotency (scope, key, fingerprint, status, body)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]::jsonb[])`,
    [
      answers.map((answer) => answer.scope),
      answers.map((answer) => answer.key),
      answers.map((answer) => answer.fingerprint),
      answers.map((answer) => answer.status),
      answers.map((answer) => JSON.stringify(answer.body ?? null)),
    ],
  );
}

/** For work that is more than one message: kept behind it, by whoever is first. */
export async function keepAnswer(sql: Sql, { scope, key, fingerprint, status, body }: StoredAnswer): Promise<void> {
  await sql.query(
    `insert into idempotency (scope, key, fingerprint, status, body) values ($1, $2, $3, $4, $5::jsonb)
     on conflict do nothing`,
    [scope, key, fingerprint, status, JSON.stringify(body ?? null)],
  );
}
