/** How many agents of a team are usually there at each hour of the week, learned by counting them now and then. */

const HOUR = 3_600_000;
const WEEK = 168;
/** How fast the newest count replaces what was usual: about four weeks of looks. */
const NEWEST = 0.1;
/** Further ahead nothing is added up, hours. */
const FURTHEST = 24 * 28;

/** A team's week. `id` is the team. */
export interface StaffingState {
  readonly id: string;
  readonly version: number;
  /** Agents that are available, by hour of the week in UTC; null where nobody looked yet. */
  readonly hours: readonly (number | null)[];
}

const EMPTY: readonly (number | null)[] = Array.from({ length: WEEK }, () => null);

/** Monday 0 to 1 o'clock UTC is 0. 1970-01-01 was a Thursday. */
export function utcHourOfWeek(at: number): number {
  return Math.floor(at / HOUR + 72) % WEEK;
}

export function counted(before: StaffingState | undefined, team: string, available: number, at: number): StaffingState {
  const hours = [...(before?.hours ?? EMPTY)];
  const hour = utcHourOfWeek(at);
  const usual = hours[hour];
  hours[hour] = usual === undefined || usual === null ? available : usual + NEWEST * (available - usual);
  return { id: team, version: (before?.version ?? 0) + 1, hours };
}

/**
 * Hours of agents from an instant on. Hours at which nobody looked yet count as the mean of those at which somebody did.
 * @returns undefined where the team was never looked at
 */
export function staffedHours(staffing: StaffingState | undefined, from: number, untilMs: number): number | undefined {
  const known = staffing?.hours.filter((one) => one !== null) ?? [];
  if (staffing === undefined || known.length === 0) return undefined;
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  const end = Math.min(untilMs, from + FURTHEST * HOUR);
  let sum = 0;
  for (let at = from; at < end; at = (Math.floor(at / HOUR) + 1) * HOUR) {
    const part = Math.min(end, (Math.floor(at / HOUR) + 1) * HOUR) - at;
    sum += ((staffing.hours[utcHourOfWeek(at)] ?? mean) * part) / HOUR;
  }
  return sum;
}
