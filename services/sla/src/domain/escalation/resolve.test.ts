import { describe, expect, test } from 'vitest';
import { CLOCK } from '../../testing/escalation-house.ts';
import { level, managers, houseWith, said, told, skips, later, all } from '../../testing/escalation-moves.ts';
import { escalationHandlers } from './handlers.ts';
import { pageOf } from './state.ts';

describe('who is told', () => {
  test('a substitute stands in for who is away, and another one for them', () => {
    const house = houseWith();
    house.away('anna', { ...all, substitute: 'dora' });
    house.away('dora', { ...all, substitute: 'emil' });
    house.clock({ warned: [0.5] });
    expect(house.escalation()?.recipients).toMatchObject([
      {
        agentId: 'emil',
        inPlaceOf: ['anna', 'dora'],
        role: 'manager',
        why: 'anna manages motor; stands in for anna, dora',
      },
    ]);
    expect(skips(house)).toEqual(['anna absent', 'dora absent']);
  });

  test('substitutes in a circle end, and the next manager is told', () => {
    const house = houseWith();
    house.away('anna', { ...all, substitute: 'dora' });
    house.away('dora', { ...all, substitute: 'anna' });
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['1 bert']);
    expect(skips(house)).toEqual(['anna absent', 'dora absent', 'anna substitutes-in-a-circle']);
  });

  test('everybody is looked up in as many rounds as the hallway asks', () => {
    const house = houseWith();
    const chain = ['anna', 'c1', 'c2', 'c3', 'c4', 'c5'];
    for (const id of chain) house.agent(id, { team: `team of ${id}` });
    chain.slice(0, -1).forEach((id, index) => {
      house.away(id, { ...all, substitute: chain[index + 1] });
    });
    const handler = escalationHandlers['send-digest'];
    const data = { ladderId: 'managers', due: '2026-11-23T09:00:00.000Z' };
    const page = pageOf.digest(data.ladderId, data.due);
    house.strict.put('escalationPage', {
      id: page,
      version: 1,
      found: [{ id: 'e', clockId: CLOCK, caseId: 'case-1' }],
    });
    const seen = new Set<string>();
    const get = (kind: string, id: string) =>
      (seen.has(`${kind} ${id}`) ? house.strict.get(kind as 'staff', id) : undefined) as never;
    let rounds = 0;
    for (let before = -1; before !== seen.size; rounds += 1) {
      before = seen.size;
      const message = { id: 'm', type: 'send-digest' as const, data, trace: { correlationId: 'test' } };
      for (const { kind, id } of handler.needs(message, { get })) seen.add(`${kind} ${id}`);
    }
    expect([...seen]).toContain('team team of c4');
    expect(rounds).toBeLessThanOrEqual(10);
  });

  test('an absence counts from its first instant up to its last, exclusive', () => {
    const house = houseWith();
    house.away('anna', { from: '2026-11-23T08:00:00.000Z', to: '2026-11-23T09:00:00.000Z', substitute: 'dora' });
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['1 dora']);
    const other = houseWith();
    other.away('anna', { from: '2026-11-23T07:00:00.000Z', to: '2026-11-23T08:00:00.000Z', substitute: 'dora' });
    other.clock({ warned: [0.5] });
    expect(told(other)).toEqual(['1 anna']);
  });

  test('a manager for other products and regions is passed over', () => {
    const house = houseWith();
    const facts = { case: { product: 'car', attributes: { region: 'DE-BE' } }, contact: {} };
    house.team('motor', [
      { agentId: 'anna', products: ['boat'] },
      { agentId: 'bert', regions: ['AT', 'FR'] },
      { agentId: 'dora', products: ['boat', 'car'], regions: ['DE'] },
    ]);
    house.matter({ extras: { facts } });
    house.clock({ warned: [0.5] });
    expect(skips(house)).toEqual(['anna other-product', 'bert other-region']);
    expect(house.escalation()?.recipients).toMatchObject([{ agentId: 'dora', why: 'manages motor for boat, car, DE' }]);
  });

  test('nobody is told outside their hours: their own, else those of their team', () => {
    const house = houseWith();
    house.agent('anna', { calendarId: 'office' });
    house.until('2026-11-23T18:00:00.000Z');
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['1 bert']);
    expect(skips(house)).toEqual(['anna outside-working-hours']);
  });

  test('the assignee is told at a share of the target, and the managers where that is not acknowledged', () => {
    const house = houseWith({ when: { warned: 0.5 }, levels: [level({ assignee: true }), managers] });
    house.matter({ extras: { assignee: { agentId: 'emil', at: house.now().toISOString() } } });
    house.clock({ warned: [0.25] });
    expect(told(house)).toEqual([]);
    house.clock({ warned: [0.25, 0.5] });
    expect(told(house)).toEqual(['1 emil']);
    later(house, 15);
    expect(told(house)).toEqual(['1 emil', '2 anna']);
  });

  test('a level that can tell nobody is passed at once, with a reason', () => {
    const house = houseWith({ levels: [level({ assignee: true }), level({ managersOf: 'nowhere' }), managers] });
    house.team('motor', ['ghost', 'bert']);
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['3 bert']);
    expect(skips(house)).toEqual(['nobody no-assignee', 'nobody no-team', 'ghost unknown']);
  });

  test('while nobody is there it is held, and who is back first is told', () => {
    const house = houseWith();
    for (const id of ['anna', 'bert', 'cyd']) house.agent(id, { calendarId: 'office' });
    house.away('anna', { from: '2026-11-23T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' });
    house.until('2026-11-23T20:00:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({
      status: 'held',
      heldFor: 'nobody-there',
      nextAt: '2026-11-24T08:00:00.000Z',
    });
    house.until('2026-11-24T08:00:00.000Z');
    expect(told(house)).toEqual(['1 bert']);
    expect(said(house)).toEqual(['Held', 'Raised']);
  });

  test('somebody who is back sooner than was known is found', () => {
    const house = houseWith({ levels: [managers] });
    house.away('anna', all);
    house.away('bert', all);
    house.clock({ warned: [0.5] });
    expect(house.escalation()?.heldFor).toBe('nobody-there');
    later(house, 5);
    house.tell('forget-absence', {
      agentId: 'bert',
      absenceId: `${all.from}-${all.to}`,
      at: house.now().toISOString(),
    });
    later(house, 10);
    expect(told(house)).toEqual(['1 bert']);
  });

  test('where nobody will ever be there it is unanswered at once', () => {
    const house = houseWith({ levels: [level({ managersOf: 'nowhere' })] });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'unanswered', level: 0 });
    expect(house.steps()).toMatchObject([
      { what: 'unanswered', reason: 'nobody-told', skipped: [{ reason: 'no-team' }] },
    ]);
  });

  test('older news of a person changes nothing', () => {
    const house = houseWith();
    house.tell('forget-agent', { agentId: 'anna', at: '2026-11-01T00:00:00.000Z' });
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['1 anna']);
  });
});
