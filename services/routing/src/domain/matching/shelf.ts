/**
 * What waits, in order, in pieces: to put something in or to take it out moves a piece at the most, however long all of it
 * is. A plain list of two hundred thousand would be moved by megabytes with each item that comes and goes.
 */
import { waitsSince } from '../queues/steps.ts';
import type { Entry, Order, Shelf } from './types.ts';

/** Entries of a piece at the most. */
const MOST = 512;

/** By rank: lower is served first. */
export const compare = (a: Entry, b: Entry): number =>
  a.rank - b.rank || a.enqueuedAt - b.enqueuedAt || (a.id < b.id ? -1 : Number(a.id > b.id));

export const createShelf = (order: Order = compare): Shelf => ({ pieces: [], order, size: 0 });

export const firstOf = ({ pieces }: Shelf): Entry | undefined => pieces[0]?.[0];

/** Another list, in order. */
export const allOf = ({ pieces }: Shelf): Entry[] => pieces.flat();

/** Likewise, of the first alone. */
export function someOf({ pieces }: Shelf, most: number): Entry[] {
  const found: Entry[] = [];
  for (const piece of pieces) {
    if (found.length >= most) break;
    found.push(...piece);
  }
  return found.slice(0, most);
}

/** Of one in order of age: how many wait since before an instant, ms. */
export function cameBefore({ pieces }: Shelf, at: number): number {
  let count = 0;
  for (const piece of pieces) {
    const last = piece.at(-1);
    if (last === undefined || waitsSince(last) >= at) return count + placeFor(piece, (there) => waitsSince(there) < at);
    count += piece.length;
  }
  return count;
}

export function clear(shelf: Shelf): void {
  shelf.pieces.length = 0;
  shelf.size = 0;
}

/** Behind all that is there: its place has to be there. */
export function append(shelf: Shelf, entry: Entry): void {
  const last = shelf.pieces.at(-1);
  if (last === undefined || last.length >= MOST / 2) shelf.pieces.push([entry]);
  else last.push(entry);
  shelf.size += 1;
}

/** Anything, instead of what is there. */
export function refill(shelf: Shelf, entries: readonly Entry[]): void {
  const sorted = [...entries].sort(shelf.order);
  clear(shelf);
  for (const entry of sorted) append(shelf, entry);
}

export function enter(shelf: Shelf, entry: Entry): void {
  const { pieces } = shelf;
  const n = Math.min(pieceOf(shelf, entry), pieces.length - 1);
  const piece = pieces[n];
  shelf.size += 1;
  if (piece === undefined) pieces.push([entry]);
  else {
    piece.splice(placeOf(shelf, piece, entry), 0, entry);
    if (piece.length > MOST) pieces.splice(n + 1, 0, piece.splice(MOST / 2));
  }
}

/** Nothing happens where it does not stand there. */
export function leave(shelf: Shelf, entry: Entry): void {
  const { pieces } = shelf;
  const n = pieceOf(shelf, entry);
  const piece = pieces[n];
  const at = piece === undefined ? 0 : placeOf(shelf, piece, entry);
  if (piece?.[at] !== entry) return;
  shelf.size -= 1;
  piece.splice(at, 1);
  const next = pieces[n + 1];
  if (piece.length === 0) pieces.splice(n, 1);
  else if (next !== undefined && piece.length + next.length < MOST / 4) {
    piece.push(...next);
    pieces.splice(n + 1, 1);
  }
}

/** The first piece whose last entry does not stand before this one. */
const pieceOf = ({ pieces, order }: Shelf, entry: Entry): number =>
  placeFor(pieces, (piece) => {
    const last = piece.at(-1);
    return last !== undefined && order(last, entry) < 0;
  });

/** Where it stands, or belongs. */
const placeOf = ({ order }: Shelf, piece: readonly Entry[], entry: Entry): number =>
  placeFor(piece, (there) => order(there, entry) < 0);

/** Behind all that come before: those are the first. */
function placeFor<T>(list: readonly T[], isBefore: (one: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = list[middle];
    if (there !== undefined && isBefore(there)) low = middle + 1;
    else high = middle;
  }
  return low;
}
