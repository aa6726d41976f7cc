/** Sends again what was published in a range of time. A replay is an effect too: durable, some thousand events at a time. */
import { addEffects, keeping, newId } from '@switchboard/hallway';
import type { Logger, Perform, Sql, TracedEffect } from '@switchboard/hallway';
import { choose, interestOf, sayUndecided } from './choose.ts';
import { countPending, eventsBehind, queueOf, REPLAY } from './deliveries.ts';
import { isActive } from './domain.ts';
import type { WebhookCommands } from './domain.ts';
import { findWebhook } from './store.ts';

const AT_ONCE = 1000;
/** While more than this waits for the subscriber, the rest of the replay waits in the history, ms between two looks. */
const ENOUGH = 5000;
const LOOK_AGAIN = 2000;

interface Replay {
  readonly webhookId: string;
  readonly events: readonly string[];
  /** Numbers in the history: behind the first, up to the second. */
  readonly after: string;
  readonly last: string;
}

export interface ReplayRequest {
  readonly from: Date;
  readonly to: Date;
  /** Those of the subscription unless set. */
  readonly events: readonly string[];
}

/** Begins a replay; `published` is how many events there are at most in the time, of any type. */
export async function beginReplay(
  database: Sql,
  webhookId: string,
  { from, to, events }: ReplayRequest,
): Promise<{ replayId: string; published: number }> {
  const first = await firstNumberAt(database, from);
  const end = await firstNumberAt(database, new Date(to.getTime() + 1));
  const data: Replay = { webhookId, events, after: (first - 1n).toString(), last: (end - 1n).toString() };
  const replayId = newId();
  const request = { kind: REPLAY, id: replayId, queue: `${REPLAY}:${webhookId}`, data };
  await addEffects(database, [{ request, trace: { correlationId: replayId } }]);
  return { replayId, published: Number(end - first) };
}

/**
 * The number of the first event published at an instant or later; one more than there are where none was. Numbers and times
 * grow together and only numbers have an index, so it is found by halving.
 */
async function firstNumberAt(sql: Sql, instant: Date): Promise<bigint> {
  const [window] = await sql.query<{ oldest: string | null; newest: string | null }>(
    `select (select number from outbox_history order by number limit 1)::text as oldest,
            (select number from outbox_history order by number desc limit 1)::text as newest`,
  );
  let low = BigInt(window?.oldest ?? 1);
  let high = BigInt(window?.newest ?? 0) + 1n;
  while (low < high) {
    const middle = (low + high) / 2n;
    const [row] = await sql.query<{ before: boolean; number: string }>(
      `select h.published_at < $2::timestamptz as before, h.number::text from outbox_history h
        where h.number >= $1::bigint order by h.number limit 1`,
      [middle.toString(), instant.toISOString()],
    );
    if (row?.before === true) low = BigInt(row.number) + 1n;
    else high = middle;
  }
  return low;
}

const addDeliveries = (sql: Sql, pages: readonly (readonly TracedEffect[])[]): Promise<void> =>
  addEffects(sql, pages.flat());

export interface ReplayOptions {
  readonly database: Sql;
  readonly logger: Logger;
}

export function createReplay({ database, logger }: ReplayOptions): Perform<WebhookCommands> {
  return async (effect) => {
    const replay = effect.data as Replay;
    const { webhookId, after, last } = replay;
    const webhook = await findWebhook(database, webhookId);
    if (webhook === undefined || !isActive(webhook)) return {};
    if ((await countPending(database, queueOf(webhookId), ENOUGH + 1)) > ENOUGH) return { again: LOOK_AGAIN };
    const events = await eventsBehind(database, { after, last }, AT_ONCE);
    const interests = [interestOf({ ...webhook, since: after }, replay.events)];
    const deliveries = await choose(database, { interests, events, cause: 'replay' }, sayUndecided(logger));
    const keep = keeping(addDeliveries, deliveries);
    const reached = events.at(-1)?.number;
    if (reached === undefined || events.length < AT_ONCE) return { keep };
    return { again: 0, data: { ...replay, after: reached } satisfies Replay, keep };
  };
}
