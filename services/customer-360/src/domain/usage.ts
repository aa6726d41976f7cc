/**
 * Usage by weeks: small, of a bounded size, and honest about the window. "The last 90 days" are the current week and
 * the twelve before it: 85 to 91 days.
 */
import type { UsageMetric, UsageWeek } from './state.ts';

const DAY = 86_400_000;
const WEEKS = 13;

export interface UsageView {
  readonly unit?: string;
  /** The latest figure, however old. */
  readonly last: number;
  readonly lastAt: string;
  /** Sum over the window. */
  readonly last90Days: number;
  readonly max90Days: number;
  readonly count90Days: number;
}

/** The Monday (UTC) of the week an instant lies in. */
function weekOf(instant: string): string {
  const at = new Date(instant);
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  return new Date(at.getTime() - sinceMonday * DAY).toISOString().slice(0, 10);
}

function windowStart(now: string): string {
  return weekOf(new Date(Date.parse(now) - (WEEKS - 1) * 7 * DAY).toISOString());
}

function addToWeeks(weeks: readonly UsageWeek[], added: UsageWeek): UsageWeek[] {
  const known = weeks.find(({ week }) => week === added.week);
  const rest = weeks.filter(({ week }) => week !== added.week);
  const merged =
    known === undefined
      ? added
      : {
          week: added.week,
          count: known.count + added.count,
          sum: known.sum + added.sum,
          max: Math.max(known.max, added.max),
        };
  return [...rest, merged].sort((a, b) => (a.week < b.week ? -1 : 1));
}

/** One more figure. A late one counts in its own week and does not become the last. */
export function addUsage(
  usage: readonly UsageMetric[],
  figure: { readonly metric: string; readonly value: number; readonly unit?: string | undefined },
  { at, now }: { readonly at: string; readonly now: string },
): UsageMetric[] {
  const { metric, value, unit } = figure;
  const known = usage.find((one) => one.metric === metric);
  const start = windowStart(now);
  const added = { week: weekOf(at), count: 1, sum: value, max: value };
  const weeks = addToWeeks(known?.weeks ?? [], added).filter(({ week }) => week >= start);
  const latest = known === undefined || at >= known.at;
  const metricNow: UsageMetric = latest
    ? { metric, unit: unit ?? known?.unit, last: value, at, weeks }
    : { ...known, unit: known.unit ?? unit, weeks };
  return [...usage.filter((one) => one.metric !== metric), metricNow];
}

/** Both histories as one. */
export function mergeUsage(a: readonly UsageMetric[], b: readonly UsageMetric[]): UsageMetric[] {
  const merged = new Map(a.map((one) => [one.metric, one]));
  for (const other of b) {
    const own = merged.get(other.metric);
    if (own === undefined) {
      merged.set(other.metric, other);
      continue;
    }
    const weeks = other.weeks.reduce<readonly UsageWeek[]>(addToWeeks, own.weeks);
    const [later, earlier] = own.at >= other.at ? [own, other] : [other, own];
    merged.set(other.metric, { ...later, unit: later.unit ?? earlier.unit, weeks });
  }
  return [...merged.values()];
}

/** Metric -> what rules and people look at. */
export function usageView(usage: readonly UsageMetric[], now: string): Readonly<Record<string, UsageView>> {
  const start = windowStart(now);
  return Object.fromEntries(
    usage.map(({ metric, unit, last, at, weeks }) => {
      const seen = weeks.filter(({ week }) => week >= start);
      const view: UsageView = {
        ...(unit === undefined ? {} : { unit }),
        last,
        lastAt: at,
        last90Days: seen.reduce((sum, week) => sum + week.sum, 0),
        max90Days: seen.length === 0 ? 0 : Math.max(...seen.map((week) => week.max)),
        count90Days: seen.reduce((sum, week) => sum + week.count, 0),
      };
      return [metric, view];
    }),
  );
}
