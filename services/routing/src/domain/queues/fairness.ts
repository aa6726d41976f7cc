/** No agent gets more than their share of a queue: so many an hour, and fewer while they have only just come. */

/** Limits, compiled. */
export interface Fairness {
  readonly most: number;
  readonly perMs: number;
  readonly ramp?: { readonly forMs: number; readonly most: number } | undefined;
}

/** An assignment: of which queue, and when (ms). */
export interface Assigned {
  readonly queueId: string;
  readonly at: number;
}

/** An assignment as it is kept with what the agent holds, where it is counted again under lock. */
export interface Share extends Assigned {
  readonly reservationId: string;
}

/** The longest window of a queue's limits, ms. */
export const LONGEST_SHARE_MS = 24 * 3_600_000;
/** Shares kept of an agent: a limit above that is kept by the matcher's memory alone. */
const MOST_KEPT = 500;

/** Of its queue, those are kept that its limits count; of others, what any may count. */
export function withShare(
  shares: readonly Share[] = [],
  share: Share,
  { perMs, ramp }: Pick<Fairness, 'perMs' | 'ramp'>,
): readonly Share[] {
  const countedMs = Math.max(perMs, ramp?.forMs ?? 0);
  const isKept = ({ queueId, at }: Share): boolean =>
    at > share.at - (queueId === share.queueId ? countedMs : LONGEST_SHARE_MS);
  return [...shares.filter(isKept), share].slice(-MOST_KEPT);
}

/** It came to nothing. */
export const withoutShare = (
  shares: readonly Share[] | undefined,
  reservationId: string,
): readonly Share[] | undefined => shares?.filter((share) => share.reservationId !== reservationId);

/** Whether an agent has had their share of a queue. `availableSince` and `now` in ms. */
export function hasShare(
  { most, perMs, ramp }: Fairness,
  queueId: string,
  assigned: Iterable<Assigned>,
  { availableSince, now }: { readonly availableSince: number; readonly now: number },
): boolean {
  const isNew = ramp !== undefined && now < availableSince + ramp.forMs;
  let inWindow = 0;
  let sinceCome = 0;
  for (const one of assigned) {
    if (one.queueId !== queueId) continue;
    if (one.at > now - perMs) inWindow += 1;
    if (one.at >= availableSince) sinceCome += 1;
  }
  return inWindow >= most || (isNew && sinceCome >= ramp.most);
}
