import { expect, test, describe } from 'vitest';
import { aLadder, createEscalationHouse, CLOCK } from '../../testing/escalation-house.ts';
import type { EscalationHouse } from '../../testing/escalation-house.ts';
import { escalationHandlers } from './handlers.ts';
import { pageOf } from './state.ts';
import type { LadderDefinition, LadderLevel, Notify } from './state.ts';

const level = (notify: Notify, patch: Partial<LadderLevel> = {}): LadderLevel => ({
  notify,
  acknowledgeWithin: 'PT15M',
  workingTime: false,
  repeat: 0,
  ...patch,
});
const managers = level({ teamManagers: true });
const bosses = level({ managersOf: 'bosses' });

/** The team motor under anna, then bert; the bosses are cyd alone. */
function houseWith(patch: Partial<LadderDefinition> = {}): EscalationHouse {
  const house = createEscalationHouse();
  for (const id of ['anna', 'bert', 'cyd', 'dora', 'emil'])
    house.agent(id, { team: id === 'cyd' ? 'bosses' : 'motor' });
  house.team('motor', ['anna', 'bert']);
  house.team('bosses', ['cyd']);
  house.ladder('managers', aLadder({ levels: [managers, bosses], ...patch }));
  return house;
}

const said = (house: EscalationHouse) =>
  house.said().map(({ type }) => type.slice('switchboard.sla.v1.Escalation'.length));
const told = (house: EscalationHouse) =>
  house.steps().flatMap(({ recipients, level: n }) => recipients.map(({ agentId }) => `${String(n)} ${agentId}`));
const skips = (house: EscalationHouse) =>
  house.steps().flatMap(({ skipped }) => skipped.map(({ agentId, reason }) => `${agentId ?? 'nobody'} ${reason}`));
const later = (house: EscalationHouse, minutes: number) => {
  house.until(new Date(house.now().getTime() + minutes * 60_000).toISOString());
};
const acknowledge = (house: EscalationHouse, agentId?: string) =>
  house.tell('acknowledge-escalation', { escalationId: `${CLOCK}:managers`, agentId });
const all = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

