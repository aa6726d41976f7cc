/** One delivery: read what to send, send it, judge the answer. No transaction is open meanwhile. */
import { randomUUID } from 'node:crypto';
import { EgressError } from '@switchboard/egress';
import type { Egress } from '@switchboard/egress';
import { keeping } from '@switchboard/hallway';
import type { Effect, EffectResult, Perform, Sql } from '@switchboard/hallway';
import { logDeliveries } from './deliveries.ts';
import type { Attempt, Delivery } from './deliveries.ts';
import { isActive, validSecrets } from './domain.ts';
import type { Webhook, WebhookCommands } from './domain.ts';
import { gathered } from './gather.ts';
import { bodyOf } from './payload.ts';
import { DAY, holdFor, judge, nextPause } from './schedule.ts';
import type { Answer } from './schedule.ts';
import { sign } from './signature.ts';
import type { Vault } from './vault.ts';

export interface DeliverOptions {
  readonly database: Sql;
  readonly egress: Egress;
  /** Opens the secrets. */
  readonly vault: Vault;
  /** From 0 to 1. */
  readonly chance?: () => number;
}

/** ms. */
const TIMEOUT = 15_000;
/** Of the answer nothing is kept; what comes beyond this is not even waited for. */
const MOST_ANSWER = 16_384;
/** A subscriber that answers nothing well for so long is disabled, ms. */
const HOPELESS = 3 * DAY;

type Result = EffectResult<WebhookCommands>;

export function createDeliver(options: DeliverOptions): Perform<WebhookCommands> {
  const lookUp = createLookup(options.database);
  return async (effect, signal) => {
    const delivery = effect.data as Delivery;
    const { webhook, body, now } = await lookUp(delivery);
    // Removed: nobody is left to be told.
    if (webhook === undefined) return {};
    if (!isActive(webhook) && delivery.cause !== 'test') return over(effect, 'canceled', delivery);
    if (body === undefined) {
      const error = 'the event left the history before it could be delivered';
      const attempts = [...delivery.attempts, { at: new Date().toISOString(), durationMs: 0, error }];
      return { ...over(effect, 'failed', { ...delivery, attempts }), failed: {} };
    }
    const secrets = secretsOf(options.vault, webhook, now);
    const call = await send(options.egress, { url: webhook.settings.url, secrets, body, delivery }, signal);
    return resultOf({ effect, webhook, now, body, ...call }, options.chance ?? Math.random);
  };
}

interface Sending {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly body: string;
  readonly delivery: Delivery;
}

interface Call {
  readonly delivery: Delivery;
  readonly attempt: Attempt;
  readonly answer: Answer;
}

/** What a delivery needs from the tables. */
interface Found {
  readonly webhook: Webhook | undefined;
  readonly body: string | undefined;
  /** By the database's clock: secrets end by it. */
  readonly now: Date;
}

/** Events are as large as the bus carries; so many of the largest are in memory at once. */
const MOST_LOOKED_UP = 25;

/** Deliveries that begin together are looked up together. */
function createLookup(sql: Sql): (delivery: Delivery) => Promise<Found> {
  const find = gathered((deliveries: readonly Delivery[]) => findRows(sql, deliveries), MOST_LOOKED_UP);
  return async (delivery) => {
    const { version, state, headers, value, now } = await find(delivery);
    const webhook = state === null || version === null ? undefined : { ...state, id: delivery.webhookId, version };
    const published =
      headers === null || value === null
        ? undefined
        : bodyOf({ headers: JSON.parse(headers) as Record<string, string>, value });
    return { webhook, body: delivery.body ?? published, now: new Date(Math.floor(now)) };
  };
}

interface FoundRow {
  readonly version: number | null;
  readonly state: Omit<Webhook, 'id' | 'version'> | null;
  readonly headers: string | null;
  readonly value: string | null;
  /** ms since 1970. */
  readonly now: number;
}

function findRows(sql: Sql, deliveries: readonly Delivery[]): Promise<FoundRow[]> {
  return sql.query<FoundRow & Record<string, unknown>>(
    `select w.version, w.state, h.headers, h.value, (extract(epoch from (select clock.now())) * 1000)::float8 as now
       from unnest($1::text[], $2::text[]) with ordinality as d(webhook_id, number, place)
            left join webhook w on w.id = d.webhook_id
            left join lateral (
              select headers, value from outbox_history where number = d.number::bigint limit 1) h on true
      order by d.place`,
    [
      deliveries.map(({ webhookId }) => webhookId),
      deliveries.map(({ body, number }) => (body === undefined ? (number ?? null) : null)),
    ],
  );
}

