/** Deciding a batch's messages one after the other over the loaded world. Pure but for the world's own loads. */
import type { Definition, Outcome, StoredAnswer, TracedEffect } from './definition.ts';
import type {
  Answer,
  Commands,
  Context,
  Decision,
  Handler,
  Kinds,
  Message,
  Need,
  OutgoingEvent,
  Trace,
} from './domain.ts';
import type { Burial, Envelope, Settled } from './envelope.ts';
import type { Sql } from './ports.ts';
import { refKey, type Room } from './room.ts';
import type { NewDeadLetter } from './tables/dead-letters.ts';
import type { TracedTimer } from './tables/timers.ts';
import type { Waiter } from './tables/waiting-room.ts';
import { startMessageSpan } from './telemetry.ts';
import { fetchAll, type BatchWorld, type Created } from './world.ts';

export interface TracedEvent {
  readonly event: OutgoingEvent;
  readonly trace: Trace;
}

/** Everything a batch will write besides its aggregates. */
export interface Harvest {
  readonly settled: Settled[];
  readonly events: TracedEvent[];
  /** The last change of each, by kind and id. */
  readonly timers: Map<string, TracedTimer>;
  readonly effects: TracedEffect[];
  readonly deadLetters: NewDeadLetter[];
  readonly answers: Map<string, StoredAnswer>;
  readonly newAnswers: StoredAnswer[];
  /** Messages of this batch that wait for something not there, by aggregate. */
  readonly waiters: Map<string, Waiter[]>;
  readonly created: Created[];
}

export interface Folding<K extends Kinds, M extends Commands, C> {
  readonly definition: Definition<K, M, C>;
  readonly sql: Sql;
  readonly world: BatchWorld<K>;
  readonly context: Context<C>;
  readonly harvest: Harvest;
  readonly room: Room;
}

