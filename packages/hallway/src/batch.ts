/**
 * One batch, one transaction: claim, load and lock, decide, save, outbox last. Either everything of it is on disk or
 * nothing is.
 */
import { randomBytes } from 'node:crypto';
import { newId } from './ids.ts';
import { ConflictError } from './conflict.ts';
import type { Definition, Outcome } from './definition.ts';
import { deadLetterRow, eventRow } from './departing.ts';
import type { Commands, Context, Kinds, Need } from './domain.ts';
import type { Envelope, Settled } from './envelope.ts';
import { answerKey, decideOne, needsOf, recordAnswer, type Folding, type Harvest } from './fold.ts';
import type { Sql } from './ports.ts';
import type { Attempt } from './lane.ts';
import { isReplayed } from './replay.ts';
import { claimLetters, insertDeadLetters, markReplayed } from './tables/dead-letters.ts';
import { addEffects } from './tables/effects.ts';
import { claimInbox, loadAnswers, saveAnswers } from './tables/inbox.ts';
import { insertOutbox, type OutboxRow } from './tables/outbox.ts';
import { claimTimers, saveTimers } from './tables/timers.ts';
import { together } from './together.ts';
import { closedRoom, openRoom } from './room.ts';
import { callWaiters, claimSeats, insertWaiters, lockRefs, type Seated } from './tables/waiting-room.ts';
import { createWorld, fetchAll, type BatchWorld, type Created } from './world.ts';

export interface BatchOptions {
  readonly prefix: string;
  /** How long a message may wait for its aggregate, ms. */
  readonly waitingWindow: number;
}

/** The configuration snapshot and what revision it was read at; shared by the batches of one process. */
export interface ConfigurationCache<C> {
  revision: string;
  snapshot: C | undefined;
}

export interface BatchRunner<K extends Kinds, M extends Commands, C> {
  readonly definition: Definition<K, M, C>;
  readonly options: BatchOptions;
  readonly configuration: ConfigurationCache<C>;
}

/** Runs inside the caller's transaction. The marker is inserted too: it proves later that this batch did commit. */
export async function runBatch<K extends Kinds, M extends Commands, C>(
  runner: BatchRunner<K, M, C>,
  sql: Sql,
  envelopes: readonly Envelope[],
  attempt: Attempt,
): Promise<Settled[]> {
  const { definition } = runner;
  const world = createWorld(definition.kinds);
  const harvest = newHarvest();
  const needs = envelopes.flatMap((envelope) => needsAt({ definition, world }, envelope));
  // What repeats would need is loaded with the rest: they are few, and the others need not wait to know which they are.
  const [fresh] = await together(claimOnce(sql, envelopes, attempt.marker, harvest), world.fetch(sql, needs));
  await fetchAll(
    sql,
    world,
    fresh.map(({ message }) => message),
    (at) => needsAt({ definition, world }, fresh[at]),
  );
  const due = await claimDue(sql, fresh, harvest);
  const alone = due.some((envelope) => envelope.alone === true);
  const types = Object.keys(definition.handlers);
  const prepare = (seated: readonly Seated[]): Promise<void> =>
    fetchAll(
      sql,
      world,
      seated.map(({ envelope }) => envelope.message),
      (at) => needsAt({ definition, world }, seated[at]?.envelope),
    );
  const [room, context] = await together(
    alone ? Promise.resolve(closedRoom) : openRoom(creatable(runner, world), { sql, attempt, types, prepare }),
    openContext(runner, sql),
    loadGivenAnswers(sql, due, harvest),
  );
  const folding: Folding<K, M, C> = { definition, sql, world, context, harvest, room };
  for (const envelope of due) await decideOne(folding, envelope);
  if (alone) await together(lockRefs(sql, harvest.created), callWaiters(sql, harvest.created));
  await seatWaiting(folding, runner.options);
  attempt.said = await save(runner, folding);
  return harvest.settled;
}

function needsAt<K extends Kinds, M extends Commands, C>(
  folding: Pick<Folding<K, M, C>, 'definition' | 'world'>,
  envelope: Envelope | undefined,
): readonly Need<K>[] {
  return envelope === undefined ? [] : needsOf(folding, envelope);
}

function newHarvest(): Harvest {
  return {
    settled: [],
    events: [],
    timers: new Map(),
    effects: [],
    deadLetters: [],
    answers: new Map(),
    newAnswers: [],
    waiters: new Map(),
    created: [],
  };
}

/**
 * Those whose id the inbox has not seen. The first of equals in one batch wins. The marker is claimed with them: a server
 * may still be busy with a commit when its connection is gone, and this waits for it.
 * @throws ConflictError when that commit counted: the next try finds it
 */
async function claimOnce(
  sql: Sql,
  envelopes: readonly Envelope[],
  marker: string,
  harvest: Harvest,
): Promise<Envelope[]> {
  const ids = envelopes.filter((envelope) => envelope.once === true).map(({ message }) => message.id);
  const claimed = await claimInbox(sql, [...ids, marker]);
  if (!claimed.delete(marker)) throw new ConflictError('the commit of an earlier try came through meanwhile');
  const fresh: Envelope[] = [];
  for (const envelope of envelopes) {
    if (envelope.once !== true || claimed.delete(envelope.message.id)) fresh.push(envelope);
    else harvest.settled.push({ envelope, outcome: { outcome: 'duplicate' } });
  }
  return fresh;
}

/**
 * Timers are claimed once their aggregates are locked, the same order in which decisions move them; seats of the
 * waiting room and dead letters likewise. What somebody else took meanwhile is not decided.
 */
