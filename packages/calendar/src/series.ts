/** Something that happens once, or again and again: when, within any stretch of time. */
import { clipped, tidy } from './intervals.ts';
import type { Interval } from './intervals.ts';
import type { Length, RuleValue } from './jcal.ts';
import { occurrences } from './recurrence.ts';
import { DAY } from './units.ts';
import { instantsOf } from './zone.ts';
import type { Stretch } from './zone.ts';

export interface Series {
  /** Its times within a range; `zoned` are the stretches of the range in the calendar's own zone. */
  between(range: Interval, zoned: readonly Stretch[]): readonly Interval[];
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

export function createSeries(parts: SeriesParts): Series {
  const { length, allDay, instantAt } = parts;
  const reach = length.days * DAY + length.ms + MARGIN;
  const intervalOf = (wall: number): Interval => {
    if (allDay) return [wall, wall + length.days * DAY];
    const begin = instantAt(wall);
    return [begin, (length.days === 0 ? begin : instantAt(wall + length.days * DAY)) + length.ms];
  };
  return {
    between: (range, zoned) => {
      const found = beginnings(parts, { from: range[0] - reach, to: range[1] + MARGIN }).map(intervalOf);
      return allDay ? instantsOf(found, zoned) : clipped(tidy(found), range);
    },
  };
}

function beginnings(parts: SeriesParts, range: { readonly from: number; readonly to: number }): readonly number[] {
  const { start, allDay, instantAt, rules, dates, exceptInstants, exceptDays } = parts;
  const single = [start, ...dates].filter((wall) => wall >= range.from && wall < range.to);
  const repeated = rules.flatMap(({ rule, until }) => {
    if (until === undefined) return occurrences(rule, start, range);
    // A last moment in UTC is compared as one; as wall time it only says where to stop looking.
    const last = until.isUtc ? until.wall + DAY : until.isDate ? until.wall + DAY - 1 : until.wall;
    const found = occurrences({ ...rule, until: last }, start, range);
    return until.isUtc && !allDay ? found.filter((wall) => instantAt(wall) <= until.wall) : found;
  });
  return [...new Set([...single, ...repeated])].filter(
    (wall) => !exceptDays.has(Math.floor(wall / DAY)) && (allDay || !exceptInstants.has(instantAt(wall))),
  );
}
