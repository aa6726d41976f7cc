/** What sla keeps of a case: a plain JSON row; instants are ISO 8601 strings in UTC with milliseconds. */
import type { FirstTarget, Terms } from '../policies/state.ts';

/** The oldest customer message nobody has answered. */
export interface Unanswered {
  /** When intake accepted it. */
  readonly since: string;
  /** The sender's claim. */
  readonly occurredAt?: string;
  /** Version of the case that brought it. */
  readonly caseVersion: number;
}

/** How the conversation stands: who waits for whom. */
export interface Conversation {
  /** Whether the customer ever got an answer. */
  readonly responded: boolean;
  /** Case version up to which every customer message is answered. */
  readonly answeredVersion: number;
  readonly unanswered?: Unanswered;
}

/** A promise of an answer that resolving the case withdrew. */
export interface Withdrawn {
  readonly clockId: string;
  /** Those of other policies. */
  readonly others?: readonly string[];
  readonly since: string;
  readonly until: string;
}

/** The newest answer: one that was earlier may be told of later. */
interface Answered {
  readonly clockIds: readonly string[];
  readonly since: string;
  readonly at: string;
}

/** From an instant on, the case was as this says; what is absent stayed. An empty `team`: nobody's. */
export interface CaseLabel {
  readonly at: string;
  readonly status?: string;
  readonly priority?: number;
  readonly team?: string;
  readonly tier?: string;
}

/** The variables of conditions, as the newest snapshots have them. */
export interface KeptFacts {
  readonly case: object;
  readonly contact: object;
  readonly customer?: object;
}

/** Something that conditions read, by variable, field and key; without a value it was not there. */
export interface Reading {
  readonly path: readonly string[];
  readonly value?: unknown;
}

/** What was other than it is known to have been after that. */
export interface PastTurn {
  readonly until: string;
  readonly was: readonly Reading[];
}

/** What conditions read, as it was before the newest facts (see `past.ts`). */
export interface History {
  /** Since when it is known, by path; empty: ever since. */
  readonly since: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly turns: readonly PastTurn[];
}

/** As it is kept. */
export interface Past extends History {
  /** Of which facts it is the past: their dates. */
  readonly of: string;
}

/** The agent who has the work, and since when. */
export interface Assignee {
  readonly agentId: string;
  readonly at: string;
}

/** What few cases have. */
export interface CaseExtras {
  /** Of the policies after the first one. */
  readonly moreTerms?: readonly Terms[];
  /** The clocks that older replicas do not know: by policy and slot (see `slots.ts`). */
  readonly clocks?: Readonly<Record<string, string>>;
  /** Only where conditions are looked at again and again, or may come to be when the customer becomes known. */
  readonly facts?: KeptFacts;
  /** Since when the facts of the case and of the contact are so; absent in rows of before. */
  readonly factsAt?: string;
  /** Since when those of the customer are. */
  readonly customerAt?: string;
  readonly answered?: Answered;
  /** Where facts are kept; absent in rows of before. */
  readonly past?: Past;
  /** Who has taken the work; only where ladders may tell them, or trouble is foreseen. */
  readonly assignee?: Assignee;
  /** Since when the work waits in a queue, and nobody has taken it; only where somebody may be helped by that. */
  readonly waitsSince?: string;
  /** When work was taken that is a conversation, the latest last. */
  readonly taken?: readonly string[];
  /** Where a policy lets bots answer: the conversation as it stands then. */
  readonly withBots?: Conversation;
  /** Clocks of teams that gave the case away, the latest last. */
  readonly handed?: readonly string[];
  /** The newest public message of an agent since the case was opened, and of an agent or a bot. */
  readonly updatedAt?: { readonly agent?: string; readonly any?: string };
  /** Clocks, by policy and slot, whose `reset` holds already: it resets when it comes to hold. */
  readonly reset?: readonly string[];
  /** By policy and slot: since when something is owed for which conditions let no clock begin at once. */
  readonly idle?: Readonly<Record<string, string>>;
  /** Promises of an answer that conditions ended, the latest last: an answer before that may be told of later. */
  readonly ended?: readonly string[];
}

/** A case as far as its clocks are concerned. `id` is the case's. */
export interface CaseClocks extends Conversation {
  readonly id: string;
  readonly version: number;
  /** The newest version of the case seen. */
  readonly caseVersion: number;
  readonly status: string;
  readonly priority: number;
  readonly customerId?: string;
  /** The customer's. */
  readonly tier?: string;
  /** The team that holds the work now. */
  readonly team?: string;
  /** Of the first policy that matched. */
  readonly terms: Terms;
  /** Policies whose condition could not be decided for this case; they count as no match. */
  readonly undecided?: readonly { readonly policyId: string; readonly error: string }[];
  /** The last one: work that was accepted before the case was resolved may be told of after it. */
  readonly withdrawn?: Withdrawn;
  /** Since when the case is to be resolved; absent while it is. */
  readonly openSince?: string;
  readonly openOccurredAt?: string;
  /** The first policy's clock that counts for each target now: neither met nor canceled. */
  readonly clocks: Readonly<Partial<Record<FirstTarget, string>>>;
  /** What the case was when, in order, as far as clocks need it (see `labels.ts`); absent in rows of before. */
  readonly labels?: readonly CaseLabel[];
  /** What of the case is compared with other cases: reason, product, channel, language. */
  readonly traits?: Readonly<Record<string, string>>;
  readonly extras?: CaseExtras;
}
