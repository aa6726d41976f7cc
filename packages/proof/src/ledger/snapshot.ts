/** Everything the checker looks at, as plain data: what was promised, what was published, what the five services keep. */
import type { Acknowledged } from './entries.ts';

export type ServiceName = 'intake' | 'routing' | 'sla' | 'customer-360' | 'offers';
export const serviceNames: readonly ServiceName[] = ['intake', 'routing', 'sla', 'customer-360', 'offers'];

/** One of our own events. */
export interface SeenEvent {
  readonly service: ServiceName;
  /** Without `switchboard.<service>.v1.`: `CaseOpened`. */
  readonly type: string;
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
  /** The instant of the batch that decided it, by the database's clock. */
  readonly time: string;
  /** The message that caused it; an own event's id where it was one. */
  readonly causationId: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** As a reader of the topics got it, in the order of its partition. */
export interface TopicEvent extends SeenEvent {
  readonly partition: number;
  readonly offset: number;
}

/** As the relay wrote it down after publishing it. */
export interface HistoryEvent extends SeenEvent {
  /** Grows in the order of publication; within one aggregate that is the order of its changes. */
  readonly number: number;
}

export interface DeadLetter {
  readonly service: ServiceName;
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly topic: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly replayed: boolean;
}

/** What should be empty when nothing happens. */
export interface Leftovers {
  readonly service: ServiceName;
  readonly outbox: number;
  readonly waiting: number;
  /** Timers whose time has come two seconds ago or more. */
  readonly overdueTimers: readonly string[];
  readonly effects: number;
}

export interface CaseRow {
  readonly id: string;
  readonly version: number;
  readonly status: string;
}
export interface ContactRow {
  readonly id: string;
  readonly caseId: string;
  readonly number: string | null;
}
export interface MessageRow {
  readonly id: string;
  readonly caseId: string;
}
export interface VersionedRow {
  readonly id: string;
  readonly version: number;
}
export interface AgentRow extends VersionedRow {
  readonly status: string;
}
export interface HoldRow {
  readonly agentId: string;
  readonly reservationId: string;
  readonly workItemId: string;
}
export interface WorkItemRow extends VersionedRow {
  readonly caseId: string;
  readonly status: string;
  /** Not the case's own work: a plan or a callback asks for it. */
  readonly isExtra: boolean;
}
export interface PlanRow extends VersionedRow {
  readonly status: string;
  readonly steps: readonly { readonly id: string; readonly status: string; readonly workItemId?: string }[];
  /** External ids. */
  readonly heard: readonly string[];
}
export interface CallbackRow extends VersionedRow {
  readonly status: string;
  readonly attempts: readonly { readonly outcome: string }[];
  /** Attempts all in all. */
  readonly most: number;
  readonly workItemId: string | null;
}
export interface ReservationRow {
  readonly id: string;
  readonly workItemId: string;
  readonly agentId: string;
  readonly status: string;
}
export interface ClockRow extends VersionedRow {
  readonly caseId: string;
  readonly policyId: string;
  readonly target: string;
  readonly status: string;
  readonly startedAt: string;
  readonly dueAt: string | null;
  readonly metAt: string | null;
  readonly breachedAt: string | null;
  readonly canceledAt: string | null;
  /** Where it counted. */
  readonly segments: readonly { readonly from: string; readonly to?: string }[];
}
/** What a case was when. */
export interface CaseLabels {
  readonly caseId: string;
  readonly labels: readonly { readonly at: string; readonly status?: string; readonly team?: string }[];
}
export interface ActivityRow {
  readonly activityId: string;
  readonly number: string | null;
  readonly customerId: string;
}
export interface CustomerRow extends VersionedRow {
  readonly contactPoints: readonly string[];
  readonly purchases: number;
  /** Minor units of EUR. */
  readonly spend: number;
}
export interface DecisionRow extends VersionedRow {
  readonly caseId: string | null;
}

/** The services' tables, as far as the ledger goes. */
export interface Tables {
  readonly intake: {
    readonly cases: readonly CaseRow[];
    readonly contacts: readonly ContactRow[];
    readonly messages: readonly MessageRow[];
    /** Case id -> customer id. */
    readonly attributed: Readonly<Record<string, string>>;
  };
  readonly routing: {
    readonly caseIds: readonly string[];
    readonly agents: readonly AgentRow[];
    readonly holds: readonly HoldRow[];
    readonly items: readonly WorkItemRow[];
    readonly reservations: readonly ReservationRow[];
    readonly plans: readonly PlanRow[];
    readonly callbacks: readonly CallbackRow[];
  };
  readonly sla: {
    readonly caseIds: readonly string[];
    readonly clocks: readonly ClockRow[];
    readonly labels: readonly CaseLabels[];
  };
  readonly customer360: {
    readonly activities: readonly ActivityRow[];
    readonly customers: readonly CustomerRow[];
    readonly caseIds: readonly string[];
    readonly timelineIds: readonly string[];
  };
  readonly offers: { readonly decisions: readonly DecisionRow[] };
}

export interface Snapshot {
  readonly acknowledged: Acknowledged;
  /** In the order of topic and partition, then offset. */
  readonly topics: readonly TopicEvent[];
  /** In the order of service, then number. */
  readonly history: readonly HistoryEvent[];
  readonly deadLetters: readonly DeadLetter[];
  readonly leftovers: readonly Leftovers[];
  readonly tables: Tables;
  /** By the database's clock. */
  readonly takenAt: string;
  /** Instants at which nothing was under way any more, oldest first; the last one is this snapshot's. */
  readonly quietAt: readonly string[];
  /** No fault was there since the last quiet instant. */
  readonly calm: boolean;
}

/** A guarantee that does not hold, and what shows it. */
export interface Finding {
  readonly guarantee: string;
  readonly detail: string;
}
