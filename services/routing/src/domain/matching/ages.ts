/** What waits in a queue, who waits longest first: kept for the queues whose figures somebody asked for. */
import { waitsSince } from '../queues/steps.ts';
import { createShelf, enter, leave, refill } from './shelf.ts';
import type { Entry, Memory, Shelf } from './types.ts';

const byAge = (a: Entry, b: Entry): number => waitsSince(a) - waitsSince(b) || (a.id < b.id ? -1 : Number(a.id > b.id));

export function agesOf({ ages, entries }: Memory, queueId: string): Shelf {
  const known = ages.get(queueId);
  if (known !== undefined) return known;
  const own = createShelf(byAge);
  refill(
    own,
    [...entries.values()].filter((entry) => entry.queueId === queueId),
  );
  ages.set(queueId, own);
  return own;
}

export function noteCame({ ages }: Memory, entry: Entry): void {
  const own = ages.get(entry.queueId);
  if (own !== undefined) enter(own, entry);
}

export function noteLeft({ ages }: Memory, entry: Entry): void {
  const own = ages.get(entry.queueId);
  if (own !== undefined) leave(own, entry);
}
