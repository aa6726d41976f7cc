/** How a day goes: when the contacts come. */

/** The company answers from 7 to 22 o'clock. */
export const OPENS = 7;
export const CLOSES = 22;

/** Contacts an hour, against the other hours: a wave before noon, a lull, a higher wave after work. */
const byHour: readonly number[] = [3, 5, 8, 10, 10, 8, 6, 6, 7, 8, 10, 11, 8, 5, 2];

/**
 * When the n-th of so many contacts comes, hour of the day with decimals: evenly spread below the curve, moved by
 * `jitter` (0 to 1) within its place, so that the order stays.
 */
export function hourOf(index: number, count: number, jitter: number): number {
  const total = byHour.reduce((sum, weight) => sum + weight, 0);
  let left = ((index + jitter) / count) * total;
  for (const [hour, weight] of byHour.entries()) {
    if (left < weight) return OPENS + hour + left / weight;
    left -= weight;
  }
  return CLOSES;
}

/** Share of the day that is over at this hour. */
export function shareOfDay(hour: number): number {
  return (hour - OPENS) / (CLOSES - OPENS);
}

/** `14:05`. */
export function clockTime(hour: number): string {
  const minutes = Math.floor(Math.min(hour, CLOSES) * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
