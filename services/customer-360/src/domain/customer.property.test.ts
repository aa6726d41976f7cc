import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActivityFacts, Customer360Commands, RecordedActivity } from './commands.ts';
import { viewOf } from './customer.ts';
import { handlers } from './handlers.ts';
import { MOST_CONTACT_POINTS } from './identify.ts';
import type { Customer360Kinds, CustomerState } from './state.ts';
import { aCase, aContact, anActivity, NOON } from './testing/house.ts';

type House = StrictHouse<Customer360Kinds, Customer360Commands>;
type Command = TypedCommand<Customer360Commands>;

const oneOf = fc.constantFrom;
const points = [
  ...['phone:+4930111', 'phone:+4930222', 'email:ada@example.org', 'email:bob@example.org', 'user:1'],
  ...['visitor:1', 'visitor:2', 'withheld:', 'withheld:7'],
] as const;
const point = oneOf(...points);
const caseIds = oneOf('case-1', 'case-2', 'case-3');
const at = oneOf(
  '2026-08-01T00:00:00.000Z',
  '2026-11-20T00:00:00.000Z',
  '2026-11-21T00:00:00.000Z',
  '2030-01-01T00:00:00.000Z',
);
const word = oneOf('a', 'b', 'constructor', 'toString');

const facts: fc.Arbitrary<ActivityFacts> = fc.oneof(
  fc.record({
    kind: fc.constant('purchase' as const),
    product: word,
    price: fc.record({ minorUnits: fc.integer({ min: -500, max: 5000 }), currency: oneOf('EUR', 'USD') }),
  }),
  fc.record({
    kind: fc.constant('product-owned' as const),
    product: word,
    attributes: fc.dictionary(word, fc.integer(), { noNullPrototype: true }),
  }),
  fc.record({ kind: fc.constant('usage' as const), metric: word, value: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('preference' as const), name: word, value: word }),
  fc.record({ kind: fc.constant('consent' as const), purpose: word, status: oneOf('granted', 'denied', 'revoked') }),
  fc.record({
    kind: fc.constant('profile' as const),
    name: word,
    tier: word,
    languages: fc.array(word, { maxLength: 3 }),
  }),
  fc.constant({ kind: 'none' as const }),
);

const arrival = fc
  .record({
    id: fc.nat(15),
    caseId: caseIds,
    version: fc.integer({ min: 1, max: 6 }),
    contactPoint: point,
    fromName: oneOf('', 'Ada'),
    language: oneOf('', 'de'),
    reason: oneOf('', 'complaint'),
  })
  .map(({ id, caseId, version, contactPoint, ...rest }): Command => ({
    type: 'attribute-contact',
    data: {
      contact: aContact({ ...rest, id: `contact-${String(id)}`, caseId, contactPoint }),
      case: aCase({ id: caseId, version, contactPoint, reason: rest.reason }),
    },
  }));
const activity = fc
  .record({
    identifiers: fc.uniqueArray(point, { minLength: 1, maxLength: 3 }),
    facts,
    key: oneOf(undefined, 'k1', 'k2'),
    occurredAt: fc.option(at, { nil: undefined }),
    body: oneOf(1, 2),
    door: oneOf('rest', 'bus'),
    isOdd: oneOf(false, false, false, true),
  })
  .map(({ body, isOdd, ...rest }): Command => ({
    type: 'record-activity',
    data: anActivity({ ...rest, body: { body }, problems: isOdd ? [{ field: 'data', reason: 'does not fit' }] : [] }),
  }));
const news = fc
  .record({
    caseId: caseIds,
    version: fc.integer({ min: 1, max: 8 }),
    status: oneOf('open', 'resolved', 'closed'),
    reason: oneOf('', 'complaint'),
  })
  .map(({ caseId, version, ...rest }): Command => ({
    type: 'follow-case',
    data: {
      case: aCase({ ...rest, id: caseId, version }),
      moment: { id: `news-${caseId}-${String(version)}`, at: NOON, kind: 'case', summary: '', caseId, data: {} },
    },
  }));
const moment = (id: number) => ({ id: `moment-${String(id)}`, at: NOON, kind: 'work', summary: 'x', data: {} });
const other = fc.oneof(
  fc
    .tuple(caseIds, fc.nat(5))
    .map(([caseId, id]): Command => ({ type: 'tell-of-case', data: { caseId, moment: moment(id) } })),
  fc
    .nat(5)
    .map((id): Command => ({ type: 'tell-of-customer', data: { customerId: 'anybody', moment: moment(id + 10) } })),
  fc.tuple(fc.nat(15), oneOf('edited', 'revoked')).map(([id, kind]): Command => ({
    type: 'update-contact',
    data: { contactId: `contact-${String(id)}`, kind, text: 'new' },
  })),
);
const command = fc.oneof(
  { weight: 5, arbitrary: arrival },
  { weight: 5, arbitrary: activity },
  { weight: 3, arbitrary: news },
  { weight: 2, arbitrary: other },
);
const commands = fc.array(command, { maxLength: 40, size: 'max' });

