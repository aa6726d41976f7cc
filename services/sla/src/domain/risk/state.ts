/** What is looked up and kept to see trouble coming. */

/** A clock that is due to be looked at. */
export interface RiskItem {
  readonly clockId: string;
  readonly caseId: string;
  /** The team that holds the work. */
  readonly team: string | null;
  /** Promises of the same target and team that began earlier; null without a team. */
  readonly ahead: number | null;
  readonly backlog: number | null;
  /** Finished by the team in the last days. */
  readonly finished: number | null;
}

/** The clocks whose look is due, longest overdue first; found when asked for, never stored. */
export interface RiskPage {
  readonly id: string;
  readonly version: number;
  readonly items: readonly RiskItem[];
}

/** An agent, as far as it matters who is there. */
export interface AgentSeat {
  readonly id: string;
  readonly version: number;
  /** The newest version of the agent. */
  readonly seen: number;
  readonly team: string;
  readonly available: boolean;
}

/** How many agents are there now; counted when asked for, never stored. */
export interface StaffNow {
  readonly id: string;
  readonly version: number;
  readonly teams: readonly { readonly team: string; readonly available: number }[];
}
