/** What is kept of figures and waits. Instants are ISO 8601 strings in UTC, spans ms. */
import type { Versioned } from '@switchboard/hallway';
import type { Estimate, Unknown } from './estimate.ts';
import type { Learned } from './learned.ts';
import type { KeptMinutes } from './tally.ts';

/** How long it takes, or why nobody knows. */
export interface Expectation {
  readonly estimate?: Estimate | undefined;
  readonly unknown?: Unknown | undefined;
  /** Of a queue that is closed, when it opens. */
  readonly opensAt?: string | undefined;
}

/** How a queue stands; the counts of what happened are of the last half hour. */
export interface FiguresOfQueue extends Expectation {
  readonly queueId: string;
  readonly waiting: number;
  readonly reserved: number;
  readonly assigned: number;
  readonly wrapping: number;
  readonly oldestEnqueuedAt?: string | undefined;
  /** Agents who may serve it and take offers; of them, those who hold nothing. */
  readonly available: number;
  readonly idle: number;
  readonly arrived: number;
  readonly accepted: number;
  readonly completed: number;
  /** Called off before anybody took it. */
  readonly canceled: number;
  readonly meanWaitMs: number;
  /** Absent: the queue has no `answerWithin`, or nothing was asked for. */
  readonly serviceLevel?: number | undefined;
}

/** Of a queue in which nothing is and nobody was. */
export const still: Omit<FiguresOfQueue, 'queueId'> = {
  ...{ waiting: 0, reserved: 0, assigned: 0, wrapping: 0, available: 0, idle: 0 },
  ...{ arrived: 0, accepted: 0, completed: 0, canceled: 0, meanWaitMs: 0 },
};

export interface FiguresOfAgent {
  readonly agentId: string;
  readonly team: string;
  readonly available: boolean;
  readonly takesOffers: boolean;
  readonly held: number;
  readonly idleSince?: string | undefined;
}

/** What a manager is told about early. */
export const alertFigures = ['waiting', 'oldestWait', 'estimatedWait'] as const;
export type AlertFigure = (typeof alertFigures)[number];

/** A figure rose above its level, or is well below again. */
export interface AlertTurn {
  readonly queueId: string;
  readonly figure: AlertFigure;
  readonly isOn: boolean;
  readonly level: number;
  readonly value: number;
}

/** Figures that ever turned: whether they are above their level, and how often that was told. */
export type AlertStates = Readonly<Partial<Record<AlertFigure, { readonly isOn: boolean; readonly turns: number }>>>;

/** Its id is the queue's. */
export interface QueueFiguresState extends Versioned {
  readonly figures: FiguresOfQueue;
  readonly alerts: AlertStates;
  /** What its counts are made of. */
  readonly minutes?: KeptMinutes | undefined;
  readonly toldAt: string;
}

/** What a queue's past teaches; its id is the queue's. */
export interface LearningState extends Versioned {
  readonly learned: Learned;
}

/** Counts what was told. There is one, with the id `figures`. */
export interface BoardState extends Versioned {
  readonly toldAt: string;
}

export const theBoard = 'figures';

export interface ToldWait extends Expectation {
  /** Those who are served before by the same agents; absent where nobody knows. */
  readonly ahead?: number | undefined;
}

/** What was told last about an item's wait; its id is the item's. */
export interface WaitState extends Versioned {
  readonly told: ToldWait;
  readonly toldAt: string;
}
