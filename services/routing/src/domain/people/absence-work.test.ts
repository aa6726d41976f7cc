/** What becomes of the work of who is absent, and when absences come again. */
import { describe, expect, it } from 'vitest';
import type { House } from '../../testing/house.ts';
import { act, presence } from '../../testing/orders.ts';
import { HOUR, MINUTE, holderOf, itemOf, open, said } from '../../testing/people-house.ts';
import { nextSpan, spanOf } from './absence-times.ts';
import type { AbsenceDefinition } from './state.ts';

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

  it('given who is back before those who stood in for them, then nobody of these gets it back', () => {
    const { house, matcher, accepted } = open({ anna: {}, bert: {}, carl: {} });
    const take = () => {
      matcher.run();
      house.tell(act('accept', itemOf(house, '1').reservationId ?? ''));
      return holderOf(house, '1');
    };
    for (const id of ['bert', 'carl']) house.tell(presence(id, 'away'));
    accepted('1');
    put(house, 'anna', { work: 'move', substitute: 'bert' });
    put(house, 'bert', {
      work: 'move',
      substitute: 'carl',
      from: '2026-03-02T11:00:00.000Z',
      to: '2026-03-02T14:00:00.000Z',
    });
    for (const id of ['bert', 'carl']) house.tell(presence(id, 'available'));
    house.pass(HOUR);
    expect(take()).toBe('assigned bert');
    house.pass(HOUR);
    expect(take()).toBe('assigned carl');
    house.pass(HOUR);
    expect(take()).toBe('assigned anna');
    // Bert is back: it was Anna's, and has been again for two hours.
    house.pass(2 * HOUR);
    matcher.run();
    expect(holderOf(house, '1')).toBe('assigned anna');
    expect(house.get('absence', 'bert/away')?.acting).toBeUndefined();
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
