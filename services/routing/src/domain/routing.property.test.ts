import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHouseMatcher } from '../testing/house-matcher.ts';
import type { HouseMatcher } from '../testing/house-matcher.ts';
import { anyQueue, createHouse } from '../testing/house.ts';
import type { House, HouseCommand } from '../testing/house.ts';
import { faultsOf } from '../testing/invariants.ts';
import { act, agent, contact, customer, news, presence } from '../testing/orders.ts';
import type { Queue } from './queues/queues.ts';
import { capacityFor, loadOf } from './people/state.ts';
import { holdersOf, openReservation } from './work/state.ts';
import { isUnfinished } from './work/work-steps.ts';

const gold: Queue = {
  id: 'gold',
  reservationTimeoutMs: 10_000,
  takes: ({ customer: { tier } }) => tier === 'gold',
  servedBy: (facts, { skills }) => (skills['vip'] ?? 0) >= facts.case.priority,
  offersAtOnce: 3,
};
const rest: Queue = { ...anyQueue, offersAtOnce: 2 };

const agents = ['a', 'b', 'c'] as const;
const cases = ['1', '2', '3', '4', '5'] as const;
const channels = ['phone', 'chat'] as const;

type Action = (house: House, matcher: HouseMatcher) => void;

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const index = fc.nat(1000);
const oneOf = fc.constantFrom;
/** A case's next version, so that news is news. */
const newer = (house: House, id: string) => (house.get('caseWork', id)?.caseVersion ?? 0) + 1;
const tell =
  (command: (house: House) => HouseCommand): Action =>
  (house) => {
    house.tell(command(house));
  };

const arrival = fc
  .tuple(oneOf(...cases), oneOf(...channels))
  .map(([id, channel]) => tell((house) => contact(id, { version: newer(house, id), channel })));
const change = fc
  .tuple(oneOf(...cases), oneOf('open', 'open', 'resolved', 'closed'), fc.integer({ min: 1, max: 5 }))
  .map(([id, status, priority]) => tell((house) => news(id, newer(house, id), { status, priority })));
const attribution = fc
  .tuple(oneOf(...cases), oneOf('gold', 'iron'), index)
  .map(([id, tier, n]) => tell(() => customer(id, tier, n)));
const presences = fc
  .tuple(oneOf(...agents), oneOf('available', 'available', 'away', 'offline'))
  .map(([id, to]) => tell(() => presence(id, to)));
const definition = fc
  .tuple(oneOf(...agents), fc.nat(2), fc.nat(2), fc.nat(5))
  .map(([id, phone, other, vip]) => tell(() => agent(id, { capacity: { phone, default: other }, skills: { vip } })));
/** Gone, where they hold nothing, and there again as somebody of whom nothing is known. */
const comeAgain = oneOf(...agents).map((id): Action => (house) => {
  house.tell({ type: 'remove-agent', data: { id } });
  house.tell(agent(id, { capacity: { phone: 1, default: 2 }, skills: { vip: 3 } }));
  house.tell(presence(id, 'available'));
});
/** On an open reservation, or now and then on any. */
const answer = fc.tuple(oneOf('accept', 'reject', 'wrap-up', 'complete'), index, fc.boolean()).map(([what, n, isAny]) =>
  tell((house) => {
    const all = house.all('reservation');
    const open = all.filter(({ status }) => isAny || openReservation.includes(status));
    return act(what, nth(open, n)?.id ?? 'none');
  }),
);
/** A matcher gone wrong: any item to anybody. */
const wrongOffer = fc.tuple(index, oneOf(...agents)).map(([n, agentId]) =>
  tell((house) => {
    const item = nth(house.all('workItem'), n);
    const agentVersion = house.get('agent', agentId)?.version ?? 0;
    const data = { workItemId: item?.id ?? 'none', itemVersion: item?.version ?? 0, agentId, agentVersion };
    const others = agents.map((id) => ({ agentId: id, agentVersion: house.get('agent', id)?.version ?? 0 }));
    return { type: 'offer-work', data: n % 2 === 0 ? data : { ...data, others } };
  }),
);
const time = fc.integer({ min: 1, max: 20_000 }).map((ms): Action => (house) => {
  house.pass(ms);
});
const few = oneOf(0, 0, 1, 2, 5);
/** Of several replicas, one, or none hears at once what it committed itself. */
const own = oneOf(
  () => false,
  () => true,
  (place: number) => place % 2 === 0,
  (place: number) => place % 3 > 0,
);
const run = fc.tuple(few, own).map(([behind, isOwn]): Action => (_, matcher) => {
  matcher.run(behind, isOwn);
});
const restart = few.map((again): Action => (_, matcher) => {
  matcher.restart(again);
});

