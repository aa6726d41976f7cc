import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OffersCommands } from './commands.ts';
import type { CompiledOffer, OffersConfiguration } from './configuration.ts';
import { EXPIRY } from './expiry.ts';
import { decisionHandlers } from './handlers.ts';
import type { CustomerState, DecisionState, OffersKinds } from './state.ts';

type Commands = Omit<OffersCommands, 'put-offer' | 'remove-offer'>;
type House = StrictHouse<OffersKinds, Commands>;
type Command = TypedCommand<Commands>;
type Step = (house: House) => Command;

const START = '2026-11-22T12:00:00.000Z';
const HOUR = 3_600_000;
const oneOf = fc.constantFrom;
const index = fc.nat(1000);

function offer(id: string, worth: number, { reason = '', until = '' } = {}): CompiledOffer {
  const value = { minorUnits: worth, currency: 'EUR' };
  const incentive = until === '' ? {} : { incentive: { text: 'first month free', until } };
  return {
    id,
    definition: { name: id, trigger: 'true', value, ...incentive },
    triggers: ({ contact, activity }) => reason === '' || (contact ?? activity)?.['reason'] === reason,
    isEligible: ({ profile }) => (profile['odd'] === true ? { error: 'no such key' } : profile['barred'] !== true),
  };
}

const configuration: OffersConfiguration = {
  offers: [
    offer('always', 100),
    offer('big', 900, { reason: 'move' }),
    offer('brief', 500, { until: '2026-11-22T18:00:00.000Z' }),
    offer('fourth', 50),
  ],
  windows: { carryOver: 48 * HOUR, declined: 24 * HOUR },
};

const people = ['a', 'b', 'c', 'd'] as const;
const person = oneOf(...people);
const reason = oneOf('', 'move');
const caseIds = oneOf('case-1', 'case-2', 'case-3');

/** Snapshots of one customer have rising versions, but come in any order. */
const known = fc
  .record({
    id: person,
    version: fc.integer({ min: 1, max: 30 }),
    openComplaints: oneOf(0, 0, 0, 1),
    barred: oneOf(false, false, true),
    odd: oneOf(false, false, true),
  })
  .map(({ id, version, openComplaints, barred, odd }) => {
    const lists = { contactPoints: [], languages: [], products: [], consents: [], segments: [], preferences: {} };
    return {
      customer: { id, version, name: '', tier: '', openCases: 0, openComplaints, ...lists },
      profile: { barred, odd },
    };
  });

const contact = fc
  .record({
    known,
    caseId: caseIds,
    n: fc.nat(20),
    version: fc.integer({ min: 1, max: 5 }),
    open: oneOf(true, true, false),
    reason,
  })
  .map(({ known: who, caseId, n, version, open, reason: why }): Step => () => ({
    type: 'decide-for-contact',
    data: {
      ...{ contactId: `contact-${String(n)}`, known: who, channel: 'chat', contact: { reason: why } },
      case: { id: caseId, version, open, facts: { reason: why } },
    },
  }));
const activity = fc.record({ known, n: fc.nat(20), reason }).map(({ known: who, n, reason: why }): Step => () => ({
  type: 'decide-for-activity',
  data: { activityId: `activity-${String(n)}`, known: who, channel: 'web', activity: { reason: why } },
}));
const request = fc
  .record({ customerId: person, caseId: oneOf(undefined, 'case-1', 'case-2'), limit: fc.integer({ min: 1, max: 4 }) })
  .map((data): Step => () => ({ type: 'decide-on-request', data: { ...data, channel: 'chat' } }));
const response = fc
  .record({ n: index, m: index, outcome: oneOf('presented', 'accepted', 'declined', 'abandoned') })
  .map(({ n, m, outcome }): Step => (house) => {
    const decisions = house.all('decision').filter(({ offers }) => offers.length > 0);
    const decision = decisions[n % Math.max(1, decisions.length)];
    const offerId = decision?.offers[m % decision.offers.length]?.offerId ?? 'none';
    return { type: 'record-response', data: { decisionId: decision?.id ?? 'none', offerId, outcome } };
  });
const news = fc.oneof(
  known.map((data): Step => () => ({ type: 'note-profile', data })),
  fc
    .record({ id: caseIds, version: fc.integer({ min: 1, max: 8 }), open: fc.boolean() })
    .map((data): Step => () => ({ type: 'note-case', data: { ...data, facts: {} } })),
  fc
    .record({
      caseId: caseIds,
      clockId: oneOf('x', 'y'),
      version: fc.integer({ min: 1, max: 9 }),
      breached: oneOf(false, false, true),
      atRisk: oneOf(undefined, true, false),
    })
    .map((data): Step => () => ({ type: 'note-promise', data })),
);
/** As customer-360 merges: into the one known for longer, never in a circle; told by different keys, so in any order. */
const merges: readonly Command[] = (
  [
    ['b', 'c'],
    ['a', 'b'],
    ['a', 'd'],
  ] as const
).map(([stays, goes], n) => {
  const lists = { contactPoints: [], languages: [], products: [], consents: [], segments: [], preferences: {} };
  const customer = { id: stays, version: 40 + n, name: '', tier: '', openCases: 0, openComplaints: 0, ...lists };
  return {
    type: 'merge-customers',
    data: { customer, mergedIds: [goes] },
  };
});
const merge = oneOf(...merges).map(
  (command): Step =>
    () =>
      command,
);

