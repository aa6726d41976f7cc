/** Stretches of time as sorted lists without overlaps: what is in one, in both, or in one and not the other. */

/** From, to (exclusive), in milliseconds. */
export type Interval = readonly [from: number, to: number];

/** Sorted, without overlaps; those that touch are one, empty ones none. */
export function tidy(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = intervals.filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0]);
  const found: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** What is in any of the lists. */
export function united(lists: readonly (readonly Interval[])[]): readonly Interval[] {
  const [only = [], ...others] = lists.filter((list) => list.length > 0);
  return others.length === 0 ? only : tidy(lists.flat());
}

/** What is in both. */
export function shared(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const found: Interval[] = [];
  let [i, j] = [0, 0];
  for (let [x, y] = [a[i], b[j]]; x !== undefined && y !== undefined; [x, y] = [a[i], b[j]]) {
    const from = Math.max(x[0], y[0]);
    const to = Math.min(x[1], y[1]);
    if (from < to) found.push([from, to]);
    if (x[1] < y[1]) i += 1;
    else j += 1;
  }
  return found;
}

/** What is in the first and not in the second. */
export function without(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  if (b.length === 0) return a;
  const gaps = b.map(([, to], index): Interval => [to, b[index + 1]?.[0] ?? Infinity]);
  return shared(a, [[-Infinity, b[0]?.[0] ?? Infinity], ...gaps]);
}

/** The parts between two instants. */
export function clipped(intervals: readonly Interval[], [from, to]: Interval): readonly Interval[] {
  return intervals.flatMap(([start, end]): Interval[] =>
    start < to && end > from ? [[Math.max(start, from), Math.min(end, to)]] : [],
  );
}
