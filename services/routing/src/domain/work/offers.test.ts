/** Refusals with reasons, missed offers, several asked at once, answers that do not come, wrap-up with a most. */
import { describe, expect, it } from 'vitest';
import { anyQueue, createHouse } from '../../testing/house.ts';
import type { House, HouseCommand } from '../../testing/house.ts';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { faultsOf } from '../../testing/invariants.ts';
import { act, agent, contact, news, presence } from '../../testing/orders.ts';
import { handlers } from '../handlers.ts';
import { follow } from '../matching/follow.ts';
import { setQueue } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { AgentDefinition } from '../people/state.ts';
import type { Queue } from '../queues/queues.ts';
import { holdersOf } from './state.ts';

const names = ['anna', 'bert', 'cleo'] as const;

function houseWith(queue: Partial<Queue> = {}, own: Partial<AgentDefinition> = {}): House {
  const house = createHouse({ queues: [], fallback: { ...anyQueue, ...queue } });
  for (const id of names) {
    house.tell(agent(id, own));
    house.tell(presence(id, 'available'));
  }
  return house;
}

const itemOf = (house: House, caseId: string) => {
  const item = house.all('workItem').find((one) => one.caseId === caseId);
  if (item === undefined) throw new Error(`nothing waits for ${caseId}`);
  return item;
};

/** Answers the reservations, one for each who was asked, or why nobody was. */
function offer(house: House, caseId: string, agents: readonly string[] = names): readonly string[] {
  const { id, version } = itemOf(house, caseId);
  const [first, ...others] = agents.map((agentId) => ({
    agentId,
    agentVersion: house.get('agent', agentId)?.version ?? 0,
  }));
  if (first === undefined) return [];
  const { outcome } = house.tell({
    type: 'offer-work',
    data: { workItemId: id, itemVersion: version, ...first, others },
  });
  return outcome === 'done' ? holdersOf(itemOf(house, caseId)).map(({ reservationId }) => reservationId) : [outcome];
}

const statuses = (house: House, ids: readonly string[]) => ids.map((id) => house.get('reservation', id)?.status);
const holds = (house: House) => names.map((id) => house.get('desk', id)?.holds.length);
const told = (house: House, from = 0) => house.events.slice(from).map(({ type }) => type.split('.')[3]);

function refuse(reservationId: string, reason?: string, note?: string): HouseCommand {
  return { type: 'reject-reservation', data: { reservationId, reason, note } };
}

describe('refusals', () => {
  it('given a reason of the list, then it is kept and told; given another one, then nothing happens', () => {
    const house = houseWith({ refusalReasons: ['no-skill', 'too-late'] });
    house.tell(contact('1'));
    const [reservation = ''] = offer(house, '1');
    expect(house.tell(refuse(reservation, 'tired'))).toMatchObject({ outcome: 'invalid-body' });
    expect(statuses(house, [reservation])).toEqual(['pending']);
    expect(house.tell(refuse(reservation, 'no-skill', 'a French contract')).outcome).toBe('done');
    const why = { status: 'rejected', reason: 'no-skill', note: 'a French contract' };
    expect(house.get('reservation', reservation)).toMatchObject(why);
    const event = house.events.find(({ type }) => type === 'switchboard.routing.v1.WorkRejected');
    expect(event?.data).toMatchObject({ reservation: why });
  });

  it('given no list, then any word will do, and none', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const [first = ''] = offer(house, '1');
    expect(house.tell(refuse(first, 'anything')).outcome).toBe('done');
    const [second = ''] = offer(house, '1', ['bert']);
    expect(house.tell(refuse(second)).outcome).toBe('done');
    expect(house.get('reservation', second)?.reason).toBeUndefined();
  });
});

