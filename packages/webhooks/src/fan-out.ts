/**
 * Published events become deliveries: one leased replica reads the history behind a cursor, and cursor and deliveries move
 * in one transaction. Nothing is read while nobody subscribes.
 */
import { addEffects, createPauses, startLoop } from '@switchboard/hallway';
import type { Database, Hallway, Logger, Loop, TracedEffect } from '@switchboard/hallway';
import { choose, interestOf, sayUndecided } from './choose.ts';
import type { Interest, OnUndecided } from './choose.ts';
import { abandonedQueues, cancelQueue, countPending, eventsBehind, queueOf } from './deliveries.ts';
import type { Webhook, WebhookCommands } from './domain.ts';
import { activeWebhooks } from './store.ts';

export interface FanOutOptions {
  readonly database: Database;
  readonly hallway: Pick<Hallway<WebhookCommands>, 'leases' | 'pokeEffects' | 'submit'>;
  readonly logger: Logger;
}

const LEASE = 'webhooks';
const BATCH = 1000;
/** New events are noticed within this time, ms. */
const IDLE = 100;
/** The same where nothing was said for a while. */
const QUIET = 400;
/** A first subscription, made through another replica, within this one. */
const NOBODY = 2000;
/** Between two looks after subscriptions that ended or fell too far behind, ms; also between two looks at the partitions. */
const TIDY = 15_000;
const PARTITIONS = 600_000;
const TIDY_AT_ONCE = 5000;
/** A subscriber with more than this before it is given up: what it missed is in the history, to be replayed. */
const MOST_PENDING = 100_000;

export function startFanOut(options: FanOutOptions): Loop & { close(): Promise<void> } {
  const { database, hallway } = options;
  let memory: Memory | undefined;
  let tidied = 0;
  let partitions = 0;
  const pauses = createPauses(IDLE, QUIET);

  async function tidy(webhooks: readonly Webhook[]): Promise<boolean> {
    const now = performance.now();
    if (now < tidied) return false;
    if (now >= partitions) {
      await keepPartitions(database);
      partitions = now + PARTITIONS;
    }
    const more = await endAbandoned(database);
    for (const webhook of webhooks) await giveUpHopeless(options, webhook);
    if (!more) tidied = now + TIDY;
    return more;
  }

  async function turn(): Promise<number> {
    const owned = await hallway.leases.own(LEASE);
    if (owned !== 'kept') memory = undefined;
    if (owned === 'elsewhere') return NOBODY;
    memory ??= await remember(options);
    const { webhooks, interests, onUndecided, cursor, revision } = memory;
    const more = await tidy(webhooks);
    if (webhooks.length === 0) {
      memory = undefined;
      return more ? 0 : NOBODY;
    }
    const events = await eventsBehind(database, { after: startOf(cursor, webhooks).toString() }, BATCH);
    const last = events.at(-1);
    if (last === undefined) return more ? 0 : pauses.inVain();
    pauses.found();
    const next = BigInt(last.number);
    const deliveries = await choose(database, { interests, events, cause: 'event' }, onUndecided);
    const moved = await hand(options, { from: cursor, to: next, revision }, deliveries);
    memory = moved ? { ...memory, cursor: next } : undefined;
    return moved && events.length < BATCH ? IDLE : 0;
  }

  const loop = startLoop({ name: 'webhooks', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      await hallway.leases.release(LEASE);
    },
  };
}

/** What was published before anybody subscribed is nobody's. */
function startOf(cursor: bigint, webhooks: readonly Webhook[]): bigint {
  const since = webhooks.map((webhook) => BigInt(webhook.since)).reduce((a, b) => (a < b ? a : b));
  return cursor > since ? cursor : since;
}

/**
 * Cursor and deliveries in one transaction. Answers false where the lease was lost, or somebody subscribed, while the
 * events were read: then nothing was handed out.
 */
async function hand(
  { database, hallway }: FanOutOptions,
  { from, to, revision }: { readonly from: bigint; readonly to: bigint; readonly revision: string },
  deliveries: readonly TracedEffect[],
): Promise<boolean> {
  const moved = await database.transaction(async (sql) => {
    const rows = await sql.query(
      'update webhook_cursor set number = $1 where number = $2 and revision = $3 returning 1',
      [to.toString(), from.toString(), revision],
    );
    if (rows.length === 0) return false;
    await addEffects(sql, deliveries);
    return true;
  });
  if (moved && deliveries.length > 0) hallway.pokeEffects();
  return moved;
}

interface Memory {
  readonly cursor: bigint;
  /** Of the subscriptions. */
  readonly revision: string;
  readonly webhooks: readonly Webhook[];
  readonly interests: readonly Interest[];
  readonly onUndecided: OnUndecided;
}

/** The revision first: what changes meanwhile is noticed when the cursor is to move. */
async function remember({ database, logger }: FanOutOptions): Promise<Memory> {
  const [row] = await database.query<{ number: string; revision: string }>(
    'select number::text, revision::text from webhook_cursor',
  );
  if (row === undefined) throw new Error('the table webhook_cursor is empty');
  const webhooks = await activeWebhooks(database);
  return {
    ...{ cursor: BigInt(row.number), revision: row.revision, webhooks },
    interests: webhooks.map((webhook) => interestOf(webhook)),
    onUndecided: sayUndecided(logger),
  };
}

/** Deliveries that are over are kept for a week and a day. */
export async function keepPartitions(database: Database): Promise<void> {
  await database.query(`select keep_partitions('webhook_delivery', '1 day', '8 days')`);
}

/** Answers whether there may be more. */
async function endAbandoned(database: Database): Promise<boolean> {
  let more = false;
  for (const queue of await abandonedQueues(database))
    more = (await cancelQueue(database, queue, TIDY_AT_ONCE)) === TIDY_AT_ONCE || more;
  return more;
}

async function giveUpHopeless({ database, hallway }: FanOutOptions, { id }: Webhook): Promise<void> {
  if ((await countPending(database, queueOf(id), MOST_PENDING + 1)) <= MOST_PENDING) return;
  const reason = `more than ${String(MOST_PENDING)} deliveries were waiting`;
  await hallway.submit({ type: 'disable-webhook', data: { id, reason } });
}
