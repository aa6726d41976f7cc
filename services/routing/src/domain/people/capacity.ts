/**
 * How much an agent can do at once: items by channel, and units where they are said. The ledger is the desk's list of
 * holds, in the order in which they came to the front; it changes in the transaction that assigns.
 *
 * What holds for every active hold at any time (the ledger's law): its own units, and those of all active holds before
 * it that it may not interrupt, are at most the agent's. So what is in front never exceeds them, whoever leaves first.
 */
import type { Activity, UnitRules } from './rules.ts';
import { capacityFor } from './state.ts';
import type { Capacity } from './state.ts';

export interface CapacityRules extends UnitRules {
  /** Channel, or `default` -> active items at once. */
  readonly capacity: Capacity;
}

/** What it counts as. */
export interface Work {
  readonly channel: string;
  readonly kind?: string | undefined;
}

export interface HeldWork extends Work {
  /** Absent: active. */
  readonly activity?: Activity | undefined;
}

const isActive = ({ activity = 'active' }: HeldWork): boolean => activity === 'active';

/** Units that one item takes. */
export function weightOf({ weights = {} }: CapacityRules, { channel, kind }: Work): number {
  for (const name of [kind, channel, 'default'])
    if (name !== undefined && Object.hasOwn(weights, name)) return weights[name] ?? 1;
  return 1;
}

function mayInterrupt({ interrupts = {} }: CapacityRules, by: Work, held: Work): boolean {
  return Object.hasOwn(interrupts, by.channel) && interrupts[by.channel]?.includes(held.channel) === true;
}

/** Whether one more item may be offered. Not while something waits to wake. */
export function fits(rules: CapacityRules, held: Iterable<HeldWork>, work: Work): boolean {
  let [items, units] = [0, 0];
  for (const one of held) {
    if (one.activity === 'waking') return false;
    if (!isActive(one)) continue;
    if (one.channel === work.channel) items += 1;
    if (!mayInterrupt(rules, work, one)) units += weightOf(rules, one);
  }
  if (items >= capacityFor(rules.capacity, work.channel)) return false;
  return rules.units === undefined || units + weightOf(rules, work) <= rules.units;
}

/** Whether paused work may come back to the front, beside what is active. `others`: without itself. */
export function fitsAwake(rules: CapacityRules, others: Iterable<HeldWork>, work: Work): boolean {
  return fits(rules, [...others].filter(isActive), work);
}

/** Rules that contradict each other, each with its field. */
export function ruleFaults({ units, weights = {}, interrupts = {} }: UnitRules): Fault[] {
  if (units === undefined) {
    if (Object.keys(interrupts).length === 0) return [];
    return [{ field: 'interrupts', reason: 'needs units: without them channels do not stand in each other’s way' }];
  }
  return Object.entries(weights).flatMap(([name, weight]) =>
    units > 0 && weight > units
      ? [{ field: `weights.${name}`, reason: 'is more than units: such work never fits' }]
      : [],
  );
}

interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** Which rule the held work breaks, each with its field; `held` in the order in which it came to the front. */
export function exceeded(rules: CapacityRules, held: Iterable<HeldWork>): Fault[] {
  const active = [...held].filter(isActive);
  const faults = new Map<string, string>();
  active.forEach((work, index) => {
    const before = active.slice(0, index);
    const { channel } = work;
    const items = active.filter((one) => one.channel === channel).length;
    const field = Object.hasOwn(rules.capacity, channel) ? `capacity.${channel}` : 'capacity.default';
    if (items > capacityFor(rules.capacity, channel))
      faults.set(field, `${String(items)} are held on ${channel} at the moment`);
    if (rules.units === undefined) return;
    const units =
      weightOf(rules, work) +
      sumOf(
        rules,
        before.filter((one) => !mayInterrupt(rules, work, one)),
      );
    if (units > rules.units) faults.set('units', `${String(units)} are in use at the moment`);
  });
  return [...faults].map(([field, reason]) => ({ field, reason }));
}

/** Units in front: of what is active and not pushed aside by something that came later. */
export function unitsInUse(rules: CapacityRules, held: Iterable<HeldWork>): number {
  const active = [...held].filter(isActive);
  return sumOf(
    rules,
    active.filter((work, index) => !active.slice(index + 1).some((later) => mayInterrupt(rules, later, work))),
  );
}

const sumOf = (rules: CapacityRules, work: readonly Work[]): number =>
  work.reduce((sum, one) => sum + weightOf(rules, one), 0);
