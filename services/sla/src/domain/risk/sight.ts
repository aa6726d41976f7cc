/**
 * What is known of a promise at an instant, and nothing that was not known then: the same function looks at a clock that
 * runs, at one that ended (as it looked at earlier instants, to learn from it) and at a case of a log.
 */

import { PACE_DAYS } from './queues.ts';

/** A stretch of a promise's life with one set of labels: see `segments.ts`. */
export interface LifeSegment {
  /** ISO 8601. */
  readonly from: string;
  readonly to?: string;
  readonly state: 'counting' | 'paused';
  readonly reason?: string;
  readonly team?: string;
  readonly priority?: number;
  readonly tier?: string;
}

/** Names of a case's properties and their values; what is empty is absent. */
export type Traits = Readonly<Record<string, string>>;

/** A promise's life up to an instant or to its end. */
export interface Life {
  /** ISO 8601. */
  readonly startedAt: string;
  /** Open time promised, ms. */
  readonly targetMs: number;
  /** From the start, consecutive. Those that begin later than the instant looked at are not looked at. */
  readonly segments: readonly LifeSegment[];
  /** What is known of the case from its start on. */
  readonly traits: Traits;
}

/** What the clock and the house looked like at the instant. */
export interface Moment {
  /** ms since 1970. */
  readonly at: number;
  /** Open time used, ms. */
  readonly elapsedMs: number;
  /** Milliseconds by the clock on the wall until it is due if nothing pauses it; unknown where it never is. */
  readonly dueInMs: number | undefined;
  /** 0 (Monday, 0 to 1 o'clock) to 167, where the calendar is. */
  readonly hourOfWeek: number;
  /** Promises of the same kind with the same team that began earlier and still run; unknown without a team. */
  readonly ahead?: number | undefined;
  /** All of the team's that run. */
  readonly backlog?: number | undefined;
  /** How many of them it finished in the last `PACE_DAYS`. */
  readonly finished?: number | undefined;
  /** Hours of work that the team's agents are usually there for until it is due. */
  readonly staffedHours?: number | undefined;
  /** Whether it waits in a queue, and nobody has taken it. */
  readonly waiting?: boolean | undefined;
}

/** Numbers by which promises are compared; a promise may lack some. */
export interface Numbers {
  readonly share: number;
  readonly targetHours: number;
  /** Open hours left for each hour until it is due. */
  readonly openAhead: number;
  readonly hourOfDay: number;
  readonly dayOfWeek: number;
  /** Hours of Saturdays and Sundays until it is due, and since it began. */
  readonly weekendAhead: number;
  readonly weekendPast: number;
  readonly priority: number;
  readonly priorityChanges: number;
  /** Share of the time since the start that it stood still. */
  readonly pausedShare: number;
  readonly pausedNow: number;
  readonly pauses: number;
  readonly handOffs: number;
  /** Hand-offs to a team that had it before. */
  readonly returns: number;
  readonly hoursWithTeam: number;
  /** Since anything about it changed. */
  readonly quietHours: number;
  readonly ahead: number;
  readonly backlog: number;
  /** Promises the team finishes a day. */
  readonly pace: number;
  /** Days until those ahead are finished at that pace, and all of them. */
  readonly waitDays: number;
  readonly loadDays: number;
  /** Promises ahead for each hour that an agent of the team is there until it is due. */
  readonly aheadPerHour: number;
}

export interface Sight {
  readonly at: number;
  readonly numbers: Readonly<Partial<Numbers>>;
  readonly traits: Traits;
  /** It waits in a queue: nothing that is learned from, but it says what would help. */
  readonly waiting?: boolean;
}

const HOUR = 3_600_000;

/** Looks at a life at an instant. */
export function sightOf(life: Life, moment: Moment): Sight {
  const past = pastOf(life, moment.at);
  const last = past.at(-1);
  const traits = {
    ...life.traits,
    ...(last?.team === undefined ? {} : { team: last.team }),
    ...(last?.tier === undefined ? {} : { tier: last.tier }),
    ...(last?.priority === undefined ? {} : { priority: String(last.priority) }),
  };
  const numbers = { ...timesOf(life, moment), ...courseOf(life, past, moment.at) };
  return { at: moment.at, numbers, traits, ...(moment.waiting === true ? { waiting: true } : {}) };
}

interface Past extends Omit<LifeSegment, 'from' | 'to'> {
  readonly from: number;
  readonly to: number;
}