/**
 * What signs at a time, by the database's clock. A secret whose key was lost is left out as long as there is another.
 * @throws Error where none can be opened: the delivery waits until the key is there
 */
function secretsOf(vault: Vault, webhook: Webhook, now: Date): string[] {
  const sealed = validSecrets(webhook, now).map(({ secret }) => secret);
  const opened: string[] = [];
  let fault: unknown;
  for (const secret of sealed) {
    try {
      opened.push(vault.open(webhook.id, secret));
    } catch (error) {
      fault = error;
    }
  }
  if (opened.length === 0) throw fault;
  return opened;
}

/** @throws when the process ends meanwhile */
async function send(egress: Egress, sending: Sending, signal: AbortSignal): Promise<Call> {
  const { url, secrets, body, delivery } = sending;
  const started = performance.now();
  const at = new Date();
  const timestamp = Math.floor(at.getTime() / 1000);
  const made = (rest: Partial<Attempt>): Attempt => ({
    ...{ at: at.toISOString(), durationMs: Math.round(performance.now() - started), ...rest },
  });
  try {
    const { status, headers } = await egress.guardedFetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Switchboard-Webhooks/1',
        'webhook-id': delivery.eventId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': sign(secrets, { id: delivery.eventId, timestamp, body }),
      },
      body,
      signal,
      timeoutMs: TIMEOUT,
      maxBytes: MOST_ANSWER,
      overflow: 'cut',
    });
    const answer = judge(status, headers['retry-after'], at);
    const refusal = answer.kind === 'delivered' ? {} : { error: `answered ${String(status)}` };
    return { delivery, attempt: made({ status, ...refusal }), answer };
  } catch (error) {
    if (signal.aborted || !(error instanceof EgressError)) throw error;
    const attempt = made({ error: `${error.fault}: ${error.message}` });
    return { delivery, attempt, answer: judge(undefined, undefined, at) };
  }
}

interface Made extends Call {
  readonly effect: Effect;
  readonly webhook: Webhook;
  readonly body: string;
  readonly now: Date;
}

function resultOf(made: Made, chance: () => number): Result {
  const { effect, webhook, body, attempt, answer } = made;
  const delivery = { ...made.delivery, attempts: [...made.delivery.attempts, attempt] };
  if (answer.kind === 'delivered') return over(effect, 'succeeded', delivery);
  // A test is tried once, and says nothing about the subscriber.
  if (delivery.cause === 'test') return over(effect, 'failed', delivery);
  const reason = reasonToDisable(made);
  if (reason !== undefined)
    return {
      ...over(effect, 'failed', delivery),
      command: { type: 'disable-webhook', data: { id: webhook.id, reason } },
    };
  const hold = holdFor(answer, effect.failures + 1, chance());
  const failed = hold === undefined ? {} : { hold };
  const again = nextPause(effect.attempt, chance(), answer.retryAfter);
  if (again === undefined) return { ...over(effect, 'failed', delivery), failed };
  return { again, failed, data: { ...delivery, body } satisfies Delivery };
}

/** The subscriber says so, or nothing has arrived for days. */
function reasonToDisable({ effect, webhook, attempt, answer, now }: Made): string | undefined {
  if (answer.kind === 'gone') return 'answered 410 Gone';
  if (effect.failingSince === undefined) return undefined;
  const since = Math.max(effect.failingSince.getTime(), Date.parse(webhook.activatedAt));
  if (now.getTime() - since < HOPELESS) return undefined;
  const days = Math.floor((now.getTime() - since) / DAY);
  return `nothing was delivered for ${String(days)} days; at last: ${attempt.error ?? 'no answer'}`;
}

function over(effect: Effect, status: 'succeeded' | 'failed' | 'canceled', delivery: Delivery): Result {
  return { keep: keeping(logDeliveries, { id: effect.id, status, delivery }) };
}

/** A delivery of the test event. */
export function testDelivery(webhookId: string, eventType: string, body: string): Delivery {
  return { webhookId, eventId: randomUUID(), eventType, cause: 'test', body, attempts: [] };
}
