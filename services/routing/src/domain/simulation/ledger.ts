/** Who worked when. */

/** Instants in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Ledger {
  /** In all, ms. */
  readonly busyMs: ReadonlyMap<string, number>;
  /** Of that, within the span: what began before, or ends after it, counts by what lies in it. */
  readonly withinMs: ReadonlyMap<string, number>;
  note(agentId: string, from: number, to: number): void;
}

export const overlapMs = (one: Span, other: Span): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));

export function createLedger(staff: readonly { readonly id: string }[], span: Span): Ledger {
  const busyMs = new Map(staff.map(({ id }) => [id, 0]));
  const withinMs = new Map(busyMs);
  return {
    busyMs,
    withinMs,
    note: (agentId, from, to) => {
      busyMs.set(agentId, (busyMs.get(agentId) ?? 0) + to - from);
      withinMs.set(agentId, (withinMs.get(agentId) ?? 0) + overlapMs({ from, to }, span));
    },
  };
}
