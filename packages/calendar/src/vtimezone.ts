/** Time zones as an iCalendar text describes them (RFC 5545, 3.6.5). */
import { offsetOf, propertiesOf, ruleOf, textOf, unreadable, wallTime } from './jcal.ts';
import type { JComponent } from './jcal.ts';
import { occurrences, yearlyCost } from './recurrence.ts';
import { DAY } from './units.ts';

/** The clocks change: by the clock before it, from one offset to another. */
interface Change {
  readonly wall: number;
  readonly before: number;
  readonly after: number;
}

/** Nothing is asked of earlier times, and descriptions begin in 1601. */
const BEGINNING = Date.UTC(1960, 0, 1);
/** Later times are told as those before. */
const END = Date.UTC(2200, 0, 1);

/** A zone as a text describes it. */
export interface DescribedZone {
  /**
   * The instant at which a clock of the zone shows a time: the first of two; of a time that is skipped, as if the clock
   * had not been put forward yet.
   */
  instantAt(wall: number): number;
  /** What finding its changes costs, in days that are looked at. */
  readonly cost: number;
}

/** @throws UnreadableError */
export function describedZone(component: JComponent): DescribedZone {
  const observances = component[2].filter(([name]) => name === 'standard' || name === 'daylight').map(observance);
  const first = observances.reduce(
    (a, b) => (b.start < a.start ? b : a),
    observances[0] ?? unreadable('a VTIMEZONE without any observance'),
  );
  let known: readonly Change[] = [];
  let until = -Infinity;
  /** All changes up to a year after the one that is asked for. */
  const changesUpTo = (wall: number): readonly Change[] => {
    if (wall >= until && until < END) {
      until = Date.UTC(new Date(Math.min(wall, END)).getUTCFullYear() + 10, 0, 1);
      known = observances.flatMap((each) => each.changes(until)).sort((a, b) => a.wall - b.wall);
    }
    return known;
  };
  const instantAt = (wall: number): number => {
    const changes = changesUpTo(wall);
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = changes[middle];
      if (change !== undefined && change.wall + Math.max(0, change.after - change.before) <= wall) low = middle + 1;
      else high = middle;
    }
    return wall - (changes[low - 1]?.after ?? first.before);
  };
  return { instantAt, cost: observances.reduce((sum, { cost }) => sum + cost, 0) };
}

interface Observance {
  readonly start: number;
  readonly before: number;
  readonly cost: number;
  changes(until: number): Change[];
}

/** Years whose changes are found, as a rule: from then until ten years from now. */
const YEARS = 80;

function observance(component: JComponent): Observance {
  const start = wallTime(textOf(component, 'dtstart')).wall;
  const before = offsetOf(textOf(component, 'tzoffsetfrom'));
  const after = offsetOf(textOf(component, 'tzoffsetto'));
  const rules = propertiesOf(component, 'rrule').map((property) => ruleOf(property[3]));
  const dates = propertiesOf(component, 'rdate').flatMap(([, , , ...values]) =>
    values.map((value) => wallTime(value).wall),
  );
  return {
    start,
    before,
    // One that counts is counted out anew each time; nobody describes a zone so.
    cost: rules.reduce(
      (sum, { rule, until }) =>
        sum + yearlyCost(rule, start) * (until === undefined ? YEARS : 1) * (rule.count === undefined ? 1 : 10),
      1 + dates.length,
    ),
    changes: (to) => {
      const repeated = rules.flatMap(({ rule, until }) => {
        // The last moment of an observance is given in UTC.
        const last = until === undefined ? undefined : until.wall + (until.isUtc ? before : until.isDate ? DAY - 1 : 0);
        return occurrences({ ...rule, until: last }, start, { from: Math.max(start, BEGINNING), to });
      });
      return [...new Set([start, ...dates, ...repeated])].map((wall) => ({ wall, before, after }));
    },
  };
}
