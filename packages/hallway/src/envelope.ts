/** A message on its way through a lane, with what it came in as. */
import type { IncomingRecord } from '@switchboard/bus';
import type { Idempotency, Outcome } from './definition.ts';
import type { Message } from './domain.ts';

export interface TimerClaim {
  readonly kind: string;
  readonly id: string;
  readonly revision: string;
}

export interface Envelope {
  readonly message: Message;
  /** Own events: the inbox decides whether this id was handled before. */
  readonly once?: boolean;
  readonly timer?: TimerClaim;
  /** Its seat in the waiting room, given up with the transaction that handles it. */
  readonly seat?: string;
  /** The dead letter it is another try of, and when that was replayed last, as read: who is faster has it. */
  readonly letter?: { readonly id: string; readonly replayedAt: string | null };
  /** Failed before: whoever waits for what it creates may be why, and is let in later, each in a batch of its own. */
  readonly alone?: boolean;
  readonly idempotency?: Idempotency;
  /** The record it came in as, for the dead letters. */
  readonly record?: IncomingRecord;
  /** Goes to the dead letters instead of being decided. */
  readonly buried?: Burial;
  /** A REST caller waits no longer than this (ms since the epoch, this process's clock). */
  readonly deadline?: number;
}

export interface Burial {
  readonly reason: string;
  readonly error: string;
}

export interface Settled {
  readonly envelope: Envelope;
  readonly outcome: Outcome;
}