export const answerKey = (scope: string, key: string): string => `${scope}\n${key}`;
const timerKey = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind}\n${id}`;

/** The handler of a message. @throws when the type is unknown (a dead letter of an older version, say). */
export function handlerOf<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  message: Message,
): Handler<K, C, Message> {
  const handler = (definition.handlers as Readonly<Record<string, Handler<K, C, Message> | undefined>>)[message.type];
  if (handler === undefined) throw new Error(`no handler for ${message.type}`);
  return handler;
}

/** What a message needs; nothing when asking throws, which is told to `onThrow`: `decideOne` buries it for that. */
export function needsOf<K extends Kinds, M extends Commands, C>(
  { definition, world }: Pick<Folding<K, M, C>, 'definition' | 'world'>,
  envelope: Envelope,
  onThrow?: (error: unknown) => void,
): readonly Need<K>[] {
  if (envelope.buried !== undefined) return [];
  try {
    return handlerOf(definition, envelope.message).needs(envelope.message, world);
  } catch (error) {
    onThrow?.(error);
    return [];
  }
}

/**
 * Decides one message and folds what it decided into the world and the harvest. What `needs` or `decide` throws is the
 * message's own fault: being pure they left nothing behind, so it is buried and its neighbours go on.
 */
export async function decideOne<K extends Kinds, M extends Commands, C>(
  folding: Folding<K, M, C>,
  envelope: Envelope,
): Promise<void> {
  const { harvest, definition } = folding;
  const outcome = envelope.buried === undefined ? handledBefore(harvest, envelope) : undefined;
  if (outcome !== undefined) {
    harvest.settled.push({ envelope, outcome });
    return;
  }
  const span = startMessageSpan(definition.service, envelope.message.type, envelope.message.trace);
  const answer = await ask(folding, envelope);
  if (answer instanceof Error) {
    bury(folding, envelope, { reason: envelope.buried?.reason ?? 'failed', error: answer.message });
    settle(harvest, envelope, { outcome: 'failed', error: answer });
    span.end(answer.message);
  } else if ('rejected' in answer) {
    const fields = (answer.errors ?? []).map(({ field, reason }) => ` ${field}: ${reason}`).join(';');
    bury(folding, envelope, { reason: answer.code, error: answer.detail + fields });
    settle(harvest, envelope, { outcome: 'rejected', rejection: answer });
    span.end(answer.detail);
  } else if ('waitFor' in answer && envelope.seat !== undefined) {
    const error = `waited for ${answer.waitFor.kind} ${answer.waitFor.id}, which never came`;
    bury(folding, envelope, { reason: 'never-arrived', error });
    harvest.settled.push({ envelope, outcome: { outcome: 'failed', error: new Error(error) } });
    span.end(error);
  } else if ('waitFor' in answer) {
    addWaiter(harvest, { envelope, for: answer.waitFor });
    harvest.settled.push({ envelope, outcome: { outcome: 'waiting' } });
    span.end();
  } else {
    await fold(folding, envelope, { decision: answer, traceparent: span.traceparent });
    span.end();
  }
}

async function ask<K extends Kinds, M extends Commands, C>(
  folding: Folding<K, M, C>,
  envelope: Envelope,
): Promise<Answer<K> | Error> {
  if (envelope.buried !== undefined) return new Error(envelope.buried.error);
  const { message } = envelope;
  // Earlier messages may have moved what this one looks for: ask once more, now that they are folded in.
  let thrown: unknown;
  await fetchAll(folding.sql, folding.world, [message], () =>
    needsOf(folding, envelope, (error) => {
      thrown = asError(error);
    }),
  );
  if (thrown instanceof Error) return thrown;
  try {
    return handlerOf(folding.definition, message).decide(message, folding.world, folding.context);
  } catch (error) {
    return asError(error);
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

async function fold<K extends Kinds, M extends Commands, C>(
  folding: Folding<K, M, C>,
  envelope: Envelope,
  { decision, traceparent }: { decision: Decision<K>; traceparent: string | undefined },
): Promise<void> {
  const { harvest, world } = folding;
  const { message } = envelope;
  const created = world.apply(decision.changes ?? []);
  const trace = { traceparent, correlationId: message.trace.correlationId, causationId: message.id };
  for (const event of decision.events ?? []) harvest.events.push({ event, trace });
  for (const change of decision.timers ?? [])
    harvest.timers.set(timerKey('set' in change ? change.set : change.cancel), { change, trace });
  for (const request of decision.effects ?? []) harvest.effects.push({ request, trace });
  settle(harvest, envelope, { outcome: 'done', reply: decision.reply });
  await letIn(folding, created);
}

/** Records and timers go to the dead letters; a REST caller is simply told. */
function bury<K extends Kinds, M extends Commands, C>(
  { harvest, context }: Folding<K, M, C>,
  envelope: Envelope,
  burial: Burial,
): void {
  const { record, timer, seat, buried } = envelope;
  if (record === undefined && timer === undefined && seat === undefined && buried === undefined) return;
  harvest.deadLetters.push({ id: context.newId(), record: envelope.record, message: envelope.message, burial });
}

/** Whoever waited for what was just created is decided right after it: those in the room first, then those of this batch. */
async function letIn<K extends Kinds, M extends Commands, C>(
  folding: Folding<K, M, C>,
  created: readonly Created[],
): Promise<void> {
  const { harvest, definition, room } = folding;
  for (const ref of created) {
    if (definition.kinds.find(({ kind }) => kind === ref.kind)?.awaited !== true) continue;
    harvest.created.push(ref);
    for (const { envelope } of await room.release(ref)) await decideOne(folding, envelope);
    const waiters = harvest.waiters.get(refKey(ref)) ?? [];
    harvest.waiters.delete(refKey(ref));
    for (const { envelope } of waiters) await decideOne(folding, envelope);
  }
}

function addWaiter(harvest: Harvest, waiter: Waiter): void {
  const key = refKey(waiter.for);
  const waiters = harvest.waiters.get(key);
  if (waiters === undefined) harvest.waiters.set(key, [waiter]);
  else waiters.push(waiter);
}

/**
 * An answer that was given under the same key; or a timer that an earlier message of the batch moved or withdrew, as if
 * that one had been in a batch before: the claim came too early to see it.
 */
function handledBefore(harvest: Harvest, { idempotency, timer }: Envelope): Outcome | undefined {
  if (timer !== undefined && harvest.timers.has(timerKey(timer))) return { outcome: 'duplicate' };
  if (idempotency === undefined) return undefined;
  const answer = harvest.answers.get(answerKey(idempotency.scope, idempotency.key));
  if (answer === undefined) return undefined;
  if (answer.fingerprint !== idempotency.fingerprint) return { outcome: 'key-reused' };
  return { outcome: 'repeated', status: answer.status, body: answer.body };
}

/** A command's answer is what it did; a replay's caller is to hear the same again whatever became of it. */
function settle(harvest: Harvest, envelope: Envelope, outcome: Outcome): void {
  if (envelope.letter !== undefined) recordAnswer(harvest, envelope, outcome);
  else if (outcome.outcome === 'done') recordAnswer(harvest, envelope, outcome.reply);
  harvest.settled.push({ envelope, outcome });
}

/** Stored with the effect. */
export function recordAnswer(harvest: Harvest, { idempotency }: Envelope, reply: unknown): void {
  if (idempotency === undefined) return;
  const { scope, key, fingerprint } = idempotency;
  const answer = { scope, key, fingerprint, ...idempotency.respond(reply) };
  harvest.answers.set(answerKey(scope, key), answer);
  harvest.newAnswers.push(answer);
}