describe('climbing', () => {
  test('the first manager is told, after a time the next level, until somebody acknowledges', () => {
    const house = houseWith({ levels: [managers, bosses, level({ agents: ['dora', 'emil'] })] });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'raised', level: 1, danger: 'warned', dangerValue: 0.5 });
    later(house, 14);
    expect(told(house)).toEqual(['1 anna']);
    later(house, 1);
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
    expect(acknowledge(house, 'cyd')).toBe('done');
    later(house, 600);
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'cyd' });
    expect(house.timers()).toEqual([]);
    house.clock({ status: 'met', metAt: house.now().toISOString() });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'met' });
    expect(said(house)).toEqual(['Raised', 'Raised', 'Acknowledged', 'Ended']);
    expect(acknowledge(house)).toBe('escalation-ended');
  });

  test('agents are all told, each but once; a level is told once more as often as it says', () => {
    const house = houseWith({
      levels: [level({ agents: ['dora', 'emil'] }, { repeat: 2 }), level({ agents: ['emil', 'anna'] })],
    });
    house.clock({ warned: [0.5] });
    later(house, 60);
    expect(told(house)).toEqual(['1 dora', '1 emil', '1 dora', '1 emil', '1 dora', '1 emil', '2 anna']);
    expect(skips(house)).toEqual(['emil already-told']);
    expect(house.escalation()).toMatchObject({ status: 'unanswered' });
    expect(house.steps().at(-1)).toMatchObject({ reason: 'nobody-acknowledged' });
    expect(acknowledge(house)).toBe('done');
  });

  test('who was told and has left since is not told once more: the next manager is', () => {
    const house = houseWith({ levels: [{ ...managers, repeat: 1 }] });
    house.clock({ warned: [0.5] });
    house.away('anna', all);
    later(house, 15);
    expect(told(house)).toEqual(['1 anna', '1 bert']);
  });

  test('the time to acknowledge can be working time of the clock', () => {
    const house = houseWith({ levels: [{ ...managers, workingTime: true, acknowledgeWithin: 'PT8H' }, bosses] });
    house.until('2026-11-23T14:00:00.000Z');
    house.clock({ calendarId: 'office', warned: [0.5] });
    // Two hours until 17:00 in Vienna, six on the next day.
    expect(house.escalation()?.nextAt).toBe('2026-11-24T14:00:00.000Z');
  });

  test('nobody is told of what is in no danger, or of another matter', () => {
    const house = houseWith({ when: { warned: 0.75 }, match: 'clock.target == "resolution"' });
    house.clock({ warned: [0.5] });
    house.clock({ warned: [0.5, 0.75] });
    expect(house.said()).toEqual([]);
    house.clock({ target: 'resolution' });
    expect(told(house)).toEqual(['1 anna']);
  });

  test('the first ladder that matches takes the clock, and the next one where it says so', () => {
    const house = houseWith({ order: 2 });
    house.ladder('first', aLadder({ order: 1, levels: [bosses] }));
    house.ladder('last', aLadder({ order: 3 }));
    house.clock({ warned: [0.5] });
    expect(house.escalation('first')).toBeDefined();
    expect(house.escalation('managers')).toBeUndefined();
    house.ladder('first', aLadder({ order: 1, levels: [bosses], continue: true }));
    house.clock({ warned: [0.5, 0.75] });
    expect(house.escalation('managers')).toBeDefined();
    expect(house.escalation('last')).toBeUndefined();
  });
});

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

  test('a level that can tell nobody is passed at once, with a reason', () => {
    const house = houseWith({ levels: [level({ assignee: true }), level({ managersOf: 'nowhere' }), managers] });
    house.team('motor', ['ghost', 'bert']);
    house.clock({ warned: [0.5] });
    expect(told(house)).toEqual(['3 bert']);
    expect(skips(house)).toEqual(['nobody no-assignee', 'nobody no-team', 'ghost unknown']);
    const taken = houseWith({ levels: [level({ assignee: true })] });
    taken.matter({ extras: { assignee: { agentId: 'emil', at: taken.now().toISOString() } } });
    taken.clock({ warned: [0.5] });
    expect(told(taken)).toEqual(['1 emil']);
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

describe('the danger', () => {
  test.each([
    ['met', { status: 'met', metAt: '2026-11-23T08:05:00.000Z' } as const],
    ['canceled', { status: 'canceled', canceledAt: '2026-11-23T08:05:00.000Z' } as const],
    ['rescheduled', { warned: [] }],
  ])('over, as the clock was %s, ends it', (outcome, patch) => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.clock(patch);
    later(house, 600);
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome });
    expect(told(house)).toEqual(['1 anna']);
  });

  test('that returns is a new round from the first level on', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    later(house, 15);
    house.clock({ warned: [] });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({
      status: 'raised',
      round: 2,
      level: 1,
      recipients: [{ agentId: 'anna' }],
    });
    expect(house.escalation()?.outcome).toBeUndefined();
  });

  test('that gets worse after it was acknowledged is a new round; that stays the same is not', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    acknowledge(house);
    house.clock({ warned: [0.5, 0.75] });
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', round: 1 });
    house.clock({ status: 'breached', breachedAt: '2026-11-23T09:00:00.000Z' });
    expect(house.escalation()).toMatchObject({ status: 'raised', round: 2, danger: 'breached' });
    acknowledge(house);
    house.clock({ segments: [] });
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', round: 2 });
  });

  test('stands still with the clock for a while, then is over; and goes on when the clock does', () => {
    const paused = {
      status: 'paused',
      segments: [{ from: '2026-11-23T08:00:00.000Z', to: '2026-11-23T08:10:00.000Z' }],
    } as const;
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.until(paused.segments[0].to);
    house.clock(paused);
    house.until('2026-11-23T08:50:00.000Z');
    expect(told(house)).toEqual(['1 anna']);
    house.clock({ status: 'running' });
    house.until('2026-11-23T08:50:00.000Z');
    expect(told(house)).toEqual(['1 anna', '2 cyd']);

    const long = houseWith();
    long.clock({ warned: [0.5] });
    long.until(paused.segments[0].to);
    long.clock(paused);
    long.until('2026-11-23T09:10:00.000Z');
    expect(long.escalation()).toMatchObject({
      status: 'ended',
      outcome: 'paused',
      endedAt: '2026-11-23T09:10:00.000Z',
    });
    expect(told(long)).toEqual(['1 anna']);
    long.clock({ status: 'running' });
    expect(long.escalation()).toMatchObject({ status: 'raised', round: 2 });
  });

  test('can be a probability: it begins when that is high enough and ends when it falls', () => {
    const house = houseWith({ when: { atRisk: 0.7, breached: true } });
    house.clock({ riskProbability: 0.69 });
    expect(house.said()).toEqual([]);
    house.clock({ riskProbability: 0.8 });
    expect(house.escalation()).toMatchObject({ status: 'raised', danger: 'at-risk', dangerValue: 0.8 });
    house.clock({ riskProbability: 0.2 });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'risk-fell' });
  });

  test('is told by the time that is left as well', () => {
    const house = houseWith({ when: { warned: 'PT30M' } });
    const warned = (...given: string[]) => ({ warned: given });
    house.clock(warned('PT1H'));
    expect(house.said()).toEqual([]);
    house.clock(warned('PT1H', 'PT20M'));
    expect(house.escalation()).toMatchObject({ danger: 'warned' });
  });

  test('ends when its ladder is removed', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.ladder('managers', undefined);
    later(house, 1);
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'ladder-removed' });
    expect(house.timers()).toEqual([]);
  });

  test('of a case about which the condition cannot be decided is kept, with why', () => {
    const house = houseWith({ match: 'case.attributes["plate"] == "B-XY 1"' });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'undecided' });
    expect(house.steps()).toMatchObject([{ what: 'ended', note: expect.stringContaining('plate') as string }]);
  });
});

