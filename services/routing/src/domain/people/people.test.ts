import { describe, expect, it } from 'vitest';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import type { HouseMatcher } from '../../testing/house-matcher.ts';
import { anyQueue, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { act, agent, contact, news, presence } from '../../testing/orders.ts';
import { nextSpan, spanOf } from './absence-times.ts';
import type { AbsenceDefinition, AgentDefinition } from './state.ts';

// A house begins on Monday, 2 March 2026, at 09:00 UTC.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Desk {
  readonly house: House;
  readonly matcher: HouseMatcher;
  /** A case comes in and is offered; answers the reservation, or nothing. */
  offer(id: string, channel?: string): string | undefined;
  accepted(id: string, channel?: string): string;
}

function open(people: Readonly<Record<string, Partial<AgentDefinition>>>): Desk {
  const house = createHouse({ queues: [], fallback: anyQueue });
  for (const [id, definition] of Object.entries(people)) {
    house.tell(agent(id, { capacity: { default: 9 }, ...definition }));
    house.tell(presence(id, 'available'));
  }
  const matcher = createHouseMatcher(house, [anyQueue]);
  const offer = (id: string, channel = 'phone') => {
    house.tell(contact(id, { channel }));
    matcher.run();
    return itemOf(house, id).reservationId;
  };
  return {
    house,
    matcher,
    offer,
    accepted: (id, channel) => {
      const reservation = offer(id, channel) ?? '';
      expect(house.tell(act('accept', reservation)).outcome).toBe('done');
      return reservation;
    },
  };
}

const itemOf = (house: House, caseId: string) => {
  const item = house.all('workItem').find((one) => one.caseId === caseId);
  if (item === undefined) throw new Error(`there is no work for ${caseId}`);
  return item;
};
const holderOf = (house: House, caseId: string) => {
  const { status, agentId } = itemOf(house, caseId);
  return `${status} ${agentId ?? ''}`.trim();
};
const said = (house: House, name: string) => house.events.filter(({ type }) => type.endsWith(`.${name}`));

describe('working time', () => {
  it('given an agent outside of it, then work waits until it begins, and the last offer is made before it ends', () => {
    const workingTime = { timeZone: 'UTC', hours: [{ days: ['mon' as const], from: '10:00', to: '12:00' }] };
    const { house, matcher, offer } = open({ anna: { workingTime, stopOffersBefore: 'PT15M' } });
    expect(offer('1')).toBeUndefined();
    house.pass(HOUR - 1);
    expect(matcher.run()).toBe(0);
    house.pass(1);
    expect(matcher.run()).toBe(1);
    house.pass(105 * MINUTE);
    expect(offer('2')).toBeUndefined();
    // A matcher that is behind is told under lock.
    const { id, version } = itemOf(house, '2');
    const agentVersion = house.get('agent', 'anna')?.version ?? 0;
    const data = { workItemId: id, itemVersion: version, agentId: 'anna', agentVersion };
    expect(house.tell({ type: 'offer-work', data }).outcome).toBe('off-duty');
  });
});