describe('missed offers', () => {
  const strict = { awayAfterMissed: 2, capacity: { default: 3 } };

  it('given so many in a row, then the agent is away, and what else is offered goes back at once', () => {
    const house = houseWith({}, strict);
    for (const id of ['1', '2']) house.tell(contact(id));
    offer(house, '1', ['anna']);
    house.pass(20_000);
    offer(house, '2', ['anna']);
    house.pass(10_000);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBe(1);
    house.tell(contact('3'));
    const [third = ''] = offer(house, '3', ['anna']);
    const before = house.events.length;
    house.pass(20_000);
    expect(house.get('agent', 'anna')).toMatchObject({ status: 'away', statusReason: 'missed-offers' });
    expect(statuses(house, [third])).toEqual(['canceled']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(told(house, before)).toEqual([
      'WorkTimedOut',
      'WorkQueued',
      'WorkWithdrawn',
      'WorkQueued',
      'AgentPresenceChanged',
    ]);
    // What was taken back is no reason to ask the agent last, what was missed is.
    expect(itemOf(house, '3').avoid).toEqual([]);
    expect(itemOf(house, '2').avoid).toMatchObject([{ agentId: 'anna' }]);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['accepts one', (house) => house.tell(act('accept', offer(house, '2', ['anna'])[0] ?? ''))],
    ['rejects one', (house) => house.tell(act('reject', offer(house, '2', ['anna'])[0] ?? ''))],
    [
      'comes again',
      (house) => {
        house.tell(presence('anna', 'away'));
        house.tell(presence('anna', 'available'));
      },
    ],
  ])('given an agent who %s between two of them, then it is counted anew', (_, answer) => {
    const house = houseWith({}, strict);
    for (const id of ['1', '2', '3']) house.tell(contact(id));
    offer(house, '1', ['anna']);
    house.pass(30_000);
    expect(house.get('desk', 'anna')?.missed).toBe(1);
    answer(house);
    offer(house, '3', ['anna']);
    house.pass(30_000);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBe(1);
  });

  it('given what was taken back, or taken by another one, then nobody missed it', () => {
    const house = houseWith({ offersAtOnce: 3 }, { awayAfterMissed: 1 });
    house.tell(contact('1'));
    offer(house, '1', ['anna']);
    house.tell(news('1', 2, { status: 'resolved' }));
    house.tell(contact('2'));
    const [, bert = ''] = offer(house, '2');
    house.tell(act('accept', bert));
    house.pass(60_000);
    for (const id of names) expect(house.get('agent', id)?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBeUndefined();
  });

  it('given a rule of the team, then it holds for agents who say nothing of their own', () => {
    const teams = new Map([['default', { awayAfterMissed: 1 }]]);
    const house = createHouse({ queues: [], fallback: anyQueue, roster: { teams, calendars: new Map() } });
    for (const [id, own] of [
      ['anna', {}],
      ['bert', { awayAfterMissed: 5 }],
    ] as const) {
      house.tell(agent(id, own));
      house.tell(presence(id, 'available'));
      house.tell(contact(id));
      offer(house, id, [id]);
    }
    house.pass(30_000);
    expect(house.get('agent', 'anna')?.status).toBe('away');
    expect(house.get('agent', 'bert')?.status).toBe('available');
  });
});

describe('several asked at once', () => {
  it('given that one accepts, then the others lose it, with their room, in the same step', () => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const asked = offer(house, '1');
    expect(asked).toHaveLength(3);
    expect(house.get('reservation', asked[0] ?? '')).toMatchObject({ offeredTo: 3 });
    expect(holds(house)).toEqual([1, 1, 1]);
    const before = house.events.length;
    house.tell(act('accept', asked[1] ?? ''));
    expect(statuses(house, asked)).toEqual(['rescinded', 'accepted', 'rescinded']);
    expect(holds(house)).toEqual([0, 1, 0]);
    expect(itemOf(house, '1')).toMatchObject({ status: 'assigned', agentId: 'bert', further: undefined, avoid: [] });
    expect(told(house, before)).toEqual(['WorkAccepted', 'WorkRescinded', 'WorkRescinded']);
    expect(house.events.at(-1)?.data).toMatchObject({ acceptedBy: 'bert', item: { status: 'assigned' } });
    for (const id of [asked[0], asked[2]])
      expect(house.tell(act('accept', id ?? '')).outcome).toBe('reservation-not-open');
    house.pass(60_000);
    expect(itemOf(house, '1').status).toBe('assigned');
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given that one refuses and one is silent, then it waits again only when the last one has ended', () => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const { enqueuedAt } = itemOf(house, '1');
    const [anna = '', bert = '', cleo = ''] = offer(house, '1');
    house.tell(act('reject', anna));
    expect(itemOf(house, '1')).toMatchObject({ status: 'reserved', agentId: 'bert' });
    house.tell(presence('bert', 'offline'));
    expect(itemOf(house, '1')).toMatchObject({ status: 'reserved', agentId: 'cleo', further: undefined });
    expect(told(house).filter((type) => type === 'WorkQueued')).toHaveLength(1);
    house.pass(30_000);
    expect(statuses(house, [anna, bert, cleo])).toEqual(['rejected', 'canceled', 'timeout']);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', enqueuedAt, agentId: undefined });
    expect(itemOf(house, '1').avoid.map(({ agentId }) => agentId)).toEqual(['anna', 'cleo']);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, HouseCommand, string]>([
    ['its case is resolved', news('1', 2, { status: 'resolved' }), 'canceled'],
    [
      'it is transferred',
      { type: 'transfer-work', data: { workItemId: 'x', queueId: 'default', ownerForMs: 1 } },
      'pending',
    ],
  ])('given that %s, then everybody loses it', (_, command, status) => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const asked = offer(house, '1');
    const workItemId = itemOf(house, '1').id;
    const data = command.type === 'transfer-work' ? { ...command.data, workItemId } : command.data;
    expect(house.tell({ type: command.type, data } as HouseCommand).outcome).toBe('done');
    expect(statuses(house, asked)).toEqual(['canceled', 'canceled', 'canceled']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(itemOf(house, '1')).toMatchObject({ status, agentId: undefined });
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given agents who cannot have it any more, then the others are asked, as many as the queue says at most', () => {
    const house = houseWith({ offersAtOnce: 2 });
    house.tell(presence('anna', 'away'));
    house.tell(contact('1'));
    expect(offer(house, '1', ['anna', 'bert', 'bert', 'cleo'])).toHaveLength(2);
    expect(holds(house)).toEqual([0, 1, 1]);
    house.tell(contact('2'));
    expect(offer(house, '2', ['bert', 'cleo'])).toEqual(['no-capacity']);
  });

  it('given the matcher, then everybody who waits is offered before anybody is asked about twice, and each knows why', () => {
    const queue: Queue = { ...anyQueue, offersAtOnce: 2 };
    const house = houseWith(queue);
    for (const id of ['1', '2']) house.tell(contact(id));
    const matcher = createHouseMatcher(house, [queue]);
    expect(matcher.run()).toBe(2);
    expect(holds(house)).toEqual([1, 1, 1]);
    const [one, two] = ['1', '2'].map((id) => holdersOf(itemOf(house, id)));
    expect([one?.length, two?.length]).toEqual([2, 1]);
    const [first, second] = one ?? [];
    expect(house.get('decision', first?.reservationId ?? '')?.record.beside).toBeUndefined();
    expect(house.get('decision', second?.reservationId ?? '')?.record.beside).toBe(first?.agentId);
    // The one who loses it is free for what comes next.
    house.tell(act('accept', first?.reservationId ?? ''));
    house.tell(contact('3'));
    matcher.run();
    expect(holdersOf(itemOf(house, '3')).map(({ agentId }) => agentId)).toEqual([second?.agentId]);
  });

  it('given a matcher that begins anew while several are asked, then it knows that they hold it', () => {
    const queue: Queue = { ...anyQueue, offersAtOnce: 2 };
    const house = houseWith(queue);
    house.tell(presence('cleo', 'away'));
    house.tell(contact('1'));
    const matcher = createHouseMatcher(house, [queue]);
    matcher.run();
    matcher.restart();
    house.tell(contact('2'));
    expect(matcher.run()).toBe(0);
    house.tell(act('reject', holdersOf(itemOf(house, '1'))[1]?.reservationId ?? ''));
    expect(matcher.run()).toBe(1);
    expect(itemOf(house, '1').status).toBe('reserved');
  });
});

it('given a memory that hears how offers end, then it knows who is still asked, and who took it', () => {
  const queue: Queue = { ...anyQueue, offersAtOnce: 3 };
  const house = houseWith(queue);
  const memory = createMemory();
  setQueue(memory, queue.id, queue);
  let read = 0;
  const hear = (): readonly string[] | undefined => {
    follow(memory, house.events.slice(read), () => queue);
    read = house.events.length;
    return memory.holders.get(itemOf(house, '1').id);
  };
  const held = () => names.map((id) => memory.agents.get(id)?.holds.size);
  house.tell(contact('1'));
  const [anna = '', bert = ''] = offer(house, '1');
  expect(hear()).toEqual(names);
  house.tell(act('reject', anna));
  expect(hear()).toEqual(['bert', 'cleo']);
  expect(held()).toEqual([0, 1, 1]);
  expect(memory.entries.size).toBe(0);
  house.tell(act('accept', bert));
  expect(hear()).toEqual(['bert']);
  expect(held()).toEqual([0, 1, 0]);
  house.tell(act('complete', bert));
  expect(hear()).toBeUndefined();
  expect(held()).toEqual([0, 0, 0]);
});

describe('answers that do not come', () => {
  const minutes = (n: number) => n * 60_000;
  const chats = { unansweredMs: minutes(5) };
  const again = (version: number) => contact('1', { version, channel: 'chat' });
  const answered: HouseCommand = { type: 'note-answer', data: { caseId: '1' } };

  function taken(): { readonly house: House; readonly reservation: string } {
    const house = houseWith(chats);
    house.tell(contact('1', { channel: 'chat' }));
    const [reservation = ''] = offer(house, '1', ['anna']);
    house.tell(act('accept', reservation));
    return { house, reservation };
  }

  it('given an agent who took it and is silent, then it moves on, its age kept, and they are asked last', () => {
    const { house, reservation } = taken();
    const { enqueuedAt } = itemOf(house, '1');
    house.pass(minutes(4));
    // Who writes again does not begin the wait anew.
    house.tell(again(2));
    house.pass(minutes(1) - 1);
    expect(itemOf(house, '1').status).toBe('assigned');
    house.pass(1);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', enqueuedAt, avoid: [{ agentId: 'anna' }] });
    expect(statuses(house, [reservation])).toEqual(['canceled']);
    expect(holds(house)).toEqual([0, 0, 0]);
    const withdrawn = house.events.find(({ type }) => type === 'switchboard.routing.v1.WorkWithdrawn');
    expect(withdrawn?.data).toMatchObject({ reason: 'unanswered' });
    // The next one has as much time.
    house.tell(act('accept', offer(house, '1', ['bert'])[0] ?? ''));
    house.pass(minutes(5));
    expect(itemOf(house, '1').status).toBe('pending');
  });

  it('given an answer, then it stays; the next message is waited for again from when it came', () => {
    const { house } = taken();
    house.pass(minutes(4));
    house.tell(answered);
    house.pass(minutes(60));
    house.tell(again(2));
    house.pass(minutes(5) - 1);
    expect(itemOf(house, '1').status).toBe('assigned');
    house.pass(1);
    expect(itemOf(house, '1').status).toBe('pending');
  });

  it('given somebody who accepts while the customer writes or is answered, then both are decided one after the other', () => {
    const house = houseWith(chats);
    house.tell(contact('1', { channel: 'chat' }));
    const [reservationId = ''] = offer(house, '1', ['anna']);
    const needed = (queue: House) => {
      const world = { get: (kind: 'reservation', id: string) => queue.get(kind, id) } as never;
      const message = { id: '1', type: 'accept-reservation', data: { reservationId }, trace: { correlationId: '1' } };
      return handlers['accept-reservation'].needs(message as never, world).find(({ kind }) => kind === 'caseWork');
    };
    expect(needed(house)).toMatchObject({ id: '1', mode: 'lock' });
    // Where nobody waits for answers, the case is left alone.
    const patient = houseWith();
    patient.tell(contact('1', { channel: 'chat' }));
    expect(offer(patient, '1', ['anna'])).toEqual([reservationId]);
    expect(needed(patient)).toMatchObject({ mode: 'read' });
  });

  it('given a case that was resolved without one, then nobody waits for it', () => {
    const { house } = taken();
    house.tell(news('1', 2, { status: 'resolved' }));
    house.pass(minutes(60));
    expect(itemOf(house, '1')).toMatchObject({ status: 'assigned', agentId: 'anna' });
  });

  it('given what is being wrapped up, or a queue that says nothing, then it stays', () => {
    const { house, reservation } = taken();
    house.tell(act('wrap-up', reservation));
    house.pass(minutes(60));
    expect(itemOf(house, '1').status).toBe('wrapping');
    const patient = houseWith();
    patient.tell(contact('1'));
    patient.tell(act('accept', offer(patient, '1')[0] ?? ''));
    patient.pass(minutes(60));
    expect(itemOf(patient, '1').status).toBe('assigned');
  });
});

describe('shares of agents', () => {
  const hourly = { fairness: { most: 2, perMs: 3_600_000 } };
  const wide = { capacity: { default: 9 } };

  it('given a router that does not know what another one gave, then nobody gets more than their share all the same', () => {
    const house = houseWith(hourly, wide);
    for (const id of ['1', '2', '3', '4']) house.tell(contact(id));
    const [first = ''] = offer(house, '1', ['anna']);
    house.tell(act('accept', first));
    house.tell(act('complete', first));
    const [second = ''] = offer(house, '2', ['anna']);
    expect(offer(house, '3', ['anna'])).toEqual(['had-share']);
    // What came to nothing is no share; the others are not kept from theirs.
    house.tell(act('reject', second));
    expect(offer(house, '3', ['anna', 'bert'])).toHaveLength(1);
    expect(itemOf(house, '3').agentId).toBe('anna');
    expect(offer(house, '4', ['anna', 'bert'])).toHaveLength(1);
    expect(itemOf(house, '4').agentId).toBe('bert');
    house.pass(3_600_000);
    house.tell(contact('5'));
    expect(offer(house, '5', ['anna'])[0]).not.toBe('had-share');
  });

  it('given many who are asked and one who takes it, then it is that one’s share; without a limit nothing is kept', () => {
    const house = houseWith({ ...hourly, offersAtOnce: 3 }, wide);
    house.tell(contact('1'));
    const [anna = ''] = offer(house, '1');
    house.tell(act('accept', anna));
    expect(names.map((id) => house.get('desk', id)?.shares?.length)).toEqual([1, 0, 0]);
    const free = houseWith({}, wide);
    free.tell(contact('1'));
    offer(free, '1', ['anna']);
    expect(free.get('desk', 'anna')?.shares).toBeUndefined();
  });
});

describe('what the customer writes while their work is wrapped up', () => {
  const lostSoon = { lostWorkAfter: 'PT5M' };

  function wrapping(queue: Partial<Queue> = {}) {
    const house = houseWith(queue, lostSoon);
    house.tell(contact('1', { channel: 'chat' }));
    const [reservation = ''] = offer(house, '1', ['anna']);
    house.tell(act('accept', reservation));
    house.tell(act('wrap-up', reservation));
    house.pass(60_000);
    return { house, reservation, wrappedAt: house.now().toISOString() };
  }
  const writes = (house: House, version: number) => house.tell(contact('1', { version, channel: 'chat' }));
  const waiting = (house: House) => house.all('workItem').filter(({ status }) => status === 'pending');

  it.each<[string, (house: House, reservation: string) => void]>([
    ['when the agent is done', (house, reservation) => house.tell(act('complete', reservation))],
    ['when its most is over', (house) => house.pass(10 * 60_000)],
    [
      'when the agent was lost for as long as they may be',
      (house) => {
        const data = { agentId: 'anna', status: 'available', heartbeat: 'PT30S' } as const;
        house.tell({ type: 'set-presence', data });
        house.pass(6 * 60_000);
      },
    ],
  ])('given messages, then %s one item waits, as old as the first of them, for who served them', (_, ends) => {
    const { house, reservation, wrappedAt } = wrapping({ wrapUpMs: 10 * 60_000 });
    writes(house, 2);
    house.pass(30_000);
    writes(house, 3);
    expect(house.all('workItem')).toHaveLength(1);
    ends(house, reservation);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt, terms: { preferredAgentId: 'anna' } }]);
    expect(house.all('workItem')).toHaveLength(2);
    expect(house.get('caseWork', '1')).toMatchObject({ workItemId: waiting(house)[0]?.id, unheardSince: undefined });
    expect(told(house).slice(-2)).toEqual(['WorkCompleted', 'WorkQueued']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['nothing was written', () => undefined],
    [
      'an agent answered it',
      (house) => {
        writes(house, 2);
        house.tell({ type: 'note-answer', data: { caseId: '1' } });
      },
    ],
    [
      'the case was resolved since',
      (house) => {
        writes(house, 2);
        house.tell(news('1', 3, { status: 'resolved' }));
      },
    ],
    [
      'it was handed on, and read by who has it now',
      (house) => {
        writes(house, 2);
        const data = { workItemId: itemOf(house, '1').id, agentId: 'bert', ownerForMs: 60_000 };
        house.tell({ type: 'transfer-work', data });
        house.tell(act('accept', offer(house, '1', ['bert'])[0] ?? ''));
      },
    ],
  ])('given that %s, then nothing waits when it is done', (_, before) => {
    const { house } = wrapping();
    before(house);
    const { reservationId = '' } = itemOf(house, '1');
    expect(house.tell(act('complete', reservationId)).outcome).toBe('done');
    expect(house.all('workItem')).toMatchObject([{ status: 'completed' }]);
  });

  const MINUTE = 60_000;
  const anna = (house: House, status: 'available' | 'away' | 'offline') => house.tell(presence('anna', status));
  function isLost(house: House) {
    const data = { agentId: 'anna', status: 'available', heartbeat: 'PT30S' } as const;
    house.tell({ type: 'set-presence', data });
    house.pass(MINUTE);
  }
  function isAbsent(house: House) {
    const span = { from: house.now().toISOString(), to: '2026-03-03T09:00:00.000Z' };
    const definition = { ...span, kind: 'sick', work: 'move' } as const;
    house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'sick', definition } });
  }

  it.each<[string, (house: House) => void]>([
    [
      'lost long ago',
      (house) => {
        isLost(house);
        house.pass(60 * MINUTE);
      },
    ],
    ['offline', (house) => anna(house, 'offline')],
    ['absent', isAbsent],
  ])('given an agent who is %s, and then a message, then it waits for somebody else within five minutes', (_, goes) => {
    const { house, reservation } = wrapping();
    goes(house);
    const wroteAt = house.now().toISOString();
    writes(house, 2);
    house.pass(4 * MINUTE);
    writes(house, 3);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    house.pass(MINUTE);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wroteAt }]);
    expect(house.all('workItem')).toHaveLength(2);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['offline', (house) => anna(house, 'offline')],
    ['absent', isAbsent],
  ])('given a message, and then an agent who is %s, then it waits for somebody else within five minutes', (_, goes) => {
    const { house, reservation, wrappedAt } = wrapping();
    writes(house, 2);
    house.pass(12 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    goes(house);
    house.pass(5 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt }]);
  });

  it.each<[string, Partial<Queue>, number]>([
    ['no most, then half an hour', {}, 30],
    ['a most, then no longer than that', { wrapUpMs: 50 * MINUTE }, 49],
  ])('given an agent who is there and never done, and a queue with %s', (_, queue, minutes) => {
    const { house, reservation, wrappedAt } = wrapping(queue);
    writes(house, 2);
    anna(house, 'away');
    house.pass(minutes * MINUTE - 1);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    house.pass(1);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt }]);
    house.pass(60 * MINUTE);
    expect(house.all('workItem')).toHaveLength(2);
  });

  it('given what was answered, or nothing at all, then who wraps up is left alone', () => {
    const { house, reservation } = wrapping();
    anna(house, 'offline');
    house.pass(60 * MINUTE);
    writes(house, 2);
    house.tell({ type: 'note-answer', data: { caseId: '1' } });
    house.pass(60 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
  });
});

it('given a most for wrap-up, then it ends by itself, and who ends it before is not disturbed', () => {
  const house = houseWith({ wrapUpMs: 60_000 });
  for (const id of ['1', '2']) house.tell(contact(id));
  const [anna = ''] = offer(house, '1', ['anna']);
  const [bert = ''] = offer(house, '2', ['bert']);
  for (const id of [anna, bert]) {
    house.tell(act('accept', id));
    house.tell(act('wrap-up', id));
  }
  house.tell(act('complete', bert));
  house.pass(59_999);
  expect(statuses(house, [anna, bert])).toEqual(['wrapping', 'completed']);
  house.pass(1);
  expect(statuses(house, [anna])).toEqual(['completed']);
  expect(holds(house)).toEqual([0, 0, 0]);
  expect(told(house).filter((type) => type === 'WorkCompleted')).toHaveLength(2);
});