describe('quiet hours and digests', () => {
  const quietHours = { from: '20:00', to: '07:00', timeZone: 'Europe/Vienna' };

  test('hold what is not critical until they end', () => {
    const house = houseWith({ quietHours });
    house.until('2026-11-23T19:30:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({
      status: 'held',
      heldFor: 'quiet-hours',
      nextAt: '2026-11-24T06:00:00.000Z',
    });
    later(house, 60);
    expect(told(house)).toEqual([]);
    house.until('2026-11-24T06:00:00.000Z');
    expect(told(house)).toEqual(['1 anna']);
    expect(house.steps()).toMatchObject([{ what: 'held', until: '2026-11-24T06:00:00.000Z' }, { what: 'raised' }]);
  });

  test('hold the next level too, and nothing that is critical or becomes so', () => {
    const house = houseWith({ quietHours, critical: 'clock.status == "breached"' });
    house.until('2026-11-23T18:50:00.000Z');
    house.clock({ warned: [0.5] });
    later(house, 20);
    expect(told(house)).toEqual(['1 anna']);
    expect(house.escalation()).toMatchObject({ status: 'held', level: 1 });
    house.clock({ status: 'breached', breachedAt: '2026-11-23T19:10:00.000Z' });
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
  });

  test('are all hours in which a calendar is closed', () => {
    const house = houseWith({ quietHours: { calendarId: 'office' } });
    house.until('2026-11-27T16:30:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()?.nextAt).toBe('2026-11-30T08:00:00.000Z');
  });

  test('a digest tells each person once of everything that came up, and what is critical at once', () => {
    const house = houseWith({ digest: { every: 'PT1H' }, levels: [level({ agents: ['anna', 'bert'] }), bosses] });
    house.until('2026-11-23T08:20:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'held', heldFor: 'digest', nextAt: '2026-11-23T09:00:00.000Z' });
    house.until('2026-11-23T09:00:00.000Z');
    expect(said(house)).toEqual(['Held', 'Raised', 'DigestSent', 'DigestSent']);
    expect(house.said().slice(1)).toMatchObject([
      { data: { digest: true } },
      {
        data: {
          agentId: 'anna',
          ladderId: 'managers',
          items: [{ escalation: { clockId: CLOCK }, why: 'named by level 1' }],
        },
      },
      { data: { agentId: 'bert' } },
    ]);
    house.until('2026-11-23T10:00:00.000Z');
    expect(told(house)).toEqual(['1 anna', '1 bert', '2 cyd']);
  });

  test('a digest gathers nothing that is over by then', () => {
    const house = houseWith({ digest: { every: 'PT1H' } });
    house.clock({ warned: [0.5] });
    house.clock({ status: 'met', metAt: house.now().toISOString() });
    later(house, 120);
    expect(said(house)).toEqual(['Held', 'Ended']);
  });
});