describe('heartbeats', () => {
  const lostAfter = { lostWorkAfter: 'PT5M' };
  const watched = (house: House) =>
    house.tell({ type: 'set-presence', data: { agentId: 'anna', status: 'available', heartbeat: 'PT1M' } });
  const beat = (house: House) => house.tell({ type: 'record-heartbeat', data: { agentId: 'anna' } }).outcome;

  it('given beats, then the agent stays; given silence, then they are offline with the reason, and offers go back', () => {
    const { house, offer } = open({ anna: {} });
    expect(beat(house)).toBe('not-watched');
    watched(house);
    house.pass(50_000);
    expect(beat(house)).toBe('done');
    house.pass(59_999);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    offer('1');
    house.pass(1);
    expect(house.get('agent', 'anna')).toMatchObject({ status: 'offline', statusReason: 'heartbeat-lost' });
    expect(holderOf(house, '1')).toBe('pending');
    expect(beat(house)).toBe('not-watched');
    expect(said(house, 'AgentPresenceChanged').at(-1)).toMatchObject({
      data: { from: 'available', agent: { status: 'offline', statusReason: 'heartbeat-lost' } },
    });
  });

  it('given a lost agent, then accepted work moves on after the stated time with its age, and wrap-up stays', () => {
    const { house, matcher, accepted } = open({ anna: lostAfter });
    const wrapping = accepted('1');
    house.tell(act('wrap-up', wrapping));
    accepted('2');
    const { enqueuedAt } = itemOf(house, '2');
    watched(house);
    house.tell(agent('bert'));
    house.tell(presence('bert', 'available'));
    house.pass(6 * MINUTE - 1);
    expect(holderOf(house, '2')).toBe('assigned anna');
    house.pass(1);
    expect(itemOf(house, '2')).toMatchObject({ status: 'pending', enqueuedAt });
    expect(holderOf(house, '1')).toBe('wrapping anna');
    expect(said(house, 'WorkWithdrawn').at(-1)).toMatchObject({ data: { reason: 'agent-lost' } });
    matcher.run();
    expect(holderOf(house, '2')).toBe('reserved bert');
  });

  it('given a lost agent who says that they are offline, then they are not back; work of a case that is over ends', () => {
    const { house, accepted } = open({ anna: lostAfter });
    accepted('1');
    accepted('2');
    watched(house);
    house.pass(MINUTE);
    house.tell(presence('anna', 'offline'));
    house.tell(news('2', 2, { status: 'resolved' }));
    house.pass(5 * MINUTE);
    expect(holderOf(house, '1')).toBe('pending');
    expect(holderOf(house, '2')).toBe('canceled');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
  });

  it('given a lost agent who is back in time, then nothing moves', () => {
    const { house, accepted } = open({ anna: lostAfter });
    accepted('1');
    watched(house);
    house.pass(3 * MINUTE);
    watched(house);
    for (let n = 0; n < 10; n += 1) {
      house.pass(MINUTE - 1);
      beat(house);
    }
    expect(holderOf(house, '1')).toBe('assigned anna');
  });
});

