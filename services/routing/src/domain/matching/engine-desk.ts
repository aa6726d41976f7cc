/** What is between the matcher and engines: what they are asked, and what they answered. */
import type { Engine } from '../queues/queues.ts';
import type { AgentFacts } from '../people/state.ts';
import type { CaseFacts } from '../work/state.ts';
import type { EngineFailure } from './record.ts';

/** What an engine is asked: who of these agents gets which of these items. */
export interface Question {
  readonly queueId: string;
  readonly policyVersion: number;
  readonly items: readonly AskedItem[];
  /** Everybody who is named in `items`. */
  readonly agents: readonly AskedAgent[];
}

export interface AskedItem {
  readonly workItemId: string;
  readonly channel: string;
  readonly priority: number;
  readonly enqueuedAt: string;
  readonly case: Omit<CaseFacts, 'status' | 'subject'>;
  readonly customer: { readonly id?: string | undefined; readonly tier?: string | undefined };
  /** Who may have it, the longest idle first. */
  readonly candidates: readonly string[];
}

export interface AskedAgent extends AgentFacts {
  /** Items held. */
  readonly held: number;
  readonly idleSince?: string | undefined;
}

/** What an engine answered; `reason`: why it is no answer. */
export type EngineAnswer =
  | { readonly assignments: readonly { readonly workItemId: string; readonly agentId: string }[] }
  | { readonly reason: EngineFailure };

/** A question with where it goes. */
export interface Asking {
  readonly engine: Engine;
  readonly question: Question;
}

interface Round {
  /** Item -> its version then. */
  readonly items: ReadonlyMap<string, number>;
  answer?: EngineAnswer | undefined;
}

/** Failures in a row, and until when nothing is asked, ms. */
export interface Breaker {
  readonly failures: number;
  readonly openUntil: number;
}

/** What is between the matcher and engines. By queue. */
export interface EngineDesk {
  readonly rounds: Map<string, Round>;
  readonly breakers: Map<string, Breaker>;
  /** To be sent. */
  questions: Asking[];
}

export const createEngineDesk = (): EngineDesk => ({ rounds: new Map(), breakers: new Map(), questions: [] });

/** What is to be sent now. */
export function takeQuestions(desk: EngineDesk): Asking[] {
  const { questions } = desk;
  desk.questions = [];
  return questions;
}
