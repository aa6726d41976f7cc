/**
 * How many will come, from how many came: by weekday and time of day, times a level that follows the weeks. Weeks count
 * back from midnight today; a slot is an interval of the week, Monday 00:00 first.
 */

/** One week that is over. */
export interface Week {
  /** Arrivals, by slot. */
  readonly counts: readonly number[];
  /** Whether it was open, by slot: what came on holidays says little about working days. */
  readonly open: readonly boolean[];
}

export interface History {
  readonly slotsPerDay: number;
  /** Oldest first. */
  readonly weeks: readonly Week[];
}

export interface Learned {
  /** Expected arrivals in a slot. `ahead`: 1 for the coming seven days. */
  expected(slot: number, isOpen: boolean, ahead: number): number;
}

/** How far forecasts were off, made for weeks that were known only to those who came later. */
export interface ForecastError {
  /** Held out, one after the other, each forecast from those before it. */
  readonly weeks: number;
  readonly arrivals: number;
  /** Sum of what every interval was off, over the sum of arrivals (WAPE). */
  readonly wape: number;
  /** The same of the week before, taken as it was. */
  readonly naiveWape: number;
  /** What chance alone would leave of a forecast that knows the means (Poisson). */
  readonly chanceWape: number;
  /** Forecast too much (above 0) or too little, of the arrivals. */
  readonly bias: number;
  /** Variance of an interval over its mean: 1 is chance alone. */
  readonly dispersion: number;
}

const DAYS = 7;
/** What a week further back counts for. */
const FADING = 0.93;
/** What the day and the time of day say together counts as much as this many weeks of the slot itself. */
const PRIOR_WEEKS = 2;
/** Trends do not go on for ever: each week ahead adds so much of the one before. */
const DAMPING = 0.8;
/** No level is beyond this much of what was usual. */
const FURTHEST = 3;

export function learn({ weeks, slotsPerDay }: History): Learned {
  const slots = slotsPerDay * DAYS;
  const usual = [false, true].map((kind) => profileOf({ weeks, slotsPerDay, kind }));
  const levels = weeks.map((week) => levelOf(week, usual));
  const profiles = [false, true].map((kind) => profileOf({ weeks, slotsPerDay, kind, levels }));
  const level = leveller(levels);
  return { expected: (slot, isOpen, ahead) => (profiles[Number(isOpen)]?.[slot % slots] ?? 0) * level(ahead) };
}

/** A week's arrivals, of what is usual in slots that were open and closed as its were. */
function levelOf({ counts, open }: Week, usual: readonly (readonly number[])[]): number {
  let [came, expected] = [0, 0];
  for (const [slot, count] of counts.entries()) {
    came += count;
    expected += usual[Number(open[slot] ?? true)]?.[slot] ?? 0;
  }
  return expected === 0 ? 1 : came / expected;
}

interface Profiling extends History {
  readonly kind: boolean;
  /** Of the weeks; absent: all alike. */
  readonly levels?: readonly number[];
}

/** By slot: arrivals in a week of level 1, while it is open, or closed. Few weeks lean on day and time of day. */
function profileOf({ weeks, slotsPerDay, kind, levels }: Profiling): number[] {
  const slots = slotsPerDay * DAYS;
  const came = new Array<number>(slots).fill(0);
  const weight = new Array<number>(slots).fill(0);
  for (const [n, { counts, open }] of weeks.entries()) {
    const share = levels === undefined ? 1 : FADING ** (weeks.length - 1 - n);
    for (let slot = 0; slot < slots; slot += 1) {
      if ((open[slot] ?? true) !== kind) continue;
      came[slot] = (came[slot] ?? 0) + share * (counts[slot] ?? 0);
      weight[slot] = (weight[slot] ?? 0) + share * (levels?.[n] ?? 1);
    }
  }
  const prior = priorOf(came, weight, slotsPerDay);
  return came.map((sum, slot) => (sum + PRIOR_WEEKS * prior(slot)) / ((weight[slot] ?? 0) + PRIOR_WEEKS));
}

