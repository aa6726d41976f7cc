/** Everything routing can be told to do. */
import type { CallbackHappening } from './callbacks/progress.ts';
import type { CallbackTerms } from './callbacks/state.ts';
import type { Learned } from './figures/learned.ts';
import type { AlertTurn, FiguresOfAgent, FiguresOfQueue, ToldWait } from './figures/state.ts';
import type { KeptMinutes } from './figures/tally.ts';
import type { DecisionRecord } from './matching/record.ts';
import type { Happening } from './plans/act.ts';
import type { PlanDefinition } from './plans/definition.ts';
import type { QueueDefinition } from './queues/definition.ts';
import type { CalendarSource } from './people/rules.ts';
import type { AbsenceDefinition, AgentDefinition, Presence, TeamDefinition } from './people/state.ts';
import type { CaseFacts, ContactFacts, CustomerFacts, Promised } from './work/state.ts';

/** From If-Match: any version, or one of these. */
export type IfMatch = '*' | readonly number[];

export interface CaseNews {
  readonly version: number;
  readonly facts: CaseFacts;
}

/** `onlyAgent`: the caller may act for this agent alone. */
interface OnReservation {
  readonly reservationId: string;
  readonly onlyAgent?: string | undefined;
}

// A type, not an interface: the hallway's `Commands` has an index signature.
export type RoutingCommands = {
  'put-queue': { readonly id: string; readonly definition: QueueDefinition; readonly ifMatch?: IfMatch | undefined };
  'remove-queue': { readonly id: string; readonly ifMatch?: IfMatch | undefined };
  'put-team': { readonly id: string; readonly definition: TeamDefinition; readonly ifMatch?: IfMatch | undefined };
  'remove-team': { readonly id: string; readonly ifMatch?: IfMatch | undefined };
  /** `name`: the absence's id among those of its agent. */
  'put-absence': {
    readonly agentId: string;
    readonly name: string;
    readonly definition: AbsenceDefinition;
    readonly ifMatch?: IfMatch | undefined;
  };
  'remove-absence': { readonly agentId: string; readonly name: string; readonly ifMatch?: IfMatch | undefined };
  'put-agent': { readonly id: string; readonly definition: AgentDefinition; readonly ifMatch?: IfMatch | undefined };
  'remove-agent': { readonly id: string; readonly ifMatch?: IfMatch | undefined };
  /** `heartbeat`: the longest silence from now on; `reason`: absent where they say so themselves. */
  'set-presence': {
    readonly agentId: string;
    readonly status: Presence;
    readonly heartbeat?: string | undefined;
    readonly reason?: string | undefined;
  };
  'record-heartbeat': { readonly agentId: string };
  /** Their heartbeat is overdue. */
  'lose-agent': { readonly agentId: string };
  /** They were lost for so long that what they hold moves on. */
  'release-lost-work': { readonly agentId: string };
  /** An absence begins, ends, comes again, or what it moved can go back. */
  'turn-absence': { readonly agentId: string; readonly name: string };
  'pause-reservation': OnReservation;
  'resume-reservation': OnReservation;
  /** Nothing was heard of the customer for as long as the agent's rules say. */
  'idle-reservation': { readonly reservationId: string };
  /** The customer is heard again. */
  'touch-reservation': { readonly reservationId: string };
  /** From the matcher: there may be room for what waits to wake. */
  'wake-reservation': { readonly reservationId: string };
  /** sla tells a calendar. `source` absent: it was removed. */
  'adopt-calendar': {
    readonly id: string;
    readonly toldVersion: number;
    readonly source?: CalendarSource | undefined;
  };
  /** A contact came in; `opens`: it is the case's first. */
  'take-contact': {
    readonly opens: boolean;
    readonly case: CaseNews;
    readonly contact: ContactFacts;
    readonly contactPoint: string;
  };
  'follow-case': { readonly case: CaseNews };
  'attribute-case': {
    readonly caseId: string;
    readonly customer: { readonly version: number; readonly facts: CustomerFacts & { readonly id: string } };
  };
  /** From the matcher, which may be behind: decided again under lock. */
  'offer-work': {
    readonly workItemId: string;
    /** Where it is known: then everything is locked at once, without looking at the item first. */
    readonly caseId?: string | undefined;
    readonly itemVersion: number;
    readonly agentId: string;
    readonly agentVersion: number;
    /** Why this agent. */
    readonly record?: DecisionRecord | undefined;
    /** Who else is asked at the same time; who cannot have it any more is left out. */
    readonly others?:
      | readonly { readonly agentId: string; readonly agentVersion: number; readonly record?: DecisionRecord }[]
      | undefined;
  };
  'put-plan-template': {
    readonly id: string;
    readonly definition: PlanDefinition;
    readonly ifMatch?: IfMatch | undefined;
  };
  'remove-plan-template': { readonly id: string; readonly ifMatch?: IfMatch | undefined };
  /** From a template, or as it is said. */
  'start-plan': {
    readonly caseId: string;
    readonly templateId?: string | undefined;
    readonly definition?: PlanDefinition | undefined;
  };
  'advance-plan': {
    readonly planId: string;
    readonly what: Happening;
    readonly onlyAgent?: string | undefined;
  };
  /** `to`: a contact point; absent: the case's. */
  'request-callback': {
    readonly caseId: string;
    readonly to?: string | undefined;
    readonly terms: Omit<CallbackTerms, 'to'>;
  };
  'advance-callback': {
    readonly callbackId: string;
    readonly what: CallbackHappening;
    readonly onlyAgent?: string | undefined;
  };
  'follow-promise': { readonly caseId: string; readonly promise: Promised };
  /** From the matcher: the item's queue was removed; or, at this version, it is to wait in another one. */
  'move-work': {
    readonly workItemId: string;
    readonly itemVersion?: number | undefined;
    readonly to?: { readonly queueId: string; readonly reason: 'overflow' | 'closed' | 'stale' } | undefined;
  };
  /** By hand; what is not said stays as it was said before. */
  'adjust-work': {
    readonly workItemId: string;
    readonly priority?: number | undefined;
    readonly ageAdjustmentMs?: number | undefined;
  };
  /** To another queue, another agent, or both. `onlyAgent`: who has to hold it. */
  'transfer-work': {
    readonly workItemId: string;
    readonly queueId?: string | undefined;
    readonly agentId?: string | undefined;
    /** How long the agent is the only one asked. */
    readonly ownerForMs: number;
    readonly onlyAgent?: string | undefined;
  };
  /** How those stand of whom it changed. */
  'tell-figures': {
    readonly queues: readonly FiguresOfQueue[];
    readonly agents: readonly FiguresOfAgent[];
    readonly turns: readonly AlertTurn[];
    readonly learned: readonly { readonly queueId: string; readonly learned: Learned }[];
    /** Queue -> what its counts are made of: whoever tells figures next goes on from there. */
    readonly minutes: Readonly<Record<string, KeptMinutes>>;
  };
  /** How long an item that waits is expected to wait. */
  'tell-wait': { readonly workItemId: string; readonly told: ToldWait };
  'accept-reservation': OnReservation;
  /** Why, in a word, and beside it. */
  'reject-reservation': OnReservation & { readonly reason?: string | undefined; readonly note?: string | undefined };
  'expire-reservation': { readonly reservationId: string };
  /** An agent wrote to the customer, who waits no more. */
  'note-answer': { readonly caseId: string };
  /** The agent who took it has not answered for as long as the queue says. */
  'move-unanswered': { readonly reservationId: string };
  /** Wrapping up has taken as long as the queue allows. */
  'end-wrap-up': OnReservation;
  /** What the customer wrote while it is wrapped up has waited for a while. */
  'end-unheard': OnReservation;
  'wrap-up-reservation': OnReservation;
  'complete-reservation': OnReservation;
};