describe('absences', () => {
  const put = (house: House, agentId: string, definition: Partial<AbsenceDefinition>) =>
    house.tell({
      type: 'put-absence',
      data: {
        agentId,
        name: 'away',
        definition: { from: '2026-03-02T10:00:00.000Z', to: '2026-03-02T12:00:00.000Z', kind: 'sick', ...definition },
      },
    }).outcome;

  it('given one that moves work, then the substitute of the substitute gets it first, and it comes back with the agent', () => {
    const { house, matcher, accepted } = open({ anna: {}, bert: {}, carl: {}, dora: {} });
    for (const id of ['bert', 'carl', 'dora']) house.tell(presence(id, 'away'));
    accepted('1');
    const { enqueuedAt } = itemOf(house, '1');
    put(house, 'anna', { work: 'move', substitute: 'bert' });
    // A circle, with a way out of it.
    put(house, 'bert', { substitute: 'carl' });
    put(house, 'carl', { substitute: 'anna' });
    house.tell({
      type: 'put-absence',
      data: {
        agentId: 'carl',
        name: 'other',
        definition: {
          from: '2026-03-02T09:30:00.000Z',
          to: '2026-03-03T09:30:00.000Z',
          kind: 'other',
          substitute: 'dora',
        },
      },
    });
    house.pass(HOUR - 1);
    expect(holderOf(house, '1')).toBe('assigned anna');
    for (const id of ['bert', 'carl', 'dora']) house.tell(presence(id, 'available'));
    house.pass(1);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', enqueuedAt, preferred: { agentId: 'dora' } });
    matcher.run();
    expect(holderOf(house, '1')).toBe('reserved dora');
    house.tell(act('accept', itemOf(house, '1').reservationId ?? ''));
    house.tell(presence('anna', 'offline'));
    house.pass(2 * HOUR);
    // Anna is not there yet.
    expect(holderOf(house, '1')).toBe('assigned dora');
    house.tell(presence('anna', 'available'));
    house.pass(1);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', enqueuedAt, preferred: { agentId: 'anna' } });
    matcher.run();
    expect(holderOf(house, '1')).toBe('reserved anna');
    expect(house.get('desk', 'dora')?.holds).toEqual([]);
    expect(house.get('absence', 'anna/away')?.acting).toBeUndefined();
    expect(house.get('agent', 'anna')?.absences).toBeUndefined();
  });

  it('given one that holds work, then it stays; no new work is offered, and what was offered goes back', () => {
    const { house, matcher, accepted, offer } = open({ anna: {} });
    accepted('1');
    offer('2');
    // At short notice: it has begun already.
    expect(put(house, 'anna', { from: '2026-03-02T08:00:00.000Z' })).toBe('done');
    house.pass(1);
    expect(holderOf(house, '1')).toBe('assigned anna');
    expect(holderOf(house, '2')).toBe('pending');
    expect(matcher.run()).toBe(0);
    house.pass(3 * HOUR);
    expect(matcher.run()).toBe(1);
  });

  it('given who is back before it was to end, then removing it gives the work back', () => {
    const { house, matcher, accepted } = open({ anna: {}, bert: {} });
    house.tell(presence('bert', 'away'));
    accepted('1');
    put(house, 'anna', { work: 'move', substitute: 'bert' });
    house.tell(presence('bert', 'available'));
    house.pass(HOUR);
    matcher.run();
    expect(holderOf(house, '1')).toBe('reserved bert');
    expect(house.tell({ type: 'remove-absence', data: { agentId: 'anna', name: 'away' } }).outcome).toBe('done');
    matcher.run();
    expect(holderOf(house, '1')).toBe('reserved anna');
  });

  it('given another one that lasts longer, then what was moved stays where it is until that is over as well', () => {
    const { house, matcher, accepted } = open({ anna: {}, bert: {} });
    house.tell(presence('bert', 'away'));
    accepted('1');
    put(house, 'anna', { work: 'move', substitute: 'bert' });
    const longer = { from: '2026-03-02T11:00:00.000Z', to: '2026-03-02T14:00:00.000Z', kind: 'other' } as const;
    house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'longer', definition: longer } });
    house.tell(presence('bert', 'available'));
    house.pass(HOUR);
    matcher.run();
    house.tell(act('accept', itemOf(house, '1').reservationId ?? ''));
    house.pass(4 * HOUR - 1);
    expect(holderOf(house, '1')).toBe('assigned bert');
    house.pass(1);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', preferred: { agentId: 'anna' } });
    expect(house.get('agent', 'anna')?.absences).toBeUndefined();
  });

  it('given part-time by a rule, then it comes again by the clock of the place, but for days named', () => {
    const friday: AbsenceDefinition = {
      ...{ from: '2026-03-06', to: '2026-03-06', timeZone: 'Europe/Vienna', kind: 'part-time' },
      ...{ rule: 'FREQ=WEEKLY;BYDAY=FR', except: ['2026-03-13'] },
    };
    const first = spanOf(friday);
    if ('faults' in first) throw new Error('it is sound');
    const starts = (at: string) => nextSpan(friday, first, new Date(at))?.startsAt;
    expect(starts('2026-03-06T12:00:00Z')).toBe('2026-03-05T23:00:00.000Z');
    expect(starts('2026-03-07T12:00:00Z')).toBe('2026-03-19T23:00:00.000Z');
    // Summer time.
    expect(starts('2026-03-28T12:00:00Z')).toBe('2026-04-02T22:00:00.000Z');
    const afternoons: AbsenceDefinition = {
      ...{
        from: '2026-03-02T12:00:00.000Z',
        to: '2026-03-02T16:00:00.000Z',
        timeZone: 'Europe/Vienna',
        kind: 'part-time',
      },
      rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=2',
    };
    const span = { startsAt: afternoons.from, endsAt: afternoons.to };
    expect(nextSpan(afternoons, span, new Date('2026-03-03'))).toEqual({
      startsAt: '2026-03-09T12:00:00.000Z',
      endsAt: '2026-03-09T16:00:00.000Z',
    });
    expect(nextSpan(afternoons, span, new Date('2026-03-10'))).toBeUndefined();
    for (const [field, change] of [
      ['rule', { rule: 'FREQ=SOMETIMES' }],
      ['rule', { rule: 'FREQ=DAILY\r\nEND:VEVENT' }],
      ['timeZone', { timeZone: undefined }],
      ['except', { rule: undefined, timeZone: undefined }],
    ] as const)
      expect(spanOf({ ...afternoons, except: ['2026-03-09'], ...change })).toMatchObject({ faults: [{ field }] });
  });

  describe('that come again while no router runs', () => {
    const DAY = 24 * HOUR;
    const daily = { timeZone: 'UTC', rule: 'FREQ=DAILY', work: 'move', substitute: 'bert' } as const;

    /** Ten to twelve every day; Bert has what Anna had. */
    function standingIn() {
      const there = open({ anna: {}, bert: {} });
      const { house, matcher, accepted } = there;
      house.tell(presence('bert', 'away'));
      accepted('1');
      put(house, 'anna', daily);
      house.tell(presence('bert', 'available'));
      house.pass(90 * MINUTE);
      matcher.run();
      house.tell(act('accept', itemOf(house, '1').reservationId ?? ''));
      expect(holderOf(house, '1')).toBe('assigned bert');
      return there;
    }
    const spans = (house: House) => house.get('agent', 'anna')?.absences?.map(({ startsAt }) => startsAt);

    it('given an end and the next beginning, then who stands in keeps the work until that is over too', () => {
      const { house, matcher } = standingIn();
      house.sleep(DAY);
      expect(holderOf(house, '1')).toBe('assigned bert');
      expect(spans(house)).toEqual(['2026-03-03T10:00:00.000Z']);
      expect(house.get('absence', 'anna/away')?.acting).toMatchObject({ moved: [itemOf(house, '1').id] });
      house.pass(2 * HOUR);
      expect(itemOf(house, '1')).toMatchObject({ status: 'pending', preferred: { agentId: 'anna' } });
      matcher.run();
      expect(holderOf(house, '1')).toBe('reserved anna');
    });

    it('given that another absence outlasts it, then it comes again all the same', () => {
      const { house, accepted } = open({ anna: {}, bert: {} });
      house.tell(presence('bert', 'away'));
      accepted('1');
      put(house, 'anna', daily);
      const doctor = { from: '2026-03-02T11:00:00.000Z', to: '2026-03-02T14:00:00.000Z', kind: 'sick' } as const;
      house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'doctor', definition: doctor } });
      house.tell(presence('bert', 'available'));
      house.pass(210 * MINUTE);
      house.sleep(DAY);
      house.pass(3 * DAY);
      expect(Date.parse(house.get('absence', 'anna/away')?.endsAt ?? '')).toBeGreaterThan(house.now().getTime());
    });

    it('given that it began and ended, then nothing moved; given that it lasts, then work moves', () => {
      const { house, accepted } = open({ anna: {}, bert: {} });
      house.tell(presence('bert', 'away'));
      accepted('1');
      put(house, 'anna', daily);
      house.sleep(5 * HOUR);
      expect(holderOf(house, '1')).toBe('assigned anna');
      expect(spans(house)).toEqual(['2026-03-03T10:00:00.000Z']);
      house.sleep(21 * HOUR);
      expect(itemOf(house, '1')).toMatchObject({ status: 'pending', preferred: { agentId: 'bert' } });
      expect(house.get('absence', 'anna/away')?.acting).toMatchObject({ moved: [itemOf(house, '1').id] });
    });

    it('given who was not back before, and whole times that passed, then their work still comes back to them', () => {
      const { house } = standingIn();
      house.tell(presence('anna', 'offline'));
      house.pass(2 * HOUR);
      expect(house.get('absence', 'anna/away')?.acting).toMatchObject({ isOver: true });
      house.sleep(2 * DAY);
      expect(holderOf(house, '1')).toBe('assigned bert');
      expect(spans(house)).toEqual(['2026-03-05T10:00:00.000Z']);
      house.tell(presence('anna', 'available'));
      house.pass(1);
      expect(itemOf(house, '1')).toMatchObject({ status: 'pending', preferred: { agentId: 'anna' } });
    });
  });

  it('given one by a rule, when a time is over, then the next one is told', () => {
    const { house, matcher, offer } = open({ anna: {} });
    put(house, 'anna', { timeZone: 'UTC', rule: 'FREQ=DAILY' });
    house.pass(3 * HOUR);
    const times = said(house, 'AgentAbsenceChanged').map(
      ({ data }) => (data as { absence: { startsAt: string } }).absence.startsAt,
    );
    expect(times).toEqual(['2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00.000Z', '2026-03-03T10:00:00.000Z']);
    house.pass(22 * HOUR);
    expect(offer('1')).toBeUndefined();
    house.pass(2 * HOUR);
    expect(matcher.run()).toBe(1);
  });
});

