/** What has happened so far: one object that the play writes to and the screen reads. */

export interface Task {
  readonly caseId: string;
  readonly channel: string;
  readonly reason: string;
}

export interface DeskTally {
  readonly name: string;
  present: boolean;
  readonly tasks: Set<Task>;
  handled: number;
}

export interface QueueTally {
  readonly id: string;
  readonly waiting: number;
  /** ms. */
  readonly longest: number;
}

export interface PromiseCounts {
  readonly running: number;
  /** Running, and half of the time is gone. */
  readonly atRisk: number;
  readonly kept: number;
  readonly broken: number;
}

export interface Tally {
  readonly contacts: { sent: number; refused: number; visits: number; readonly byChannel: Map<string, number> };
  readonly cases: { opened: number; joined: number; reopened: number; resolved: number; open: number };
  readonly work: {
    offered: number;
    accepted: number;
    rejected: number;
    missed: number;
    /** Waits of today's cases until somebody took them, and their sum in ms. */
    waits: number;
    waited: number;
    longestWait: number;
  };
  /** Steps of the day's plan, and who did them; callbacks that customers asked for, and got. */
  readonly plan: { openId: string | undefined; steps: number; done: number; readonly by: Set<string> };
  readonly callbacks: { asked: number; reached: number };
  readonly offers: { shown: number; accepted: number; declined: number; abandoned: number; soldCents: number };
  readonly answers: { total: number; later: number; serverErrors: number; lastComplaint: string };
  readonly desks: Map<string, DeskTally>;
  promises: PromiseCounts;
  queues: readonly QueueTally[];
  /** The latest happenings, newest last. */
  latest: readonly string[];
}

const LATEST = 7;

export function createTally(): Tally {
  return {
    contacts: { sent: 0, refused: 0, visits: 0, byChannel: new Map() },
    cases: { opened: 0, joined: 0, reopened: 0, resolved: 0, open: 0 },
    work: { offered: 0, accepted: 0, rejected: 0, missed: 0, waits: 0, waited: 0, longestWait: 0 },
    plan: { openId: undefined, steps: 0, done: 0, by: new Set() },
    callbacks: { asked: 0, reached: 0 },
    offers: { shown: 0, accepted: 0, declined: 0, abandoned: 0, soldCents: 0 },
    answers: { total: 0, later: 0, serverErrors: 0, lastComplaint: '' },
    desks: new Map(),
    promises: { running: 0, atRisk: 0, kept: 0, broken: 0 },
    queues: [],
    latest: [],
  };
}

/** Adds a line to what was last seen happening. */
export function tell(tally: Tally, text: string): void {
  tally.latest = [...tally.latest, text].slice(-LATEST);
}
