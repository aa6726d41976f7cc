import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyQueue } from '../testing/house.ts';
import { act, agent, contact, customer, news, presence } from '../testing/orders.ts';
import type { RoutingCommands } from './commands.ts';
import { handlers, type Configured } from './handlers.ts';
import { peopleTimers } from './people/timers.ts';
import type { Queue } from './queues/queues.ts';
import { capacityFor, loadOf } from './people/state.ts';
import type { OfferReply } from './work/offer-work.ts';
import { holdersOf, openReservation, type Reservation, type WorkItem } from './work/state.ts';
import { workTimers } from './work/timers.ts';
import { type RoutingKinds } from './state.ts';
import { reservationTimer } from './work/work-steps.ts';

type Commands = Omit<RoutingCommands, `${'put' | 'remove'}-${Configured}`>;
type House = StrictHouse<RoutingKinds, Commands>;
type Step = (house: House) => TypedCommand<Commands>;

const oneOf = fc.constantFrom;
const index = fc.nat(1000);
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

const someAgent = oneOf('a', 'b', 'c');
const someCase = oneOf('1', '2', '3', '4');
const channel = oneOf('phone', 'chat');
const nextOf = (house: House, id: string): number => (house.get('caseWork', id)?.caseVersion ?? 0) + 1;

const arrival = fc.tuple(someCase, channel).map(
  ([id, by]): Step =>
    (house) =>
      contact(id, { version: nextOf(house, id), channel: by }),
);
const change = fc.tuple(someCase, oneOf('open', 'resolved', 'closed'), fc.integer({ min: 1, max: 5 })).map(
  ([id, status, priority]): Step =>
    (house) =>
      news(id, nextOf(house, id), { status, priority }),
);
const attribution = fc.tuple(someCase, oneOf('gold', 'iron'), fc.nat(4)).map(
  ([id, tier, n]): Step =>
    () =>
      customer(id, tier, n),
);
const definition = fc
  .tuple(someAgent, fc.nat(2), oneOf<undefined | '*' | readonly number[]>(undefined, undefined, '*', [1, 2], []))
  .map(([id, most, ifMatch]): Step => () => {
    const { data } = agent(id, { capacity: { default: most } }) as TypedCommand<Pick<Commands, 'put-agent'>>;
    return { type: 'put-agent', data: { ...data, ifMatch } };
  });
const removal = someAgent.map((id): Step => () => ({ type: 'remove-agent', data: { id } }));
const presences = fc.tuple(someAgent, oneOf('available', 'available', 'away', 'offline')).map(
  ([id, to]): Step =>
    () =>
      presence(id, to),
);
/** A matcher that is up to date, or not quite. */
const offer = fc.tuple(index, someAgent, oneOf(0, 0, 0, 1)).map(([n, agentId, behind]): Step => (house) => {
  const item =
    nth(
      house.all('workItem').filter(({ status }) => status === 'pending'),
      n,
    ) ?? nth(house.all('workItem'), n);
  const agentVersion = (house.get('agent', agentId)?.version ?? 0) - behind;
  const others = ['a', 'b', 'c'].map((id) => ({ agentId: id, agentVersion: house.get('agent', id)?.version ?? 0 }));
  return {
    type: 'offer-work',
    data: { workItemId: item?.id ?? 'none', itemVersion: item?.version ?? 0, agentId, agentVersion, others },
  };
});
const move = index.map((n): Step => (house) => ({
  type: 'move-work',
  data: { workItemId: nth(house.all('workItem'), n)?.id ?? 'none' },
}));
const answer = fc
  .tuple(oneOf('accept', 'reject', 'wrap-up', 'complete'), index, oneOf(undefined, undefined, 'a'))
  .map(([what, n, onlyAgent]): Step => (house) => {
    const command = act(what, nth(house.all('reservation'), n)?.id ?? 'none');
    return { ...command, data: { ...command.data, onlyAgent } } as TypedCommand<Commands>;
  });

const step = fc.oneof(
  ...[
    arrival,
    arrival,
    change,
    attribution,
    definition,
    removal,
    presences,
    offer,
    offer,
    offer,
    move,
    answer,
    answer,
    answer,
  ],
);
const life = fc.array(fc.tuple(step, oneOf(0, 0, 1000, 9000, 40_000)), { maxLength: 50, size: 'max' });

const gold: Queue = {
  id: 'gold',
  reservationTimeoutMs: 10_000,
  takes: (facts) => facts.customer.tier === 'gold',
  offersAtOnce: 3,
};