describe('paused work', () => {
  const small = { capacity: { default: 1 }, units: 1 };
  const pause = (house: House, id: string) =>
    house.tell({ type: 'pause-reservation', data: { reservationId: id } }).outcome;
  const resume = (house: House, id: string) =>
    house.tell({ type: 'resume-reservation', data: { reservationId: id } }).outcome;
  const activity = (house: House, id: string) => house.get('reservation', id)?.activity;

  it('given a pause, then there is room for more; when it wakes without room, then it waits and nothing new comes', () => {
    const { house, matcher, accepted, offer } = open({ anna: small });
    const first = accepted('1');
    expect(offer('2')).toBeUndefined();
    expect(pause(house, first)).toBe('done');
    matcher.run();
    const second = itemOf(house, '2').reservationId ?? '';
    house.tell(act('accept', second));
    resume(house, first);
    expect(activity(house, first)).toBe('waking');
    expect(offer('3')).toBeUndefined();
    house.tell(act('complete', second));
    matcher.run();
    expect(activity(house, first)).toBe('active');
    expect(holderOf(house, '3')).toBe('pending');
    house.tell(act('complete', first));
    matcher.run();
    expect(holderOf(house, '3')).toBe('reserved anna');
    expect(['WorkPaused', 'WorkWaking', 'WorkResumed'].map((name) => said(house, name).length)).toEqual([1, 1, 1]);
  });

  it('given silence of the customer, then it is paused by itself; when they write, then it wakes', () => {
    const { house, accepted } = open({ anna: { ...small, idleAfter: { chat: 'PT10M' } } });
    const reservation = accepted('1', 'chat');
    house.pass(9 * MINUTE);
    house.tell(contact('1', { version: 2, channel: 'chat' }));
    house.pass(9 * MINUTE);
    expect(activity(house, reservation)).toBeUndefined();
    house.pass(MINUTE);
    expect(activity(house, reservation)).toBe('paused');
    house.tell(contact('1', { version: 3, channel: 'chat' }));
    house.pass(1);
    expect(activity(house, reservation)).toBe('active');
  });

  it('given what is not accepted, then it is not paused; given what is paused, then it is resumed before wrap-up', () => {
    const { house, offer, accepted } = open({ anna: {} });
    expect(pause(house, offer('1') ?? '')).toBe('reservation-not-open');
    expect(pause(house, 'none')).toBe('unknown-id');
    const other = accepted('2');
    const own = { reservationId: other, onlyAgent: 'bert' };
    expect(house.tell({ type: 'pause-reservation', data: own }).outcome).toBe('forbidden');
    pause(house, other);
    expect(house.tell(act('wrap-up', other)).outcome).toBe('reservation-paused');
    expect(resume(house, other)).toBe('done');
    expect(house.tell(act('wrap-up', other)).outcome).toBe('done');
  });
});

