/** A queue as it was put. Durations are ISO 8601; `P1D` is 24 hours. */
import type { BusinessHours } from '@switchboard/calendar';
import type { Versioned } from '@switchboard/hallway';
import type { Strategy, Weights } from '../matching/record.ts';

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
  /** Customer's tier -> how much wait it is worth. */
  readonly tiers?: Readonly<Record<string, string>> | undefined;
}

/** Where to, and while what holds (CEL over the figures of both queues, and of the target). */
interface OverflowDefinition {
  readonly to: string;
  readonly if?: string | undefined;
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
  /** CEL over figures: while it holds, the next target's turn comes at once. */
  readonly skipIf?: string | undefined;
  /** The item leaves for another queue instead of being offered to more agents. */
  readonly overflow?: OverflowDefinition | undefined;
}

/** When a queue is open; while it is closed, its items are held, or leave for another queue. */
export interface ScheduleDefinition {
  /** One of the two. */
  readonly hours?: BusinessHours | undefined;
  /** A calendar of sla's. One that is not known is always open; one that was removed keeps the hours that it had last. */
  readonly calendarId?: string | undefined;
  readonly closed?: { readonly to: string } | undefined;
  /** After opening, nothing is offered before so many agents are there, or for so long at most. */
  readonly opening?: { readonly agents: number; readonly atMost: string } | undefined;
}

/** No agent is assigned more of the queue than these. */
export interface FairnessDefinition {
  readonly most: number;
  readonly per: string;
  /** For so long after an agent became available, so many at most. */
  readonly ramp?: { readonly for: string; readonly most: number } | undefined;
}

interface EngineDefinition {
  readonly url: string;
  /** How long it is waited for. */
  readonly timeout?: string | undefined;
  /** Of the secrets that the service was given. */
  readonly secretId: string;
}

export interface QueueDefinition {
  readonly order: number;
  readonly match: string;
  readonly requirements?: string | undefined;
  readonly strategy: Strategy;
  /** Part of the cost of a pair -> what a full unit of it is worth, in waiting time. */
  readonly costs?: Readonly<Partial<Record<keyof Weights, string>>> | undefined;
  /** Who is asked by HTTP before the strategy decides. */
  readonly engine?: EngineDefinition | undefined;
  /** Share of its items that are matched at random, from 0 to 1. */
  readonly holdout?: number | undefined;
  readonly reservationTimeout: string;
  readonly team?: string | undefined;
  readonly ranking?: RankingDefinition | undefined;
  readonly targets?: readonly TargetDefinition[] | undefined;
  /** What share of what would come here another queue gets; the rest stays. */
  readonly split?: readonly { readonly queueId: string; readonly percent: number }[] | undefined;
  readonly schedule?: ScheduleDefinition | undefined;
  /** What waits longer is not offered any more, or leaves for another queue. */
  readonly stale?: { readonly after: string; readonly to?: string | undefined } | undefined;
  readonly fairness?: FairnessDefinition | undefined;
  /** Within what time work is to be accepted: what the service level counts. */
  readonly answerWithin?: string | undefined;
  /** Levels above which managers hear of it. */
  readonly alerts?:
    | {
        readonly waiting?: number | undefined;
        readonly oldestWait?: string | undefined;
        readonly estimatedWait?: string | undefined;
      }
    | undefined;
  /** How many agents are asked about one item at the same time; absent: one. */
  readonly offersAtOnce?: number | undefined;
  /** How long the customer may wait for the answer of the agent who took it, until it moves on. */
  readonly unansweredAfter?: string | undefined;
  /** When wrapping up ends by itself. */
  readonly wrapUpAtMost?: string | undefined;
  /** The words with which its offers may be refused; absent: any. */
  readonly refusalReasons?: readonly string[] | undefined;
}

/** Every queue that a definition names, with the field that names it. */
export function queuesNamed(definition: QueueDefinition): { readonly field: string; readonly id: string }[] {
  const { targets = [], split = [], schedule, stale } = definition;
  const named = [
    ...targets.map(({ overflow }, n) => ({ field: `targets.${String(n)}.overflow.to`, id: overflow?.to })),
    ...split.map(({ queueId }, n) => ({ field: `split.${String(n)}.queueId`, id: queueId })),
    { field: 'schedule.closed.to', id: schedule?.closed?.to },
    { field: 'stale.to', id: stale?.to },
  ];
  return named.flatMap(({ field, id }) => (id === undefined ? [] : [{ field, id }]));
}

export interface QueueState extends Versioned {
  readonly definition: QueueDefinition;
  readonly updatedAt: string;
}
