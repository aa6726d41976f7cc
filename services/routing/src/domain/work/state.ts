/** What there is to do: cases with their work items, and who has them. Instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';
import type { PackedRecord } from '../matching/packed.ts';
import type { DecisionRecord } from '../matching/record.ts';
import type { Activity, Preferred } from '../people/rules.ts';
import type { PlanStepReference } from '../plans/state.ts';

/** The expression variable `case`. Absent texts are left out, so that `has()` can tell. */
export interface CaseFacts {
  readonly id: string;
  readonly channel?: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly product?: string;
  readonly priority: number;
  readonly language?: string;
  readonly status: string;
  readonly openedAt: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The expression variable `contact`. */
export interface ContactFacts {
  readonly channel: string;
  readonly to?: string;
  readonly text?: string;
  readonly reason?: string;
  readonly product?: string;
  readonly language?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The expression variable `customer`. */
export interface CustomerFacts {
  readonly id?: string;
  readonly tier?: string;
  readonly languages?: readonly string[];
  readonly products?: readonly string[];
  readonly segments?: readonly string[];
  readonly openCases?: number;
  readonly openComplaints?: number;
}

/** What queues are matched with. */
export interface Facts {
  readonly case: CaseFacts;
  readonly contact: ContactFacts;
  /** Empty until attributed. */
  readonly customer: CustomerFacts;
}

/** What routing knows of a case, and the work it makes. Its id is the case's: the key that keeps a second item out. */
export interface CaseWork extends Versioned {
  readonly caseVersion: number;
  readonly case: CaseFacts;
  /** The newest contact. */
  readonly contact: ContactFacts;
  readonly contactPoint: string;
  readonly customer?: { readonly version: number; readonly facts: CustomerFacts & { readonly id: string } } | undefined;
  /** The newest work item, finished or not. */
  readonly workItemId?: string | undefined;
  /** The case was attributed while an agent had the offer: should it come back, its queue is chosen again. */
  readonly choiceDue: boolean;
  /** From when its queue was chosen last. */
  readonly undecided?: readonly Undecided[] | undefined;
  /** All there ever were on it. */
  readonly planIds?: readonly string[] | undefined;
  readonly callbackIds?: readonly string[] | undefined;
  /** The newest promise of an answer. */
  readonly promise?: Promised | undefined;
  /** When the customer wrote what no agent has answered yet; absent: they wait for no answer. */
  readonly waitingSince?: string | undefined;
  /** When they wrote, while the work before was being wrapped up, what nobody has answered: work of its own after that. */
  readonly unheardSince?: string | undefined;
}

/** A clock of sla's. */
export interface Promised {
  readonly clockId: string;
  readonly version: number;
  readonly startedAt: string;
  readonly dueAt: string;
}

/** A queue whose `match` could not be decided for the case, which counts as no match. */
export interface Undecided {
  readonly queueId: string;
  readonly reason: string;
}

export type WorkStatus = 'pending' | 'reserved' | 'assigned' | 'wrapping' | 'completed' | 'canceled';

/** Somebody who rejected or missed the item: not before `until`, and only after every other eligible agent. */
export interface Avoided {
  readonly agentId: string;
  readonly until: string;
}

/** What one item asks for beyond its queue. */
export interface WorkTerms {
  /** CEL over case, contact, customer and agent. */
  readonly requirements?: string | undefined;
  /** Only agents of this team. */
  readonly team?: string | undefined;
  /** Not offered before. */
  readonly offerFrom?: string | undefined;
  /** The one agent to whom it is offered; from `until` on everybody else as well. */
  readonly owner?: { readonly agentId: string; readonly until?: string | undefined } | undefined;
  /** Instead of the case's. */
  readonly priority?: number | undefined;
  readonly dueAt?: string | undefined;
  /** By hand: it ranks as if it were so much older. */
  readonly ageAdjustmentMs?: number | undefined;
  /** When it came to its queue; absent: it has been there from the beginning. */
  readonly enteredAt?: string | undefined;
  /** Who served the case last: asked first, where the queue says so. */
  readonly preferredAgentId?: string | undefined;
  /** Queues that it was moved on from: it does not go back there by itself. */
  readonly passed?: readonly string[] | undefined;
  /** Somebody, or the queue before, sent it where it is: its queue is not chosen again. */
  readonly sent?: boolean | undefined;
}

/** An agent with the reservation by which they hold an item. */
export interface Asked {
  readonly agentId: string;
  readonly reservationId: string;
}

export interface WorkItem extends Versioned {
  readonly caseId: string;
  readonly queueId: string;
  readonly status: WorkStatus;
  /** Who holds it, from reserved on; of several who are asked at once, the first. */
  readonly agentId?: string | undefined;
  readonly reservationId?: string | undefined;
  /** While it is reserved: who else is asked. Absent: nobody. */
  readonly further?: readonly Asked[] | undefined;
  /** Of the contact that queued it: what it counts against. */
  readonly channel: string;
  /** 1 (most urgent) to 5. */
  readonly priority: number;
  /** Its age, kept through moves and offers. */
  readonly enqueuedAt: string;
  readonly avoid: readonly Avoided[];
  /** What it weighs by, beside its channel; absent: a contact's. */
  readonly kind?: string | undefined;
  readonly terms?: WorkTerms | undefined;
  readonly planStep?: PlanStepReference | undefined;
  readonly callbackId?: string | undefined;
  readonly preferred?: Preferred | undefined;
}

/** `canceled`: taken back. `rescinded`: several were asked at once, and another one took it. */
export const reservationStatuses = [
  'pending',
  'accepted',
  'wrapping',
  'completed',
  'rejected',
  'timeout',
  'canceled',
  'rescinded',
] as const;
export type ReservationStatus = (typeof reservationStatuses)[number];

export const openReservation: readonly ReservationStatus[] = ['pending', 'accepted', 'wrapping'];

export interface Reservation extends Versioned {
  readonly workItemId: string;
  readonly caseId: string;
  readonly agentId: string;
  readonly status: ReservationStatus;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Absent: active. */
  readonly activity?: Activity | undefined;
  readonly workKind?: string | undefined;
  /** How long nothing may be heard of the customer until it is paused, ms. Absent: for ever. */
  readonly idleMs?: number | undefined;
  /** How many were asked at once. Absent: nobody else. */
  readonly offeredTo?: number | undefined;
  /** Why it was rejected: a word, and what the agent said beside it. */
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  /** How long the customer may wait for the agent's answer until the work moves on, ms. Absent: for ever. */
  readonly unansweredMs?: number | undefined;
  /** When the agent took it, and when they were done. */
  readonly acceptedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** Since when it is set aside, and how long it was before, ms. */
  readonly pausedAt?: string | undefined;
  readonly pausedMs?: number | undefined;
  /** When it was offered: how many could have had it, and how many had room but did not meet the requirements. */
  readonly eligible?: number | undefined;
  readonly unfit?: number | undefined;
}

/** Why an agent was offered an item. Its id is the reservation's. */
export interface Decision extends Versioned {
  readonly workItemId: string;
  readonly agentId: string;
  readonly decidedAt: string;
  readonly record: PackedRecord;
  readonly queueId?: string | undefined;
  readonly arm?: DecisionRecord['arm'] | undefined;
  /** How long the item had waited, ms. */
  readonly waitedMs?: number | undefined;
}

/** Everybody who holds an item that is not over: while it is offered to several, each of them. */
export function holdersOf({ agentId, reservationId, further = [] }: Partial<WorkItem>): readonly Asked[] {
  if (agentId === undefined || reservationId === undefined) return [];
  return [{ agentId, reservationId }, ...further];
}

type Held = Pick<WorkItem, 'agentId' | 'reservationId' | 'further'>;

export function heldBy([first, ...further]: readonly Asked[]): Held {
  const others = further.length === 0 ? undefined : further;
  return { agentId: first?.agentId, reservationId: first?.reservationId, further: others };
}

/** It is with this agent and nobody else, or was at its end. */
export const isWith = (item: Held | undefined, agentId: string): boolean =>
  item?.agentId === agentId && item.further === undefined;

export function factsOf({ case: matter, contact, customer }: CaseWork): Facts {
  return { case: matter, contact, customer: customer?.facts ?? {} };
}
