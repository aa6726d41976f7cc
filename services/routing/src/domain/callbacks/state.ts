/** A promise to call somebody back. Instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';

export const callbackStatuses = ['scheduled', 'due', 'calling', 'completed', 'failed', 'expired', 'canceled'] as const;
/** `scheduled` until a window opens or the gap is over; `due`: can be called; `calling`: an agent has it. */
export type CallbackStatus = (typeof callbackStatuses)[number];

export const callbackOrders = ['agent-first', 'customer-first'] as const;
/** Who is on the line first: the agent, who then calls; or the customer, for whom an agent is then found. */
export type CallbackOrder = (typeof callbackOrders)[number];

export interface CallbackWindow {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

export interface CallbackAttempt {
  readonly at: string;
  readonly outcome: string;
  readonly agentId?: string | undefined;
  readonly note?: string | undefined;
}

/** What was asked for. */
export interface CallbackTerms {
  readonly channel: string;
  /** Contact point. */
  readonly to: string;
  readonly order: CallbackOrder;
  /** In order, apart from each other. None: at any time. */
  readonly windows: readonly CallbackWindow[];
  /** Whose it is; absent: anybody's. */
  readonly owner?:
    | {
        readonly agentId: string;
        /** For how long of each time that it is due, ISO 8601; absent: always. */
        readonly span?: string | undefined;
      }
    | undefined;
  readonly requirements?: string | undefined;
  readonly team?: string | undefined;
  readonly queueId?: string | undefined;
  readonly priority?: number | undefined;
  readonly attempts: number;
  /** Least time between two attempts, ISO 8601. */
  readonly gap: string;
}

export interface Callback extends Versioned {
  readonly caseId: string;
  readonly status: CallbackStatus;
  readonly terms: CallbackTerms;
  /** When the customer first asked: the place in the queue. */
  readonly arrivedAt: string;
  readonly createdAt: string;
  readonly endedAt?: string | undefined;
  /** When it can be tried next. */
  readonly nextAt?: string | undefined;
  /** The window it is in, or waits for: until when. */
  readonly until?: string | undefined;
  readonly attempts: readonly CallbackAttempt[];
  /** The open one. */
  readonly workItemId?: string | undefined;
  readonly reason?: string | undefined;
}

export const isOpenCallback = ({ status }: Pick<Callback, 'status'>): boolean =>
  status === 'scheduled' || status === 'due' || status === 'calling';