describe('units', () => {
  it('given weights by channel and kind, then work is offered while it fits, and what may interrupt comes on top', () => {
    const anna = { units: 4, weights: { phone: 4, chat: 2, claim: 3 }, interrupts: { phone: ['chat'] } };
    const { house, matcher, offer } = open({ anna });
    expect(offer('1', 'chat')).toBeDefined();
    house.tell(contact('2', { channel: 'chat', facts: { reason: 'claim' } }));
    expect(matcher.run()).toBe(0);
    expect(offer('3', 'chat')).toBeDefined();
    expect(offer('4', 'chat')).toBeUndefined();
    expect(offer('5', 'phone')).toBeDefined();
    expect(offer('6', 'phone')).toBeUndefined();
  });

  it('given rules that contradict each other, or less than is in use, then the field is named and nothing changes', () => {
    const { house, accepted } = open({ anna: { units: 2 } });
    accepted('1');
    accepted('2');
    const refusal = (definition: Partial<AgentDefinition>) => house.tell(agent('anna', definition)).outcome;
    expect(refusal({ capacity: { default: 9 }, units: 1 })).toBe('capacity-in-use');
    expect(refusal({ capacity: { default: 1 } })).toBe('capacity-in-use');
    expect(refusal({ interrupts: { phone: ['chat'] } })).toBe('invalid-body');
    expect(refusal({ units: 2, weights: { phone: 3 } })).toBe('invalid-body');
    for (const chat of ['P30D', 'PT0S']) expect(refusal({ units: 2, idleAfter: { chat } })).toBe('invalid-body');
    expect(house.get('agent', 'anna')?.revision).toBe(1);
  });
});
