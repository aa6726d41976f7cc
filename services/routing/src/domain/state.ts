/** Aggregates of routing as plain rows. Instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';
import type { Callback } from './callbacks/state.ts';
import type { Plan, PlanStepReference, PlanTemplate } from './plans/state.ts';
import type { AbsenceSpan, Acting, Activity, CalendarState, Preferred, UnitRules, WorkRules } from './people-state.ts';
import type { DecisionRecord } from './matching/decision.ts';
import type { QueueDefinition } from './queue-definition.ts';

export const presences = ['available', 'away', 'offline'] as const;
export type Presence = (typeof presences)[number];

/** Channel, or `default` -> items at once. */
export type Capacity = Readonly<Record<string, number>> & { readonly default: number };

export interface AgentDefinition extends UnitRules, WorkRules {
  readonly name: string;
  readonly team: string;
  readonly skills: Readonly<Record<string, number>>;
  readonly languages: readonly string[];
  readonly territories: readonly string[];
  readonly products: readonly string[];
  readonly capacity: Capacity;
  /** Kind of work, channel, or `default` -> how long nothing may happen until it is paused. Absent: for ever. */
  readonly idleAfter?: Readonly<Record<string, string>> | undefined;
}

/** Who an agent is and whether they are there. */
export interface Agent extends Versioned {
  readonly definition: AgentDefinition;
  /** Counts changes of the definition alone: the ETag, which presence must not touch. */
  readonly revision: number;
  readonly status: Presence;
  /** Why. Absent: they said so. */
  readonly statusReason?: string | undefined;
  /** The longest silence until they are lost, ISO 8601; absent: they are not watched. */
  readonly heartbeat?: string | undefined;
  /** What is and what comes, of each absence the next time. Absent: none. */
  readonly absences?: readonly AbsenceSpan[] | undefined;
}

/** An open reservation as it counts against its agent's capacity. */
export interface Hold {
  readonly reservationId: string;
  readonly workItemId: string;
  readonly caseId: string;
  readonly channel: string;
  readonly accepted: boolean;
  /** What it counts as beside its channel: the kind of work, else the case's reason. */
  readonly kind?: string | undefined;
  /** Absent: active. */
  readonly activity?: Activity | undefined;
}

/**
 * What an agent holds. Apart from the agent, whose versions are announced one by one, while holds come and go with
 * the work items that announce them.
 */
export interface Desk extends Versioned {
  readonly holds: readonly Hold[];
  /** When the agent last became available, accepted or completed something; absent while not available. */
  readonly idleSince?: string | undefined;
}

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

/** The expression variable `agent`. */
export interface AgentFacts {
  readonly id: string;
  readonly team: string;
  readonly skills: Readonly<Record<string, number>>;
  readonly languages: readonly string[];
  readonly territories: readonly string[];
  readonly products: readonly string[];
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

export interface WorkItem extends Versioned {
  readonly caseId: string;
  readonly queueId: string;
  readonly status: WorkStatus;
  /** Who holds it, from reserved on. */
  readonly agentId?: string | undefined;
  readonly reservationId?: string | undefined;
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

export type ReservationStatus = 'pending' | 'accepted' | 'wrapping' | 'completed' | 'rejected' | 'timeout' | 'canceled';

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
}

/** Why an agent was offered an item. Its id is the reservation's. */
export interface Decision extends Versioned {
  readonly workItemId: string;
  readonly agentId: string;
  readonly decidedAt: string;
  readonly record: DecisionRecord;
}

export interface QueueState extends Versioned {
  readonly definition: QueueDefinition;
  readonly updatedAt: string;
}

/** Who answers for a team. Where products or regions are named, only for work that is about one of them. */
export interface TeamManager {
  readonly agentId: string;
  readonly products: readonly string[];
  readonly regions: readonly string[];
}

/** A team that is more than the word its agents carry. */
export interface TeamDefinition extends WorkRules {
  readonly name: string;
  /** In the order in which they are asked. */
  readonly managers: readonly TeamManager[];
}

export interface TeamState extends Versioned {
  readonly definition: TeamDefinition;
  readonly updatedAt: string;
}

export const absenceKinds = ['holiday', 'sick', 'part-time', 'other'] as const;
export type AbsenceKind = (typeof absenceKinds)[number];

/** As it was put: two instants, or two days (both included) in a time zone. */
export interface AbsenceDefinition {
  readonly from: string;
  readonly to: string;
  readonly timeZone?: string | undefined;
  readonly kind: AbsenceKind;
  /** Who does their work meanwhile. */
  readonly substitute?: string | undefined;
  readonly note?: string | undefined;
  /** What becomes of the work they hold when it begins; absent: hold. */
  readonly work?: 'hold' | 'move' | undefined;
  /** How long moved work waits for the substitute alone, ISO 8601; absent: PT5M. */
  readonly substituteFirst?: string | undefined;
  /** RRULE of RFC 5545: it comes again, by the clock of the time zone. */
  readonly rule?: string | undefined;
  /** Days on which it does not, as YYYY-MM-DD. */
  readonly except?: readonly string[] | undefined;
}

/** When an agent is not there. Its id is `absenceKey`. */
export interface Absence extends Versioned {
  readonly agentId: string;
  /** Unique among the agent's. */
  readonly name: string;
  readonly definition: AbsenceDefinition;
  /** Of one that comes again: this time, or the next one; the last one when there is none left. */
  readonly startsAt: string;
  /** Exclusive. */
  readonly endsAt: string;
  readonly updatedAt: string;
  /** Absent: it has not begun, or is over. */
  readonly acting?: Acting | undefined;
}

/** Ids have no slash: no two absences share this. */
export const absenceKey = (agentId: string, name: string): string => `${agentId}/${name}`;

/** An agent's absences; looked up when asked for, never stored. Its id is the agent's. */
export interface AgentAbsences extends Versioned {
  readonly absenceKeys: readonly string[];
}

/** Everybody there is; looked up when asked for, never stored. Its id is `everybody`. */
export interface Roster extends Versioned {
  readonly agents: readonly AgentFacts[];
}

export const everybody = 'everybody';

// A type, not an interface: the hallway's `Kinds` has an index signature.
export type RoutingKinds = {
  queue: QueueState;
  team: TeamState;
  calendar: CalendarState;
  caseWork: CaseWork;
  agent: Agent;
  agentAbsences: AgentAbsences;
  roster: Roster;
  absence: Absence;
  desk: Desk;
  workItem: WorkItem;
  reservation: Reservation;
  planTemplate: PlanTemplate;
  plan: Plan;
  callback: Callback;
  decision: Decision;
};

/** Items held, by channel. */
export function loadOf({ holds }: Pick<Desk, 'holds'>): Record<string, number> {
  const load: Record<string, number> = {};
  for (const { channel } of holds) load[channel] = (load[channel] ?? 0) + 1;
  return load;
}

/** How many items of a channel an agent may hold at once. */
export function capacityFor(capacity: Capacity, channel: string): number {
  return Object.hasOwn(capacity, channel) ? (capacity[channel] ?? 0) : capacity.default;
}

export function factsOf({ case: matter, contact, customer }: CaseWork): Facts {
  return { case: matter, contact, customer: customer?.facts ?? {} };
}

export function agentFacts(id: string, definition: AgentDefinition): AgentFacts {
  const { team, skills, languages, territories, products } = definition;
  return { id, team, skills, languages, territories, products };
}
