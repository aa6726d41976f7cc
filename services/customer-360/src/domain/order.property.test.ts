/** Activities come by many doors in no common order: whoever tells them first, the same customers come out. */
import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActivityFacts, Customer360Commands } from './commands.ts';
import { snapshotOf, viewOf } from './customer.ts';
import type { CustomerSnapshot } from './customer.ts';
import { handlers } from './handlers.ts';
import type { Customer360Kinds, CustomerState } from './state.ts';
import { anActivity, NOON } from './testing/house.ts';

type House = StrictHouse<Customer360Kinds, Customer360Commands>;
type Command = TypedCommand<Customer360Commands>;

const oneOf = fc.constantFrom;
const points = ['phone:+4930111', 'phone:+4930222', 'email:ada@example.org', 'email:bob@example.org', 'user:1'];
const word = oneOf('a', 'b', 'constructor');

/** What is told with the time at which it was so; a product's attributes all at once. */
const facts: fc.Arbitrary<ActivityFacts> = fc.oneof(
  fc.record({
    kind: fc.constant('purchase' as const),
    product: word,
    price: fc.record({ minorUnits: fc.integer({ min: -500, max: 5000 }), currency: oneOf('EUR', 'USD') }),
  }),
  fc.record({
    kind: fc.constant('product-owned' as const),
    product: word,
    attributes: fc.record({ color: oneOf('red', 'blue'), gigabytes: fc.nat(1) }),
  }),
  fc.record({
    kind: fc.constant('usage' as const),
    metric: word,
    value: fc.nat(100),
    unit: oneOf(undefined, 'GB'),
  }),
  fc.record({ kind: fc.constant('preference' as const), name: word, value: oneOf('x', 'y') }),
  fc.record({ kind: fc.constant('consent' as const), purpose: word, status: oneOf('granted', 'denied', 'revoked') }),
  fc.constant({ kind: 'none' as const }),
);
const who = fc.uniqueArray(oneOf(...points), { minLength: 1, maxLength: 2 });

/** Each at a time of its own, some of them of weeks that no longer count. */
const occurredAt = (n: number): string => new Date(Date.parse(NOON) - (n + 1) * 9 * 86_400_000).toISOString();
const life = fc.array(fc.record({ identifiers: who, facts }), { maxLength: 14, size: 'max' }).map((all) =>
  all.map((one, n): Command => ({
    type: 'record-activity',
    data: anActivity({ ...one, key: `k${String(n)}`, occurredAt: occurredAt(n) }),
  })),
);
const twoOrders = life.chain((all) => {
  const shuffled = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  return fc.tuple(shuffled, shuffled);
});

function told(commands: readonly Command[]): House {
  const house: House = createStrictHouse({ service: 'customer-360', handlers, configuration: undefined, start: NOON });
  for (const one of commands) house.tell(one);
  return house;
}

const living = (house: House): CustomerState[] =>
  house.all('customer').filter(({ mergedInto }) => mergedInto === undefined);

/** Everything but ids, and the order in which it was heard of. */
function knownOf(customer: CustomerState) {
  const { contactPoints, products, preferences, consents, usage, purchases } = viewOf(customer, NOON);
  return {
    contactPoints: [...contactPoints].sort(),
    products: [...products].sort((a, b) => (a.id < b.id ? -1 : 1)),
    consents: [...consents].sort((a, b) => (a.purpose < b.purpose ? -1 : 1)),
    ...{ preferences, usage, purchases },
  };
}

const allKnown = (house: House) =>
  living(house)
    .map(knownOf)
    .sort((a, b) => (a.contactPoints.join() < b.contactPoints.join() ? -1 : 1));

test('given activities in any order, then the same people come out, and the same is known of each', () => {
  fc.assert(
    fc.property(twoOrders, ([one, other]) => {
      expect(allKnown(told(one))).toEqual(allKnown(told(other)));
    }),
    { numRuns: 120 },
  );
});

const namedBy = ({ data }: Command): readonly string[] => ('identifiers' in data ? data.identifiers : []);

/** The contact points that were named together, directly or through others. */
function people(commands: readonly Command[]): string[] {
  let groups: Set<string>[] = [];
  for (const { data } of commands) {
    const named = new Set('identifiers' in data ? data.identifiers : []);
    const joined = groups.filter((group) => [...group].some((point) => named.has(point)));
    groups = [
      ...groups.filter((group) => !joined.includes(group)),
      new Set([...named, ...joined.flatMap((group) => [...group])]),
    ];
  }
  return groups.map((group) => [...group].sort().join()).sort();
}

test('given activities in any order, then a person is who was named together, and each moment is in one story, once', () => {
  fc.assert(
    fc.property(twoOrders, ([commands]) => {
      const house = told(commands);
      const customers = living(house);

      expect(customers.map(({ contactPoints }) => [...contactPoints].sort().join()).sort()).toEqual(people(commands));
      expect(house.all('timelineEntry')).toHaveLength(commands.length);
      for (const { activityId, customerId, id } of house.all('activity')) {
        const [owner, ...others] = customers.filter(
          (one) => one.id === customerId || one.mergedIds.includes(customerId),
        );
        const command = commands.find(({ data }) => 'key' in data && data.key === id);
        expect(others).toEqual([]);
        expect(owner?.contactPoints).toEqual(
          expect.arrayContaining(command === undefined ? ['none'] : [...namedBy(command)]),
        );
        expect(house.get('timelineEntry', activityId)?.customerId).toBe(customerId);
      }
    }),
    { numRuns: 60 },
  );
});

interface Changed {
  readonly customer: CustomerSnapshot;
  readonly changed?: readonly (keyof CustomerSnapshot)[];
}

test('given any activities, then a change is told of where there is one, and names what changed', () => {
  fc.assert(
    fc.property(twoOrders, ([commands]) => {
      const house = told(commands);
      const before = new Map<string, CustomerSnapshot>();
      for (const { type, subject, data } of house.events) {
        const { customer, changed = [] } = data as unknown as Changed;
        if (type === 'switchboard.customer360.v1.ProfileChanged') expect(changed).not.toEqual([]);
        for (const field of changed) expect(customer[field]).not.toEqual(before.get(subject)?.[field]);
        before.set(subject, customer);
      }
      for (const customer of living(house)) expect(before.get(customer.id)).toEqual(snapshotOf(customer));
    }),
    { numRuns: 60 },
  );
});
