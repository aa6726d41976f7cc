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
