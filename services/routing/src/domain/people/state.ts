/** Who there is: agents with what they hold, teams, absences. Instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';
import type { Share } from '../queues/fairness.ts';
import type { AbsenceSpan, Acting, Activity, UnitRules, WorkRules } from './rules.ts';

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
  /** Since when they have the status; absent: since before that was kept. */
  readonly statusSince?: string | undefined;
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
  /** Offers missed in a row, since they answered one or came. */
  readonly missed?: number | undefined;
  /** What they were assigned, over a day, of queues that limit it. Absent: nothing. */
  readonly shares?: readonly Share[] | undefined;
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

/** Items held, by channel. */
export function loadOf({ holds }: Pick<Desk, 'holds'>): Record<string, number> {
  // Channels are anybody's words: in an object some would be there before they are counted.
  const load = new Map<string, number>();
  for (const { channel } of holds) load.set(channel, (load.get(channel) ?? 0) + 1);
  return Object.fromEntries(load);
}

/** How many items of a channel an agent may hold at once. */
export function capacityFor(capacity: Capacity, channel: string): number {
  return Object.hasOwn(capacity, channel) ? (capacity[channel] ?? 0) : capacity.default;
}

export function agentFacts(id: string, definition: AgentDefinition): AgentFacts {
  const { team, skills, languages, territories, products } = definition;
  return { id, team, skills, languages, territories, products };
}
