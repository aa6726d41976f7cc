/** Something that happens once, or again and again: when, within any stretch of time. */
import { clipped, tidy } from './intervals.ts';
import type { Interval } from './intervals.ts';
import type { Length, RuleValue } from './jcal.ts';
import { lastOf, occurrences, yearlyCost } from './recurrence.ts';
import { DAY } from './units.ts';
import { instantsOf } from './zone.ts';
import type { Stretch } from './zone.ts';

export interface Series {
  /** Its times within a range; `zoned` are the stretches of the range in the calendar's own zone. */
  between(range: Interval, zoned: readonly Stretch[]): readonly Interval[];
  /**
   * What ten years of it cost, and counting it out, in days that are looked at (`yearlyCost`).
   * @param most counts no further: more than that is `Infinity`
   */
  cost(most: number): number;
}

export interface SeriesParts {
  /** By the clock on the wall, in milliseconds as if it showed UTC. */
  readonly start: number;
  /** Whole days, by the clock of the calendar's place. */
  readonly allDay: boolean;
  readonly length: Length;
  /** When the clock on the wall shows a time; not asked for whole days. */
  readonly instantAt: (wall: number) => number;
  readonly rules: readonly RuleValue[];
  /** Further beginnings. */
  readonly dates: readonly number[];
  /** Beginnings that fall out: at instants, on days. */
  readonly exceptInstants: ReadonlySet<number>;
  readonly exceptDays: ReadonlySet<number>;
}

/** Beyond any zone's offset, and what the clock may jump. */
const MARGIN = 3 * DAY;
const YEAR = 365 * DAY;
/** Years whose cost is told. */
export const YEARS_COSTED = 10;
/** What a series costs beside its rules, a year. */
const ALONE = 10;

/** A rule, and where it ends if it counts: found once. */
interface Counted {
  readonly value: RuleValue;
  ending(most?: number): ReturnType<typeof lastOf>;
}

function counted(value: RuleValue, start: number): Counted {
  let found: ReturnType<typeof lastOf> = value.rule.count === undefined ? { last: Infinity, looked: 0 } : undefined;
  return { value, ending: (most) => (found ??= lastOf(value.rule, start, most)) };
}

export function createSeries(parts: SeriesParts): Series {
  const { length, allDay, instantAt } = parts;
  const reach = length.days * DAY + length.ms + MARGIN;
  const rules = parts.rules.map((value) => counted(value, parts.start));
  const intervalOf = (wall: number): Interval => {
    if (allDay) return [wall, wall + length.days * DAY];
    const begin = instantAt(wall);
    return [begin, (length.days === 0 ? begin : instantAt(wall + length.days * DAY)) + length.ms];
  };
  return {
    between: (range, zoned) => {
      const found = beginnings(parts, rules, { from: range[0] - reach, to: range[1] + MARGIN }).map(intervalOf);
      return allDay ? instantsOf(found, zoned) : clipped(tidy(found), range);
    },
    cost: (most) => {
      // Whatever began a year before and lasts is found again in the next one.
      const again = 1 + Math.floor(reach / YEAR);
      return rules.reduce(
        (sum, { value: { rule, until }, ending }) => {
          const counted = ending(most);
          if (counted === undefined) return Infinity;
          const lasts = Math.min(counted.last, until?.wall ?? Infinity) - parts.start;
          const years = Math.max(1, Math.min(YEARS_COSTED, Math.ceil(lasts / YEAR) + 1));
          return sum + years * again * yearlyCost(rule, parts.start) + counted.looked;
        },
        YEARS_COSTED * ALONE + parts.dates.length,
      );
    },
  };
}

function beginnings(
  { start, allDay, instantAt, dates, exceptInstants, exceptDays }: SeriesParts,
  rules: readonly Counted[],
  range: { readonly from: number; readonly to: number },
): readonly number[] {
  const single = [start, ...dates].filter((wall) => wall >= range.from && wall < range.to);
  const repeated = rules.flatMap(({ value: { rule, until }, ending }) => {
    const end = ending()?.last ?? Infinity;
    // A last moment in UTC is compared as one; as wall time it only says where to stop looking.
    const last =
      until === undefined
        ? Infinity
        : until.isDate
          ? until.wall + DAY - 1
          : until.isUtc
            ? until.wall + DAY
            : until.wall;
    const found = occurrences({ ...rule, count: undefined, until: Math.min(last, end) }, start, range);
    return until?.isUtc === true && !allDay ? found.filter((wall) => instantAt(wall) <= until.wall) : found;
  });
  const out = (wall: number): boolean =>
    exceptDays.has(Math.floor(wall / DAY)) ||
    (exceptInstants.size > 0 && !allDay && exceptInstants.has(instantAt(wall)));
  return [...new Set([...single, ...repeated])].filter((wall) => !out(wall));
}