const step = fc.oneof(
  { weight: 6, arbitrary: contact },
  { weight: 3, arbitrary: activity },
  { weight: 3, arbitrary: request },
  { weight: 6, arbitrary: response },
  { weight: 3, arbitrary: news },
  { weight: 1, arbitrary: merge },
);
const steps = fc.array(fc.tuple(step, oneOf(0, 0, HOUR, 5 * HOUR, 30 * HOUR)), { maxLength: 40, size: 'max' });

const newHouse = (): House =>
  createStrictHouse({
    ...{ service: 'offers', handlers: decisionHandlers, configuration, start: START },
    timer: ({ kind, data }) =>
      kind === EXPIRY ? { type: 'expire-offer', data: data as Commands['expire-offer'] } : undefined,
  });

const isFinal = (status: string): boolean => status === 'accepted' || status === 'declined';

function decisionFaults(house: House, { id, offers, candidates, responses }: DecisionState): string[] {
  const offered = candidates.filter(({ outcome }) => outcome === 'offered').map(({ offerId }) => offerId);
  const faults: string[] = [];
  if (offers.map(({ rank }) => rank).join() !== offers.map((_, n) => n + 1).join())
    faults.push(`${id} ranks with gaps`);
  if (
    offered.sort().join() !==
    offers
      .map(({ offerId }) => offerId)
      .sort()
      .join()
  )
    faults.push(`${id} contradicts itself`);
  if (candidates.length !== configuration.offers.length) faults.push(`${id} does not tell of every offer`);
  for (const { offerId } of offers) {
    const outcomes = responses.filter((one) => one.offerId === offerId).map(({ outcome }) => outcome);
    if (outcomes.slice(0, -1).some(isFinal)) faults.push(`${id}: ${offerId} was answered and answered again`);
  }
  if (
    house.get('customer', responses.length === 0 ? '' : (house.get('decision', id)?.customerId ?? '')) === undefined &&
    responses.length > 0
  )
    faults.push(`${id} was answered by nobody`);
  return faults;
}

function customerFaults(house: House, { id, standings, caseIds: cases, mergedInto }: CustomerState): string[] {
  const faults: string[] = [];
  if (new Set(standings.map(({ offerId }) => offerId)).size < standings.length)
    faults.push(`${id} has one offer twice`);
  if (mergedInto !== undefined && standings.length + cases.length > 0)
    faults.push(`${id} is ${mergedInto} and still holds something`);
  for (const { offerId, decisionId, status, until } of standings) {
    const decision = house.get('decision', decisionId);
    if (decision?.offers.some((one) => one.offerId === offerId) !== true)
      faults.push(`${offerId} of ${id} was never decided on`);
    if (!isFinal(status) && until <= house.now().toISOString())
      faults.push(`${offerId} of ${id} ran out and still stands`);
  }
  return faults;
}

function faultsOf(house: House): string[] {
  return [
    ...house.all('decision').flatMap((one) => decisionFaults(house, one)),
    ...house.all('customer').flatMap((one) => customerFaults(house, one)),
  ];
}

it('given any commands in any order, then offers are ranked without gaps, answered once, and run out in time', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const house = newHouse();
      for (const [one, ms] of all) {
        house.tell(one(house));
        house.pass(ms);
        expect(faultsOf(house)).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});

it('given any decision, then it keeps the limit, passes the gates, and offers nothing that was accepted or refused of late', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const house = newHouse();
      for (const [one, ms] of all) {
        const command = one(house);
        const before = new Map(house.all('customer').map((customer) => [customer.id, customer]));
        const known = new Set(house.all('decision').map(({ id }) => id));
        const now = house.now().getTime();
        house.tell(command);
        for (const { id, customerId, offers } of house.all('decision')) {
          if (known.has(id)) continue;
          expect(offers.length).toBeLessThanOrEqual(command.type === 'decide-on-request' ? command.data.limit : 3);
          if ((house.get('customer', customerId)?.openComplaints ?? 0) > 0) expect(offers).toEqual([]);
          for (const { offerId } of offers) {
            const standing = before.get(customerId)?.standings.find((one_) => one_.offerId === offerId);
            expect(standing?.status).not.toBe('accepted');
            if (standing?.status === 'declined') expect(Date.parse(standing.at) + 24 * HOUR).toBeLessThanOrEqual(now);
          }
        }
        house.pass(ms);
      }
    }),
    { numRuns: 150 },
  );
});

it('given a command twice, then the second changes nothing', () => {
  fc.assert(
    fc.property(steps, fc.oneof(contact, activity, response, news, merge), (all, last) => {
      const house = newHouse();
      for (const [one, ms] of all) {
        house.tell(one(house));
        house.pass(ms);
      }
      const command = last(house);
      const first = house.tell(command);
      const again = house.tell(command);
      if ('rejected' in first) expect(again).toEqual(first);
      else expect([again].flatMap((answer) => ('changes' in answer ? (answer.changes ?? []) : []))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
