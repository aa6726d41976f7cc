/** Items by rank, as far as there may be somebody for them: the heads of lines in a heap. */
import { compare, firstOf } from './shelf.ts';
import type { Entry, Line, Lines, Shelf } from './types.ts';

export interface Turns {
  next(): Entry | undefined;
  /** There is nobody left for the one that was last, nor for those of its line. */
  giveUp(): void;
}

interface Place {
  readonly shelf: Shelf;
  piece: number;
  at: number;
}

interface Head extends Place {
  readonly line: Line | undefined;
  first: Entry;
  /** The last one that was drawn: who stands first in the other lines does not come before it. */
  isFront: boolean;
}

/** @param isOpen whether somebody has room who was not asked yet, for the items of a line */
export function turnsOf(
  { singles, heads }: Pick<Lines, 'singles' | 'heads'>,
  isOpen: (line: Line, first: Entry) => boolean,
): Turns {
  const heap: Head[] = [];
  const drawn: Place = { shelf: heads, piece: 0, at: -1 };
  const draw = (): void => {
    for (let first = step(drawn); first !== undefined; first = step(drawn)) {
      const { line } = first;
      if (line === undefined || !isOpen(line, first)) continue;
      push(heap, { shelf: line.shelf, piece: 0, at: 0, line, first, isFront: true });
      return;
    }
  };
  const single = firstOf(singles);
  if (single !== undefined)
    push(heap, { shelf: singles, piece: 0, at: 0, line: undefined, first: single, isFront: false });
  draw();
  let last: Head | undefined;
  let isOver = false;
  const moveOn = (head: Head): void => {
    const { line, isFront } = head;
    head.isFront = false;
    const following = isOver ? undefined : step(head);
    if (following !== undefined && (line === undefined || isOpen(line, following))) head.first = following;
    else {
      const end = heap.pop();
      if (end !== undefined && end !== head) heap[0] = end;
    }
    sink(heap);
    if (isFront) draw();
  };
  return {
    next: () => {
      if (last !== undefined) moveOn(last);
      isOver = false;
      last = heap[0];
      return last?.first;
    },
    giveUp: () => {
      isOver = last?.line?.isLoose === false;
    },
  };
}

function step(place: Place): Entry | undefined {
  const { pieces } = place.shelf;
  place.at += 1;
  if (place.at >= (pieces[place.piece]?.length ?? 0)) {
    place.piece += 1;
    place.at = 0;
  }
  return pieces[place.piece]?.[place.at];
}

/** Restores the order of a heap whose first entry may come later than those below it. */
function sink(heads: Head[]): void {
  const [head] = heads;
  if (head === undefined) return;
  let place = 0;
  for (let below = 1; below < heads.length; below = 2 * place + 1) {
    const [left, right] = [heads[below], heads[below + 1]];
    const isRight = left !== undefined && right !== undefined && compare(right.first, left.first) < 0;
    const child = isRight ? right : left;
    if (child === undefined || compare(head.first, child.first) <= 0) break;
    heads[place] = child;
    place = isRight ? below + 1 : below;
  }
  heads[place] = head;
}

function push(heads: Head[], head: Head): void {
  let place = heads.length;
  while (place > 0) {
    const above = (place - 1) >>> 1;
    const parent = heads[above];
    if (parent === undefined || compare(parent.first, head.first) <= 0) break;
    heads[place] = parent;
    place = above;
  }
  heads[place] = head;
}
