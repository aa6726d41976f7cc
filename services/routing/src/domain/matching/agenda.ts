/** What is to be done when: a binary heap. */

export interface Due<A> {
  readonly at: number;
  readonly act: A;
}

export interface Agenda<A> {
  add(at: number, act: A): void;
  /** The earliest instant at which something is due; `Infinity`: there is nothing. */
  next(): number;
  size(): number;
  /** All that is due at the earliest instant, in the order in which it was added; nothing: there is no more. */
  take(): Due<A>[];
}

export function createAgenda<A>(): Agenda<A> {
  const heap: (Due<A> & { readonly turn: number })[] = [];
  let turns = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.turn < other.turn);
  };
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  const rise = (from: number): void => {
    for (let at = from; at > 0 && isBefore(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      const smaller = isBefore(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1;
      if (!isBefore(smaller, at)) return;
      swap(smaller, at);
      at = smaller;
    }
  };
  const shift = (): Due<A> | undefined => {
    swap(0, heap.length - 1);
    const first = heap.pop();
    sink(0);
    return first;
  };
  return {
    add: (at, act) => {
      heap.push({ at, act, turn: (turns += 1) });
      rise(heap.length - 1);
    },
    next: () => heap[0]?.at ?? Infinity,
    size: () => heap.length,
    take: () => {
      const due: Due<A>[] = [];
      for (const at = heap[0]?.at; heap.length > 0 && heap[0]?.at === at;) {
        const next = shift();
        if (next !== undefined) due.push(next);
      }
      return due;
    },
  };
}
