/**
 * How many must be there so that who comes is answered in time. Arrivals by chance (Poisson), handling times that are
 * exponential, equal agents who do one thing at a time. Erlang C (Erlang 1917): everybody waits for as long as it takes;
 * Erlang A (Palm 1957; formulas as in Mandelbaum and Zeltyn 2007): who runs out of patience, exponential as well, leaves.
 *
 * Time is counted in mean handling times, so that one agent finishes one a unit: `load` is arrivals a unit (erlangs).
 */

/** What is asked of the staff. */
export interface Demand {
  /** Arrivals in a mean handling time; 0 or more. */
  readonly load: number;
  /** Answered within this is in time, in mean handling times. */
  readonly within: number;
  /** Mean patience, in mean handling times; absent: for ever. */
  readonly patience?: number | undefined;
}

export interface Aim extends Demand {
  /** Share that is to be answered in time; 0 up to, and not, 1. */
  readonly target: number;
  /** Nobody is to be busy more than this share of their time; above 0 up to 1. */
  readonly occupancy: number;
}

export interface Service {
  /** Share of all that come that is answered in time. */
  readonly inTime: number;
  /** Share that leaves unanswered. */
  readonly abandoned: number;
  /** In mean handling times, of all that come; `Infinity` where the queue only grows. */
  readonly meanWait: number;
  /** Share of their time that agents are busy. */
  readonly occupancy: number;
}

/** Erlang B: share that is turned away where nobody waits. By its recursion, in which nothing overflows. */
export function blocking(agents: number, load: number): number {
  if (load <= 0) return agents === 0 ? 1 : 0;
  let share = 1;
  for (let n = 1; n <= agents; n += 1) share = (load * share) / (n + load * share);
  return share;
}

/** Erlang C: share that waits at all; 1 where the agents cannot keep up. */
export function delay(agents: number, load: number): number {
  return delayFrom(blocking(agents, load), agents, load);
}

function delayFrom(blocked: number, agents: number, load: number): number {
  if (load <= 0) return 0;
  return agents <= load ? 1 : (agents * blocked) / (agents - load * (1 - blocked));
}

/** What becomes of who comes when so many are there. */
export function serviceOf(agents: number, demand: Demand): Service {
  const { load, within, patience } = demand;
  if (load <= 0) return { inTime: 1, abandoned: 0, meanWait: 0, occupancy: 0 };
  if (agents <= 0) return nobody(patience);
  if (patience !== undefined) return impatient(agents, { load, within, patience });
  if (agents <= load) return { inTime: 0, abandoned: 0, meanWait: Infinity, occupancy: 1 };
  const waits = delay(agents, load);
  return {
    inTime: 1 - waits * Math.exp(-(agents - load) * within),
    abandoned: 0,
    meanWait: waits / (agents - load),
    occupancy: load / agents,
  };
}

const nobody = (patience: number | undefined): Service => ({
  ...{ inTime: 0, occupancy: 0 },
  ...(patience === undefined ? { abandoned: 0, meanWait: Infinity } : { abandoned: 1, meanWait: patience }),
});

/**
 * With V the time that somebody with all the patience in the world would wait, its density is proportional to e^g(v),
 * g(v) = load * patience * (1 - e^(-v/patience)) - agents * v. All is taken times e^(-top): g may be large where agents
 * cannot keep up.
 */
function impatient(agents: number, { load, within, patience }: Required<Demand>): Service {
  const g = (v: number): number => load * patience * -Math.expm1(-v / patience) - agents * v;
  const peak = agents >= load ? 0 : patience * Math.log(load / agents);
  const top = g(peak);
  const [first, last] = supportOf(g, peak);
  const stays = (v: number): number => Math.exp(g(v) - top);
  const answered = (v: number): number => Math.exp(g(v) - top - v / patience);
  const weight = load * blocking(agents - 1, load);
  const all = Math.exp(-top) + weight * integral(stays, first, last);
  const inTime = Math.exp(-top) + weight * integral(answered, first, Math.min(last, Math.max(first, within)));
  const served = Math.exp(-top) + weight * integral(answered, first, last);
  const abandoned = Math.min(1, Math.max(0, 1 - served / all));
  return {
    inTime: Math.min(1, inTime / all),
    abandoned,
    // Who waits leaves at the rate of patience: as many leave as wait, over the patience.
    meanWait: abandoned * patience,
    occupancy: Math.min(1, (load * (1 - abandoned)) / agents),
  };
}

/** Beyond, e^(g - top) is nothing. */
const DEPTH = 30;

/** Where g, which is concave, comes within `DEPTH` of its top. */
function supportOf(g: (v: number) => number, peak: number): readonly [number, number] {
  const floor = g(peak) - DEPTH;
  let [low, step] = [peak, 1e-3];
  for (; g(peak + step) > floor; step *= 2) low = peak + step;
  const last = bisect((v) => g(v) > floor, low, peak + step);
  const first = g(0) >= floor ? 0 : bisect((v) => g(v) < floor, 0, peak);
  return [first, last];
}

/** Up to where it holds, which it does at `from` and not at `to`. */
function bisect(holds: (v: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let round = 0; round < 50; round += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const PANELS = 600;

/** Simpson's rule. */
function integral(f: (v: number) => number, from: number, to: number): number {
  if (to <= from) return 0;
  const step = (to - from) / PANELS;
  let sum = f(from) + f(to);
  for (let n = 1; n < PANELS; n += 1) sum += (n % 2 === 1 ? 4 : 2) * f(from + n * step);
  return (sum * step) / 3;
}

/** The largest load that is reckoned with, erlangs. */
export const MOST_LOAD = 100_000;

/** The fewest agents that do it. @throws RangeError when the load is not from 0 to `MOST_LOAD` */
export function agentsFor(aim: Aim): number {
  const { load, target, occupancy } = aim;
  if (!(load >= 0 && load <= MOST_LOAD)) throw new RangeError(`a load of ${String(load)} erlangs`);
  if (load === 0) return 0;
  const isEnough = (agents: number): boolean => {
    const service = serviceOf(agents, aim);
    // Of two that are equal but for the last digit, one is not more.
    return service.inTime >= target && service.occupancy <= occupancy + 1e-12;
  };
  let [few, many] = [0, Math.max(1, Math.ceil(load))];
  while (!isEnough(many)) [few, many] = [many, Math.ceil(many * 1.25) + 1];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (isEnough(middle)) many = middle;
    else few = middle;
  }
  return many;
}
