/** A queue as it was put. Durations are ISO 8601; `P1D` is 24 hours. */

import type { Weights } from './matching/cost.ts';
import type { Strategy } from './matching/strategies.ts';

/** What a waiting item is ranked by. */
export interface RankingDefinition {
  /** Priority first, however long others wait; `minutes` and `bound` mean nothing then. */
  readonly strict?: boolean | undefined;
  /** Priority, `1` to `5` -> minutes of wait that it is worth. */
  readonly minutes?: Readonly<Partial<Record<string, number>>> | undefined;
  /** Nobody is overtaken by who came more than this later. */
  readonly bound?: string | undefined;
  /** Who has less than `horizon` until the promise is due, less the expected `handling`, gains what is missing. */
  readonly promise?: { readonly horizon: string; readonly handling?: string | undefined } | undefined;
}

/** One step of a queue: who may serve what came this far. Whoever could serve it before still can. */
export interface TargetDefinition {
  readonly name?: string | undefined;
  /** CEL over case, contact, customer and agent. */
  readonly requirements?: string | undefined;
  /** Skill -> least level. */
  readonly levels?: Readonly<Record<string, number>> | undefined;
  /** Agents of these teams; absent: of any. */
  readonly teams?: readonly string[] | undefined;
  /** How long from its beginning the preferred agent, where there is one, is the only one asked. */
  readonly preferredFor?: string | undefined;
  /** How long until the next target; the last one has none. */
  readonly timeout?: string | undefined;
}

export interface QueueDefinition {
  readonly order: number;
  readonly match: string;
  readonly requirements?: string | undefined;
  readonly strategy: Strategy;
  /** Part of the cost of a pair -> what a full unit of it is worth, in waiting time. */
  readonly costs?: Readonly<Partial<Record<keyof Weights, string>>> | undefined;
  /** Share of its items that are matched at random, from 0 to 1. */
  readonly holdout?: number | undefined;
  readonly reservationTimeout: string;
  readonly team?: string | undefined;
  readonly ranking?: RankingDefinition | undefined;
  readonly targets?: readonly TargetDefinition[] | undefined;
}