function begin(): House {
  const house: House = createStrictHouse({
    ...{ service: 'routing', handlers, start: '2026-03-02T09:00:00.000Z' },
    configuration: { queues: [gold], fallback: anyQueue },
    timer: ({ kind, id, data }) =>
      (peopleTimers[kind] ?? workTimers[kind])?.({ id, data }) as TypedCommand<Commands> | undefined,
  });
  for (const id of ['a', 'b']) {
    house.tell(agent(id, { capacity: { default: 2 } }));
    house.tell(presence(id, 'available'));
  }
  return house;
}

/** From where a status may come, within one command; who waits may be called off at any time. */
const itemComesFrom: Readonly<Record<WorkItem['status'], readonly string[]>> = {
  pending: ['pending', 'reserved'],
  reserved: ['pending'],
  assigned: ['reserved', 'assigned'],
  wrapping: ['assigned', 'wrapping'],
  completed: ['assigned', 'wrapping', 'completed'],
  canceled: ['pending', 'reserved', 'canceled'],
};
const reservationComesFrom: Readonly<Record<Reservation['status'], readonly string[]>> = {
  pending: [],
  accepted: ['pending'],
  wrapping: ['accepted'],
  completed: ['accepted', 'wrapping'],
  rejected: ['pending'],
  timeout: ['pending'],
  canceled: ['pending'],
  rescinded: ['pending'],
};

const isOpen = ({ status }: Reservation): boolean => openReservation.includes(status);

const statuses = (house: House, kind: 'workItem' | 'reservation'): Map<string, string> =>
  new Map(house.all(kind).map(({ id, status }) => [id, status]));

it('given any commands in any order, then work goes on by allowed steps alone, and nobody is offered more than fits', () => {
  fc.assert(
    fc.property(life, (steps) => {
      const house = begin();
      for (const [one, ms] of steps) {
        const [items, reservations] = [statuses(house, 'workItem'), statuses(house, 'reservation')];
        const command = one(house);
        const decided = house.tell(command);
        for (const { id, status } of house.all('workItem')) {
          const before = items.get(id);
          if (before !== undefined && before !== status) expect(itemComesFrom[status]).toContain(before);
        }
        for (const { id, status } of house.all('reservation')) {
          const before = reservations.get(id);
          if (before !== undefined && before !== status) expect(reservationComesFrom[status]).toContain(before);
          expect(house.timers.has(`${reservationTimer} ${id}`)).toBe(status === 'pending');
        }
        if (command.type === 'offer-work' && !('rejected' in decided)) {
          const item = house.get('workItem', command.data.workItemId);
          const { asked } = (decided as { readonly reply: OfferReply }).reply;
          expect(asked.length).toBeLessThanOrEqual(item?.queueId === 'gold' ? 3 : 1);
          expect(holdersOf(item ?? {}).map(({ agentId }) => agentId)).toEqual(asked);
          for (const agentId of asked) {
            const [desk, who] = [house.get('desk', agentId), house.get('agent', agentId)];
            expect(who?.status).toBe('available');
            if (desk === undefined || who === undefined || item === undefined) throw new Error('offered to nobody');
            expect(loadOf(desk)[item.channel]).toBeLessThanOrEqual(capacityFor(who.definition.capacity, item.channel));
          }
        }
        for (const item of house.all('workItem')) {
          const open = house.all('reservation').filter((one) => one.workItemId === item.id && isOpen(one));
          const holds = ['pending', 'completed', 'canceled'].includes(item.status) ? [] : holdersOf(item);
          expect(open.map(({ id }) => id).sort()).toEqual(holds.map(({ reservationId }) => reservationId).sort());
          if (item.status !== 'reserved') expect(open.length).toBeLessThanOrEqual(1);
        }
        for (const { id, holds } of house.all('desk'))
          if (holds.length > 0) expect(house.get('agent', id)).toBeDefined();
        house.pass(ms);
      }
    }),
    { numRuns: 150 },
  );
});

it('given a command twice, then nobody is told of the second', () => {
  fc.assert(
    fc.property(life, step, (steps, last) => {
      const house = begin();
      for (const [one, ms] of steps) {
        house.tell(one(house));
        house.pass(ms);
      }
      const command = last(house);
      // A contact is a new one each time it is told; its event is handled once, by its id.
      fc.pre(command.type !== 'take-contact');
      const first = house.tell(command);
      const told = house.events.length;
      const again = house.tell(command);
      if ('rejected' in first || 'waitFor' in first) expect(again).toEqual(first);
      expect(house.events).toHaveLength(told);
    }),
    { numRuns: 150 },
  );
});
