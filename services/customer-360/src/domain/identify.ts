/** Which customer it is. */
import type { Need, World } from '@switchboard/hallway';
import { older } from './merge.ts';
import type { Customer360Kinds, CustomerState } from './state.ts';

type Needs = readonly Need<Customer360Kinds>[];
type Known = World<Customer360Kinds>;

/** A graph of more contact points than this is no person: nothing is joined to it any more. */
export const MOST_CONTACT_POINTS = 50;

/** A caller who withheld the number and whom nothing tells from the next one. */
export const isNobody = (contactPoint: string): boolean => contactPoint === 'withheld:' || contactPoint === '';

const isWithheld = (contactPoint: string): boolean => contactPoint.startsWith('withheld:');
const isVisitor = (contactPoint: string): boolean => contactPoint.startsWith('visitor:');

/** The customer an id stands for today: those merged are followed. */
export function resolve(world: Known, id: string | undefined): CustomerState | undefined {
  let customer = id === undefined ? undefined : world.get('customer', id);
  while (customer?.mergedInto !== undefined) customer = world.get('customer', customer.mergedInto);
  return customer;
}

/** What `resolve` looks at. */
export function needsToResolve(world: Known, id: string | undefined): Needs {
  const needs: Need<Customer360Kinds>[] = [];
  for (let at = id; at !== undefined; at = world.get('customer', at)?.mergedInto) {
    needs.push({ kind: 'customer', id: at });
  }
  return needs;
}

/** What `identify` looks at. */
export function needsToIdentify(world: Known, contactPoints: readonly string[]): Needs {
  return contactPoints
    .filter((point) => !isNobody(point))
    .flatMap((id) => [
      { kind: 'identity' as const, id },
      ...needsToResolve(world, world.get('identity', id)?.customerId),
    ]);
}

export interface Identified {
  /** Absent: nobody known. */
  readonly customer: CustomerState | undefined;
  /** Customers that the contact points show to be the same one. */
  readonly others: readonly CustomerState[];
  /** Contact points not seen before, which are this customer's from now on. */
  readonly unseen: readonly string[];
}

/**
 * Contact points that are named together are one customer: unknown ones join the known, several known customers
 * become the oldest of them. Two things do not join: a withheld address, and a visitor's cookie between customers who
 * are known by more than cookies (a shared device is not a shared person).
 */
export function identify(world: Known, contactPoints: readonly string[]): Identified {
  const points = joinable(contactPoints.filter((point) => !isNobody(point)));
  const known = points.flatMap((point) => {
    const customer = resolve(world, world.get('identity', point)?.customerId);
    return customer === undefined ? [] : [{ point, customer }];
  });
  const named = known.filter(({ point }) => !isVisitor(point));
  const trusted = known.filter(
    ({ point, customer }) => named.length === 0 || !isVisitor(point) || customer.contactPoints.every(isVisitor),
  );
  const customers = [...new Set(trusted.map(({ customer }) => customer))];
  const [first] = customers;
  const unseen = points.filter((point) => world.get('identity', point) === undefined);
  if (first === undefined) return { customer: undefined, others: [], unseen };
  const customer = customers.reduce(older, first);
  const others = customers.filter((one) => one !== customer);
  const all = new Set([...unseen, ...customers.flatMap((one) => one.contactPoints)]);
  if (all.size > MOST_CONTACT_POINTS) return { customer, others: [], unseen: [] };
  return { customer, others, unseen };
}

/** A withheld address counts only where it stands alone. */
function joinable(points: readonly string[]): readonly string[] {
  const open = points.filter((point) => !isWithheld(point));
  return open.length > 0 ? open : points.slice(0, 1);
}