/** The segments up to the instant; the last one ends there. */
function pastOf({ segments }: Life, at: number): Past[] {
  const past: Past[] = [];
  for (const { from, to, ...labels } of segments) {
    const start = Date.parse(from);
    if (start > at) break;
    const end = to === undefined ? at : Math.min(at, Date.parse(to));
    past.push({ ...labels, from: start, to: end });
  }
  return past;
}

function timesOf(
  { startedAt, targetMs }: Life,
  { at, elapsedMs, dueInMs, hourOfWeek, ...house }: Moment,
): Partial<Numbers> {
  const left = Math.max(0, targetMs - elapsedMs);
  return {
    share: elapsedMs / targetMs,
    targetHours: targetMs / HOUR,
    ...(dueInMs === undefined || dueInMs <= 0 ? {} : { openAhead: Math.min(1, left / dueInMs) }),
    hourOfDay: hourOfWeek % 24,
    dayOfWeek: Math.floor(hourOfWeek / 24),
    ...(dueInMs === undefined ? {} : { weekendAhead: weekendHours(hourOfWeek, dueInMs / HOUR) }),
    weekendPast: weekendPast(hourOfWeek, (at - Date.parse(startedAt)) / HOUR),
    ...queueNumbers(house),
  };
}

/** A team that finished nothing is taken to finish one in five days. */
const LEAST_PACE = 0.2;

type House = Pick<Moment, 'ahead' | 'backlog' | 'finished' | 'staffedHours'>;

function queueNumbers({ ahead, backlog, finished, staffedHours }: House): Partial<Numbers> {
  const pace = finished === undefined ? undefined : finished / PACE_DAYS;
  return {
    ...(ahead === undefined ? {} : { ahead }),
    ...(backlog === undefined ? {} : { backlog }),
    ...(pace === undefined ? {} : { pace }),
    ...(ahead === undefined || pace === undefined ? {} : { waitDays: ahead / (pace + LEAST_PACE) }),
    ...(backlog === undefined || pace === undefined ? {} : { loadDays: backlog / (pace + LEAST_PACE) }),
    ...(ahead === undefined || staffedHours === undefined ? {} : { aheadPerHour: ahead / (staffedHours + 1) }),
  };
}

const WEEK = 168;
/** Saturday, 0 o'clock. */
const SATURDAY = 120;

/** Hours of Saturdays and Sundays within so many hours from an hour of the week on. */
function weekendHours(hourOfWeek: number, hours: number): number {
  const weeks = Math.floor(hours / WEEK);
  const end = hourOfWeek + hours - weeks * WEEK;
  const within = (from: number): number => Math.max(0, Math.min(end, from + 48) - Math.max(hourOfWeek, from));
  return weeks * 48 + within(SATURDAY) + within(SATURDAY + WEEK);
}

function weekendPast(hourOfWeek: number, hours: number): number {
  const start = (((hourOfWeek - hours) % WEEK) + WEEK) % WEEK;
  return weekendHours(start, hours);
}

/** What happened so far. */
function courseOf({ startedAt }: Life, past: readonly Past[], at: number): Partial<Numbers> {
  const last = past.at(-1);
  const age = Math.max(1, at - Date.parse(startedAt));
  const paused = past.filter(({ state }) => state === 'paused');
  const moves = past.filter(({ team }, n) => n > 0 && team !== past[n - 1]?.team && past[n - 1]?.team !== undefined);
  const teams = new Set(past.flatMap(({ team }) => team ?? []));
  const changes = past.filter(
    ({ priority }, n) => n > 0 && priority !== past[n - 1]?.priority && past[n - 1]?.priority !== undefined,
  );
  const since = moves.at(-1)?.from ?? Date.parse(startedAt);
  return {
    ...(last?.priority === undefined ? {} : { priority: last.priority }),
    priorityChanges: changes.length,
    pausedShare: paused.reduce((sum, { from, to }) => sum + to - from, 0) / age,
    pausedNow: last?.state === 'paused' ? 1 : 0,
    pauses: past.filter(({ state }, n) => state === 'paused' && past[n - 1]?.state !== 'paused').length,
    handOffs: moves.length,
    returns: Math.max(0, moves.length + 1 - Math.max(1, teams.size)),
    ...(last?.team === undefined ? {} : { hoursWithTeam: (at - since) / HOUR }),
    quietHours: last === undefined ? age / HOUR : (at - last.from) / HOUR,
  };
}