const newHouse = (): House =>
  createStrictHouse({ service: 'customer-360', handlers, configuration: undefined, start: NOON });

/** The customer an id stands for today, found without the domain's own function. */
function today(house: House, id: string): CustomerState | undefined {
  let found = house.get('customer', id);
  for (let steps = 0; found?.mergedInto !== undefined && steps < 100; steps += 1)
    found = house.get('customer', found.mergedInto);
  return found?.mergedInto === undefined ? found : undefined;
}

function identityFaults(house: House): string[] {
  const customers = house.all('customer');
  const faults = house.all('identity').flatMap(({ id, customerId }) => {
    const owner = today(house, customerId);
    return owner?.contactPoints.includes(id) === true ? [] : [`${id} leads to nobody who has it`];
  });
  const owners = new Map<string, string>();
  for (const { id, contactPoints, mergedInto, mergedIds } of customers) {
    if (mergedInto !== undefined) {
      if (today(house, id)?.mergedIds.includes(id) !== true) faults.push(`${id} is not known to have become another`);
      continue;
    }
    if (contactPoints.length > MOST_CONTACT_POINTS) faults.push(`${id} has too many contact points`);
    if (mergedIds.some((one) => today(house, one)?.id !== id)) faults.push(`${id} claims somebody else`);
    for (const one of contactPoints) {
      if (owners.has(one)) faults.push(`${one} is of two customers`);
      owners.set(one, id);
    }
  }
  return faults;
}

function profileFaults(house: House): string[] {
  return house
    .all('customer')
    .filter(({ mergedInto }) => mergedInto === undefined)
    .flatMap((customer) => {
      const { id, openCases, products, preferences, consents, usage, purchases } = customer;
      const faults: string[] = [];
      for (const open of openCases) {
        const link = house.get('caseLink', open.id);
        if (link === undefined || today(house, link.customerId)?.id !== id) faults.push(`${open.id} is not of ${id}`);
      }
      for (const list of [
        products.map((one) => one.id),
        preferences.map(({ name }) => name),
        consents.map(({ purpose }) => purpose),
        usage.map(({ metric }) => metric),
        openCases.map((one) => one.id),
      ])
        if (new Set(list).size < list.length) faults.push(`${id} has something twice: ${list.join()}`);
      if (Object.values(purchases.spend).some((sum) => !Number.isFinite(sum)))
        faults.push(`${id} spent what is no number`);
      for (const { weeks } of usage)
        if (weeks.length > 13 || weeks.some(({ count }) => count < 1)) faults.push('weeks out of the window');
      if (viewOf(customer, house.now().toISOString()).openCases !== openCases.length) faults.push('the view miscounts');
      return faults;
    });
}

it('given any commands in any order, then every contact point is one customer, and every profile holds together', () => {
  fc.assert(
    fc.property(commands, (all) => {
      const house = newHouse();
      for (const one of all) {
        house.tell(one);
        expect([...identityFaults(house), ...profileFaults(house)]).toEqual([]);
        house.pass(3_600_000);
      }
    }),
    { numRuns: 150 },
  );
});

it('given any activities, then purchases add up over merges, and each natural key is recorded once', () => {
  fc.assert(
    fc.property(commands, (all) => {
      const house = newHouse();
      let bought = 0;
      const first = new Map<string, string>();
      for (const one of all) {
        const answer = house.tell(one);
        if (one.type !== 'record-activity' || 'rejected' in answer || !('reply' in answer)) continue;
        const { activityId, repeated } = answer.reply as RecordedActivity;
        if (!repeated && one.data.facts.kind === 'purchase') bought += 1;
        const { key } = one.data;
        if (key === undefined) continue;
        expect(repeated).toBe(first.has(key));
        first.set(key, first.get(key) ?? activityId);
        expect(activityId).toBe(first.get(key));
      }
      const living = house.all('customer').filter(({ mergedInto }) => mergedInto === undefined);
      expect(living.reduce((sum, { purchases }) => sum + purchases.count, 0)).toBe(bought);
      const attributed = house.events.filter(({ type }) => type.endsWith('.ActivityAttributed'));
      expect(attributed).toHaveLength(house.all('activity').length);
    }),
    { numRuns: 150 },
  );
});

it('given a command twice, then the second teaches nothing', () => {
  fc.assert(
    fc.property(commands, command, (all, last) => {
      fc.pre(last.type !== 'update-contact' && (last.type !== 'record-activity' || last.data.key !== undefined));
      const house = newHouse();
      for (const one of all) house.tell(one);
      const first = house.tell(last);
      const before = house.events.length;
      const again = house.tell(last);
      if ('rejected' in first || 'waitFor' in first) expect(again).toEqual(first);
      else expect('changes' in again ? again.changes : undefined).toBeUndefined();
      expect(house.events).toHaveLength(before);
    }),
    { numRuns: 150 },
  );
});
