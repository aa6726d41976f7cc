/** Answers that do not come. */
import { describe, expect, it } from 'vitest';
import type { House, HouseCommand } from '../../testing/house.ts';
import { holds, houseWith, itemOf, offer, statuses } from '../../testing/offering.ts';
import { act, contact, news } from '../../testing/orders.ts';
import { handlers } from '../handlers.ts';

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