/** What the slot's day of the week and its time of day say together. */
function priorOf(came: readonly number[], weight: readonly number[], slotsPerDay: number): (slot: number) => number {
  const nothing = () => ({ came: 0, weight: 0 });
  const all = nothing();
  const byDay = Array.from({ length: DAYS }, nothing);
  const byTime = Array.from({ length: slotsPerDay }, nothing);
  for (let slot = 0; slot < came.length; slot += 1)
    for (const sum of [all, byDay[Math.floor(slot / slotsPerDay)], byTime[slot % slotsPerDay]])
      if (sum !== undefined) {
        sum.came += came[slot] ?? 0;
        sum.weight += weight[slot] ?? 0;
      }
  const mean = all.weight === 0 ? 0 : all.came / all.weight;
  const meanOf = (sum = all): number => (sum.weight === 0 ? mean : sum.came / sum.weight);
  return (slot) =>
    mean === 0 ? 0 : (meanOf(byDay[Math.floor(slot / slotsPerDay)]) * meanOf(byTime[slot % slotsPerDay])) / mean;
}

/** Holt's smoothing with a damped trend; how fast it follows is what would have served best so far. */
function leveller(levels: readonly number[]): (ahead: number) => number {
  const trials = levels.length < MANY ? [SLOW] : PACES;
  const best = trials
    .map((pace) => smoothed(levels, pace))
    .reduce((least, one) => (one.squares < least.squares ? one : least));
  return (ahead) => {
    const steps = (DAMPING * (1 - DAMPING ** ahead)) / (1 - DAMPING);
    return Math.min(FURTHEST, Math.max(1 / FURTHEST, best.level + best.trend * steps));
  };
}

/** Of fewer weeks, no pace can be told from chance. */
const MANY = 6;
const SLOW = { level: 0.3, trend: 0 };
const PACES = [0.1, 0.2, 0.3, 0.5, 0.8].flatMap((level) => [0, 0.1, 0.3].map((trend) => ({ level, trend })));

function smoothed(levels: readonly number[], pace: { readonly level: number; readonly trend: number }) {
  let [level, trend, squares] = [levels[0] ?? 1, 0, 0];
  for (const seen of levels.slice(1)) {
    const expected = level + DAMPING * trend;
    squares += (seen - expected) ** 2;
    const before = level;
    level = expected + pace.level * (seen - expected);
    trend = DAMPING * trend + pace.trend * (level - before - DAMPING * trend);
  }
  return { level, trend, squares };
}

/** Held out at most, and of how many each is forecast at least. */
const MOST_HELD_OUT = 4;
const LEAST_BEFORE = 2;

/** `undefined`: there are too few weeks to hold any out, or nothing came in them. */
export function errorOf(history: History): ForecastError | undefined {
  const { weeks } = history;
  const heldOut = Math.min(MOST_HELD_OUT, weeks.length - LEAST_BEFORE);
  if (heldOut < 1) return undefined;
  const sums = { arrivals: 0, off: 0, naive: 0, chance: 0, signed: 0, expected: 0, squares: 0 };
  for (let at = weeks.length - heldOut; at < weeks.length; at += 1)
    judge(sums, { history: { ...history, weeks: weeks.slice(0, at) }, actual: weeks[at], before: weeks[at - 1] });
  const { arrivals } = sums;
  if (arrivals === 0) return undefined;
  return {
    weeks: heldOut,
    arrivals,
    wape: sums.off / arrivals,
    naiveWape: sums.naive / arrivals,
    chanceWape: sums.chance / arrivals,
    bias: sums.signed / arrivals,
    dispersion: sums.expected === 0 ? 1 : Math.max(1, sums.squares / sums.expected),
  };
}

interface Sums {
  arrivals: number;
  off: number;
  naive: number;
  chance: number;
  signed: number;
  expected: number;
  squares: number;
}

interface Judged {
  readonly history: History;
  readonly actual: Week | undefined;
  readonly before: Week | undefined;
}

function judge(sums: Sums, { history, actual, before }: Judged): void {
  const { expected } = learn(history);
  for (const [slot, count] of (actual?.counts ?? []).entries()) {
    const forecast = expected(slot, actual?.open[slot] ?? true, 1);
    sums.arrivals += count;
    sums.off += Math.abs(forecast - count);
    sums.naive += Math.abs((before?.counts[slot] ?? 0) - count);
    sums.chance += poissonDeviation(forecast);
    sums.signed += forecast - count;
    sums.expected += forecast;
    sums.squares += (forecast - count) ** 2;
  }
}

/** Mean absolute deviation of Poisson's distribution (Crow 1958): 2 e^-m m^(k+1) / k!, k the whole part of the mean. */
export function poissonDeviation(mean: number): number {
  if (mean <= 0) return 0;
  const whole = Math.floor(mean);
  let log = -mean + (whole + 1) * Math.log(mean);
  for (let n = 2; n <= whole; n += 1) log -= Math.log(n);
  return 2 * Math.exp(log);
}
