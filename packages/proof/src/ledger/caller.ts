/** A REST caller as they are in the field: it sends again, with the same Idempotency-Key, until it has an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '@switchboard/fleet';
import type { ServiceName } from '@switchboard/launcher';
import type { Chance } from '../chance.ts';

export interface Call {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export interface Caller {
  /**
   * Calls one replica after the other until one answers for good: neither a broken connection nor 429, 5xx or "still
   * running". @throws when `giveUp` says so before an answer came
   */
  call(call: Call): Promise<Answered>;
}

/** Share of the answers that never reach their caller. */
const lostAnswers = 0.2;

/** Longer than a replica may take: it answers 503 after ten seconds of waiting for its database. */
const patienceMs = 15_000;

export function createCaller(fleet: Fleet, chance: Chance, giveUp: AbortSignal): Caller {
  return {
    async call(call) {
      // Answers get lost on their way: such a caller has to ask again.
      let lost = call.key !== undefined && chance.happens(lostAnswers);
      for (;;) {
        giveUp.throwIfAborted();
        const replica = chance.pick(fleet.of(call.service));
        const answer = await once(`${replica.url}${call.path}`, fleet.token, call).catch(() => undefined);
        if (answer !== undefined && isFinal(answer) && !lost) return answer;
        if (answer !== undefined) lost = false;
        await sleep(chance.whole(50, 300));
      }
    },
  };
}

async function once(url: string, token: string, { method, body, key }: Call): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: response.status, body: await response.json() };
}

function isFinal({ status, body }: Answered): boolean {
  if (status >= 500 || status === 429) return false;
  return !(
    status === 409 &&
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    body.code === 'still-running'
  );
}
