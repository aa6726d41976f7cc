/** What a door file holds in hand: commands go in through `submit`, reads go to `db`. */
import { context, propagation } from '@opentelemetry/api';
import type {
  Command,
  Commands,
  Hallway,
  Idempotency,
  Logger,
  Outcome,
  Sql,
  SubmitOptions,
} from '@switchboard/hallway';
import type { Db } from '../database/pool.ts';
import { alone, fingerprint, readKey } from './idempotency.ts';
import type { RunningKeys } from './idempotency.ts';
import { problem, rejectionProblem } from './problem.ts';
import type { DoorRequest, Reply } from './routes.ts';

export interface Door<M extends Commands> {
  /**
   * Sends a command through the hallway and answers when it is durable. `respond` turns the handler's reply into the
   * answer; it is kept under the request's Idempotency-Key, if there is one, in the form that `kept` gives it.
   * @throws Problem for everything that is not an answer
   */
  submit<R extends Reply>(
    request: DoorRequest,
    command: Command<M>,
    respond: (reply: never) => R,
    kept?: KeptForm<R['body']>,
  ): Promise<R>;
  /**
   * For a request that is many messages: under an Idempotency-Key the work is done once and its answer given again.
   * The answer is kept behind the work: a process that dies in between lets it be done again, which has to be harmless,
   * or the work keeps the answer under `key` in the transaction of its effect.
   * @throws Problem key-reused, still-running
   */
  once<R extends Reply>(request: DoorRequest, work: (key: AnswerKey | undefined) => Promise<R>): Promise<R>;
  /** The same without HTTP's mapping: for doors that send several commands a request, or are no HTTP at all. */
  send(command: Command<M>, options?: SubmitOptions): Promise<Outcome>;
  readonly hallway: Hallway<M>;
  /** drizzle, for reads. */
  readonly db: Db;
  /** Plain SQL, for reads. */
  readonly sql: Sql;
  readonly logger: Logger;
}

/** For answers that are not to be stored as they are given. */
export interface KeptForm<B> {
  seal(body: B): B;
  open(body: B): B;
}

/** Under which a request's answer is kept. */
export type AnswerKey = Omit<Idempotency, 'respond'>;

export interface DoorParts<M extends Commands> {
  readonly hallway: Hallway<M>;
  readonly db: Db;
  readonly sql: Sql;
  readonly logger: Logger;
}

export function createDoor<M extends Commands>(parts: DoorParts<M>): Door<M> {
  const { hallway, db, sql, logger } = parts;
  const running: RunningKeys = new Set();
  const send = (command: Command<M>, options: SubmitOptions = {}): Promise<Outcome> =>
    hallway.submit(command, { ...tracing(), ...options });
  return {
    hallway,
    db,
    sql,
    logger,
    send,
    submit: async (request, command, respond, kept) => {
      const idempotency = idempotencyOf(request, (reply) => {
        const answered = respond(reply as never);
        return kept === undefined ? answered : { ...answered, body: kept.seal(answered.body) };
      });
      const correlationId = correlationOf(request);
      const outcome = await alone(running, idempotency, () =>
        send(command, { ...correlationId, ...(idempotency === undefined ? {} : { idempotency }) }),
      );
      return answer(outcome, respond, kept);
    },
    once: (request, work) => {
      const idempotency = idempotencyOf(request, (reply) => reply as Reply);
      return alone(running, idempotency, () =>
        idempotency === undefined ? work(undefined) : kept(hallway, idempotency, work),
      );
    },
  };
}

async function kept<M extends Commands, R extends Reply>(
  { answers }: Pick<Hallway<M>, 'answers'>,
  { scope, key, fingerprint: sent }: AnswerKey,
  work: (key: AnswerKey) => Promise<R>,
): Promise<R> {
  const known = await answers.find(scope, key);
  if (known !== undefined && known.fingerprint !== sent) throw keyReused();
  if (known !== undefined) return { status: known.status, body: known.body } as R;
  const { status, body } = await work({ scope, key, fingerprint: sent });
  await answers.keep({ scope, key, fingerprint: sent, status, body });
  return { status, body } as R;
}

/**
 * For a request that is refused for its body: a used key is looked up first.
 * @throws Problem key-reused
 */
export type KeyGuard = (request: DoorRequest) => Promise<void>;

export function keyGuard<M extends Commands>({ answers }: Pick<Hallway<M>, 'answers'>): KeyGuard {
  return async (request) => {
    const asked = idempotencyOf(request, (reply) => reply as Reply);
    const known = asked && (await answers.find(asked.scope, asked.key));
    if (known !== undefined && known.fingerprint !== asked?.fingerprint) throw keyReused();
  };
}

const keyReused = () => problem('key-reused', 'This Idempotency-Key was used before with another body');

/** The active span, as what the message is caused by. */
function tracing(): SubmitOptions {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined ? {} : { traceparent: carrier.traceparent };
}

function correlationOf(request: DoorRequest): SubmitOptions {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? { correlationId: given } : {};
}

function idempotencyOf(request: DoorRequest, respond: (reply: unknown) => Reply): Idempotency | undefined {
  if (request.method !== 'POST') return undefined;
  const key = readKey(request.headers['idempotency-key']);
  if (key === undefined) return undefined;
  const params = JSON.stringify(request.params ?? {});
  return {
    scope: `${request.caller?.id ?? 'public'} ${request.routePath} ${params}`,
    key,
    fingerprint: fingerprint(request.sent),
    respond: (reply) => {
      const { status, body } = respond(reply);
      return { status, body };
    },
  };
}

const notStored = 'nothing was stored, send it again';
const maybeStored = 'it may have been stored; send it again under the same Idempotency-Key, or look first';

function answer<R extends Reply>(outcome: Outcome, respond: (reply: never) => R, kept?: KeptForm<R['body']>): R {
  switch (outcome.outcome) {
    case 'done':
      return respond(outcome.reply as never);
    case 'repeated':
      return { status: outcome.status, body: kept === undefined ? outcome.body : kept.open(outcome.body) } as R;
    case 'key-reused':
      throw keyReused();
    case 'rejected':
      throw rejectionProblem(outcome.rejection);
    case 'unavailable':
      throw problem('unavailable', `${outcome.reason}: ${outcome.mayBeDone === true ? maybeStored : notStored}`, {
        headers: { 'retry-after': '2' },
      });
    case 'waiting':
    case 'duplicate':
      throw problem('internal', 'The command was not answered', { cause: outcome.outcome });
    case 'failed':
      if (outcome.error.name === 'EventTooLargeError')
        throw problem('too-large', `Too much at once: ${outcome.error.message}`);
      throw problem('internal', 'The command failed', { cause: outcome.error });
  }
}
