/**
 * What waits, in order, in pieces: to put something in or to take it out moves a piece at the most, however long all of it
 * is. A plain list of two hundred thousand would be moved by megabytes with each item that comes and goes.
 */
import type { Entry } from './entry.ts';

export interface Shelf {
  /** Each in order, none empty; and so are they among themselves. */
  readonly pieces: Entry[][];
  size: number;
}

/** Entries of a piece at the most. */
const MOST = 512;

export const createShelf = (): Shelf => ({ pieces: [], size: 0 });

/** By rank: lower is served first. */
export const compare = (a: Entry, b: Entry): number =>
  a.rank - b.rank || a.enqueuedAt - b.enqueuedAt || (a.id < b.id ? -1 : Number(a.id > b.id));

export const firstOf = ({ pieces }: Shelf): Entry | undefined => pieces[0]?.[0];

/** Another list, in order. */
export const allOf = ({ pieces }: Shelf): Entry[] => pieces.flat();

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
  const sorted = [...entries].sort(compare);
  clear(shelf);
  for (const entry of sorted) append(shelf, entry);
}

export function enter(shelf: Shelf, entry: Entry): void {
  const { pieces } = shelf;
  const n = Math.min(pieceOf(pieces, entry), pieces.length - 1);
  const piece = pieces[n];
  shelf.size += 1;
  if (piece === undefined) pieces.push([entry]);
  else {
    piece.splice(placeOf(piece, entry), 0, entry);
    if (piece.length > MOST) pieces.splice(n + 1, 0, piece.splice(MOST / 2));
  }
}

/** Nothing happens where it does not stand there. */
export function leave(shelf: Shelf, entry: Entry): void {
  const { pieces } = shelf;
  const n = pieceOf(pieces, entry);
  const piece = pieces[n];
  const at = piece === undefined ? 0 : placeOf(piece, entry);
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
function pieceOf(pieces: readonly (readonly Entry[])[], entry: Entry): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const last = pieces[middle]?.at(-1);
    if (last !== undefined && compare(last, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where it stands, or belongs. */
function placeOf(piece: readonly Entry[], entry: Entry): number {
  let low = 0;
  let high = piece.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = piece[middle];
    if (there !== undefined && compare(there, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
