/** An agent, as the matcher keeps them. */
import type { CapacityRules, HeldWork } from '../people/capacity.ts';
import type { Duty } from '../people/duty.ts';
import type { AbsenceSpan, WorkRules } from '../people/rules.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Brings } from './asks.ts';

export interface KnownAgent extends CapacityRules {
  /** What they say about their working time. */
  readonly work?: WorkRules | undefined;
  readonly absences?: readonly AbsenceSpan[] | undefined;
  readonly id: string;
  readonly version: number;
  readonly facts: AgentFacts;
  readonly isAvailable: boolean;
  /** ms; 0 when not available. */
  readonly idleSince: number;
}

/** An item as it counts for who holds it. */
export type HeldItem = HeldWork & { readonly version: number; readonly reservationId?: string | undefined };

/** The same object for as long as they are known. */
export interface Candidate extends KnownAgent {
  /** Their place in lists of what is found out about agents. */
  readonly slot: number;
  brings: Brings;
  idleSince: number;
  /** Item -> what it counts as, and its version. */
  readonly holds: Map<string, HeldItem>;
  /** Whether they were at work when it was asked last, at `asked` (ms). */
  duty: Duty & { readonly asked: number };
  /** When the agent last became able to serve something they could not serve before. */
  opened: number;
  /** When the agent was last offered something, ms; 0: never. */
  offeredAt: number;
  /** Share of the last hours that the agent held something, as of an instant, ms. */
  worked: { readonly share: number; readonly at: number };
}

/** What lies so far back counts a third as much (1/e), ms. */
const REMEMBERED_MS = 4 * 3_600_000;

/** Share of the last hours that an agent held something, what is longer ago counting less. */
export function workedShare({ worked, holds }: Candidate, at: number): number {
  const kept = Math.exp(-Math.max(0, at - worked.at) / REMEMBERED_MS);
  return worked.share * kept + (holds.size > 0 ? 1 - kept : 0);
}

/** To be called before what the agent holds changes. */
export function noteWork(agent: Candidate, at: number): void {
  if (at > agent.worked.at) agent.worked = { share: agent.worked.at === 0 ? 0 : workedShare(agent, at), at };
}
