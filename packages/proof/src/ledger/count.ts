/** Small tools of the checks. */
import type { SeenEvent, ServiceName } from './snapshot.ts';

/** Each once, by id: a topic may carry an event more than once, which its readers are used to. */
export function distinct<E extends SeenEvent>(events: readonly E[]): E[] {
  const seen = new Set<string>();
  return events.filter(({ id }) => !seen.has(id) && seen.add(id));
}

export function eventsOf<E extends SeenEvent>(
  events: readonly E[],
  service: ServiceName,
  ...types: readonly string[]
): E[] {
  return events.filter((event) => event.service === service && types.includes(event.type));
}

/** How often each key occurs. */
export function tally(keys: Iterable<string | undefined>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** One sentence a key that does not occur exactly once. */
export function notOnce(what: string, keys: Iterable<string>, counts: ReadonlyMap<string, number>): string[] {
  return [...new Set(keys)].flatMap((key) => {
    const count = counts.get(key) ?? 0;
    return count === 1 ? [] : [`${what} ${key}: ${count === 0 ? 'is missing' : `is there ${String(count)} times`}`];
  });
}

/** A field of free JSON, one level for each name. */
export function text(data: unknown, ...names: readonly string[]): string | undefined {
  let value = data;
  for (const name of names) value = isRecord(value) ? value[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