async function claimDue(sql: Sql, fresh: readonly Envelope[], harvest: Harvest): Promise<readonly Envelope[]> {
  const claims = fresh.flatMap(({ timer }) => (timer === undefined ? [] : [timer]));
  const seats = fresh.flatMap(({ seat }) => (seat === undefined ? [] : [seat]));
  const letters = fresh.flatMap(({ letter }) => (letter === undefined ? [] : [letter]));
  if (claims.length + seats.length + letters.length === 0) return fresh;
  const [timers, taken, open] = await together(
    claimTimers(sql, claims),
    claimSeats(sql, seats),
    claimLetters(sql, letters),
  );
  return fresh.filter((envelope) => {
    const { timer, seat, letter } = envelope;
    const isDue = timer === undefined || timers.has(timer.revision);
    if (isDue && (seat === undefined || taken.has(seat)) && (letter === undefined || open.delete(letter.id)))
      return true;
    harvest.settled.push({ envelope, outcome: { outcome: 'duplicate' } });
    return false;
  });
}

/** The batch's time, taken after its locks; with it the configuration, read again when it moved on. */
async function openContext<K extends Kinds, M extends Commands, C>(
  { definition, configuration }: BatchRunner<K, M, C>,
  sql: Sql,
): Promise<Context<C>> {
  const [row] = await sql.query<{ now: number; revision: string }>(
    `select (extract(epoch from clock.now()) * 1000)::float8 as now, revision::text from configuration_revision`,
  );
  if (row === undefined) throw new Error('the table configuration_revision is empty');
  let snapshot = configuration.snapshot;
  if (snapshot === undefined || configuration.revision !== row.revision) {
    snapshot = await definition.configuration.load(sql);
    configuration.snapshot = snapshot;
    configuration.revision = row.revision;
  }
  return {
    now: new Date(Math.floor(row.now)),
    configuration: snapshot,
    newId,
    randomBytes: (length) => randomBytes(length),
  };
}

async function loadGivenAnswers(sql: Sql, claimed: readonly Envelope[], harvest: Harvest): Promise<void> {
  const keys = claimed.flatMap(({ idempotency }) => (idempotency === undefined ? [] : [idempotency]));
  for (const answer of await loadAnswers(sql, keys)) harvest.answers.set(answerKey(answer.scope, answer.key), answer);
}

/** What others may wait for and is not there: this batch may create it. */
function creatable<K extends Kinds, M extends Commands, C>(
  { definition }: BatchRunner<K, M, C>,
  world: BatchWorld<K>,
): Created[] {
  const awaited = definition.kinds.filter((entry) => entry.awaited === true);
  return awaited.flatMap(({ kind }) => world.missing(kind).map((id) => ({ kind, id })));
}

/** Seats those of this batch who have to wait. */
async function seatWaiting<K extends Kinds, M extends Commands, C>(
  { sql, harvest, definition }: Folding<K, M, C>,
  options: BatchOptions,
): Promise<void> {
  const waiters = [...harvest.waiters.values()].flat();
  if (waiters.length === 0) return;
  const refs = waiters.map((waiter) => waiter.for);
  await lockRefs(sql, refs);
  for (const { kind, store } of definition.kinds) {
    const ids = [...new Set(refs.filter((ref) => ref.kind === kind).map((ref) => ref.id))];
    const arrived = ids.length === 0 ? [] : await store.load(sql, ids.sort(), 'read');
    if (arrived.length > 0) throw new ConflictError(`${kind} arrived while a message sat down to wait for it`);
  }
  await insertWaiters(sql, waiters, options.waitingWindow);
  const outcome: Outcome = { outcome: 'waiting' };
  for (const { envelope } of waiters) if (envelope.letter !== undefined) recordAnswer(harvest, envelope, outcome);
}

async function save<K extends Kinds, M extends Commands, C>(
  { options, definition }: BatchRunner<K, M, C>,
  { sql, world, harvest, context, room }: Folding<K, M, C>,
): Promise<readonly OutboxRow[]> {
  const time = context.now.toISOString();
  const published = harvest.events.map(({ event, trace }) =>
    eventRow({ ...event, id: newId(), time, trace }, { service: definition.service, prefix: options.prefix }),
  );
  const buried = harvest.deadLetters
    .filter(({ record }) => record !== undefined)
    .map((letter) => deadLetterRow(letter, `${options.prefix}.${definition.service}.dead-letters`));
  await together(
    world.save(sql),
    room.save(),
    bumpRevision(sql, definition, world),
    saveAnswers(sql, harvest.newAnswers),
    saveTimers(sql, [...harvest.timers.values()]),
    addEffects(sql, harvest.effects),
    insertDeadLetters(sql, harvest.deadLetters),
    markReplayed(sql, lettersOver(harvest)),
    insertOutbox(sql, [...published, ...buried]),
  );
  return published;
}

/** Those that were replayed, in the transaction that has the effect: nobody finds them open who could have it again. */
const lettersOver = ({ settled }: Harvest): string[] =>
  settled.flatMap(({ envelope, outcome }) =>
    envelope.letter !== undefined && isReplayed(outcome, envelope) ? [envelope.letter.id] : [],
  );

async function bumpRevision<K extends Kinds, M extends Commands, C>(
  sql: Sql,
  { configuration }: Definition<K, M, C>,
  world: BatchWorld<K>,
): Promise<void> {
  const changed = world.changedKinds();
  if (!configuration.kinds.some((kind) => changed.has(kind))) return;
  await sql.query('update configuration_revision set revision = revision + 1');
}
