/** The table of subscriptions. */
import type { Sql, Store } from '@switchboard/hallway';
import { isActive } from './domain.ts';
import type { Webhook } from './domain.ts';
import { sealedBy } from './vault.ts';
import type { Vault } from './vault.ts';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly state: Omit<Webhook, 'id' | 'version'>;
}

const webhookOf = ({ id, version, state }: Row): Webhook => ({ ...state, id, version });

/** Whoever hands out events has to read the subscriptions again. */
const changed = 'update webhook_cursor set revision = revision + 1';

async function load(sql: Sql, ids: readonly string[], mode: 'lock' | 'read'): Promise<Webhook[]> {
  const rows = await sql.query<Row>(
    `select id, version, state from webhook where id = any($1::text[]) order by id ${mode === 'lock' ? 'for update' : ''}`,
    [ids],
  );
  return rows.map(webhookOf);
}

/** Secrets go in sealed, and come out as they are stored: only who signs opens them. */
export const createWebhookStore = (vault: Vault): Store<Webhook> => ({
  load,
  async save(sql, rows) {
    let saved = 0;
    // Subscriptions change one at a time: a statement each is none too many.
    for (const { state: webhook, expected } of rows) {
      const { id, version, ...rest } = webhook;
      const secrets = rest.secrets.map((one) => ({ ...one, secret: vault.seal(id, one.secret) }));
      const written = await sql.query(
        expected === 0
          ? 'insert into webhook (id, version, active, state) values ($1, $2, $3, $4) on conflict do nothing returning 1'
          : 'update webhook set version = $2, active = $3, state = $4 where id = $1 and version = $5 returning 1',
        [id, version, isActive(webhook), JSON.stringify({ ...rest, secrets }), ...(expected === 0 ? [] : [expected])],
      );
      saved += written.length;
    }
    await sql.query(changed);
    return saved;
  },
  async remove(sql, ids) {
    const removed = await sql.query('delete from webhook where id = any($1::text[]) returning 1', [ids]);
    await sql.query(changed);
    return removed.length;
  },
});

export async function findWebhook(sql: Sql, id: string): Promise<Webhook | undefined> {
  return (await load(sql, [id], 'read'))[0];
}

/** By id, which is by age. */
export async function listWebhooks(sql: Sql, after: string, limit: number): Promise<Webhook[]> {
  const rows = await sql.query<Row>('select id, version, state from webhook where id > $1 order by id limit $2', [
    after,
    limit,
  ]);
  return rows.map(webhookOf);
}

export async function activeWebhooks(sql: Sql): Promise<Webhook[]> {
  return (await sql.query<Row>('select id, version, state from webhook where active order by id')).map(webhookOf);
}

export async function countWebhooks(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>('select count(*)::int as count from webhook');
  return row?.count ?? 0;
}

/** Ids of keys that sealed what is stored, and that the vault lacks. */
export async function lostKeys(sql: Sql, vault: Vault): Promise<string[]> {
  const rows = await sql.query<{ secret: string }>(
    `select one->>'secret' as secret from webhook cross join lateral jsonb_array_elements(state->'secrets') one`,
  );
  const keys = rows.flatMap(({ secret }) => sealedBy(secret) ?? []);
  return [...new Set(keys)].filter((key) => !vault.knows(key));
}