const action = fc.oneof(
  { weight: 8, arbitrary: arrival },
  { weight: 2, arbitrary: change },
  { weight: 2, arbitrary: attribution },
  { weight: 3, arbitrary: presences },
  { weight: 1, arbitrary: definition },
  { weight: 1, arbitrary: comeAgain },
  { weight: 10, arbitrary: answer },
  { weight: 4, arbitrary: wrongOffer },
  { weight: 3, arbitrary: time },
  { weight: 8, arbitrary: run },
  { weight: 1, arbitrary: restart },
);

function rowFaults(house: House): string[] {
  const held = new Map<string, string[]>();
  const faults: string[] = [];
  for (const { id, holds } of house.all('desk'))
    for (const hold of holds) {
      const item = house.get('workItem', hold.workItemId);
      const reservation = house.get('reservation', hold.reservationId);
      const others = held.get(hold.workItemId) ?? [];
      if (others.includes(id)) faults.push(`${hold.workItemId} is held twice by ${id}`);
      held.set(hold.workItemId, [...others, id]);
      const known = holdersOf(item ?? {}).find(({ reservationId }) => reservationId === hold.reservationId);
      if (known?.agentId !== id) faults.push(`${id} holds what is not`);
      const expected = hold.accepted ? ['accepted', 'wrapping'] : ['pending'];
      if (!expected.includes(reservation?.status ?? '')) faults.push(`${hold.reservationId} is not as held`);
    }
  for (const item of house.all('workItem')) {
    const { id, status } = item;
    const isHeld = ['reserved', 'assigned', 'wrapping'].includes(status);
    const holders = held.get(id)?.length ?? 0;
    if (holders !== (isHeld ? holdersOf(item).length : 0) || (isHeld && holders === 0))
      faults.push(`${id}: ${status}, held by ${String(holders)}`);
    if (status !== 'reserved' && holders > 1) faults.push(`${id} is ${status}, and held twice`);
  }
  for (const { id } of house.all('caseWork')) {
    const unfinished = house.all('workItem').filter((item) => item.caseId === id && isUnfinished(item));
    if (unfinished.length > 1) faults.push(`case ${id} has two items`);
  }
  return faults;
}

/** Pairs that could be offered now, and are not. */
function missed(house: House): string[] {
  const now = house.now().toISOString();
  return house.all('workItem').flatMap((item) => {
    const work = house.get('caseWork', item.caseId);
    if (item.status !== 'pending' || work === undefined) return [];
    const facts = { case: work.case, contact: work.contact, customer: work.customer?.facts ?? {} };
    return house.all('agent').flatMap(({ id, status, definition }) => {
      const desk = house.get('desk', id);
      const load = desk === undefined ? 0 : (loadOf(desk)[item.channel] ?? 0);
      const avoided = item.avoid.some(({ agentId, until }) => agentId === id && until > now);
      const serves = item.queueId !== 'gold' || gold.servedBy?.(facts, { id, ...definition }) === true;
      const isFree = status === 'available' && load < capacityFor(definition.capacity, item.channel);
      return isFree && serves && !avoided ? [`${item.id} could be offered to ${id}`] : [];
    });
  });
}

it('given any commands in any order, then capacity holds, nothing is held twice, and nobody waits for nothing', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
      const house = createHouse({ queues: [gold], fallback: rest });
      const matcher = createHouseMatcher(house, [gold, rest]);
      for (const id of agents) {
        house.tell(agent(id, { capacity: { phone: 1, default: 2 }, skills: { vip: 3 } }));
        house.tell(presence(id, 'available'));
      }
      for (const one of actions) {
        one(house, matcher);
        expect(rowFaults(house)).toEqual([]);
      }
      // A refused offer is made again in the next run.
      matcher.run();
      matcher.run();
      expect(missed(house)).toEqual([]);
      expect(faultsOf(house.events)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
