/** Who comes first among those who can: the strategies that look at one item after the other. */
import type { Candidate } from './candidate.ts';
import type { Strategy } from './record.ts';

/** `least-cost` looks at many items and agents together. */
export type OneByOne = Exclude<Strategy, 'least-cost'>;

type Order = (a: Candidate, b: Candidate) => number;

const byId: Order = (a, b) => (a.id < b.id ? -1 : Number(a.id > b.id));

/** Who holds nothing is idle; the others by when they last took or finished something. */
export const byIdleness: Order = (a, b) =>
  Number(a.holds.size > 0) - Number(b.holds.size > 0) || a.idleSince - b.idleSince || byId(a, b);

export const orders: Readonly<Record<OneByOne, Order>> = {
  'longest-idle': byIdleness,
  'least-loaded': (a, b) => a.holds.size - b.holds.size || byIdleness(a, b),
  'round-robin': (a, b) => a.offeredAt - b.offeredAt || byId(a, b),
};
