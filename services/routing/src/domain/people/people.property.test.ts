/** Any sequence of offers, pauses, wakes, interrupts, beats and absences, as strict as the hallway. */
import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { act, agent, contact } from '../../testing/orders.ts';
import { exceeded, unitsInUse } from './capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import { dutyAt } from './duty.ts';
import { handlers, type Configured } from '../handlers.ts';
import { peopleTimers } from './timers.ts';
import type { AbsenceDefinition, AgentDefinition } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { holdersOf } from '../work/state.ts';
import type { OfferReply } from '../work/offer-work.ts';
import { workTimers } from '../work/timers.ts';
import { emptyRoster } from './working-time.ts';

type Commands = Omit<RoutingCommands, `${'put' | 'remove'}-${Configured}`>;
type House = StrictHouse<RoutingKinds, Commands>;
type Step = (house: House) => TypedCommand<Commands>;

const START = '2026-03-02T09:00:00.000Z';
const oneOf = fc.constantFrom;
const index = fc.nat(1000);
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const who = oneOf('a', 'b', 'c');
const matter = oneOf('1', '2', '3', '4', '5', '6');

const rules = fc.record(
  {
    capacity: fc.record({ default: fc.integer({ min: 1, max: 3 }) }),
    units: fc.integer({ min: 1, max: 4 }),
    weights: fc.record({ phone: fc.nat(2), claim: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] }),
    interrupts: fc.constant({ phone: ['chat'], chat: ['chat'] }),
    idleAfter: fc.constant({ default: 'PT1M' }),
    lostWorkAfter: fc.constant('PT1M'),
    stopOffersBefore: fc.constant('PT5M'),
    awayAfterMissed: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ['capacity'] },
) as fc.Arbitrary<Partial<AgentDefinition>>;

const arrival = fc.tuple(matter, oneOf('phone', 'chat'), oneOf(undefined, 'claim')).map(
  ([id, channel, reason]): Step =>
    (house) =>
      contact(id, {
        version: (house.get('caseWork', id)?.caseVersion ?? 0) + 1,
        channel,
        facts: reason === undefined ? {} : { reason },
      }),
);
const definition = fc.tuple(who, rules).map(
  ([id, own]): Step =>
    () =>
      agent(id, own),
);
const presence = fc
  .tuple(who, oneOf('available', 'available', 'away', 'offline'), oneOf(undefined, 'PT2M'))
  .map(([agentId, status, heartbeat]): Step => () => ({ type: 'set-presence', data: { agentId, status, heartbeat } }));
const beat = who.map((agentId): Step => () => ({ type: 'record-heartbeat', data: { agentId } }));
const offer = fc.tuple(index, who).map(([n, agentId]): Step => (house) => {
  const item = nth(
    house.all('workItem').filter(({ status }) => status === 'pending'),
    n,
  );
  const agentVersion = house.get('agent', agentId)?.version ?? 0;
  const others = ['a', 'b', 'c'].map((id) => ({ agentId: id, agentVersion: house.get('agent', id)?.version ?? 0 }));
  return {
    type: 'offer-work',
    data: { workItemId: item?.id ?? 'none', itemVersion: item?.version ?? 0, agentId, agentVersion, others },
  };
});
const answer = fc.tuple(oneOf('accept', 'accept', 'reject', 'wrap-up', 'complete'), index).map(
  ([what, n]): Step =>
    (house) =>
      act(what, nth(house.all('reservation'), n)?.id ?? 'none'),
);
const pausing = fc
  .tuple(oneOf('pause', 'resume', 'resume', 'wake', 'touch', 'idle'), index)
  .map(([what, n]): Step => (house) => {
    const open = house.all('reservation').filter(({ status }) => status === 'accepted');
    return { type: `${what}-reservation`, data: { reservationId: nth(open, n)?.id ?? 'none' } };
  });
const absence = fc
  .tuple(who, fc.nat(20), fc.integer({ min: 1, max: 20 }), oneOf('hold', 'move', 'move'), who, fc.nat(9))
  .map(([agentId, from, length, work, substitute, again]): Step => (house) => {
    const at = (minutes: number) => new Date(house.now().getTime() + minutes * 60_000).toISOString();
    const once: AbsenceDefinition = { from: at(from - 5), to: at(from - 5 + length), kind: 'other', work, substitute };
    const rule = again === 0 ? { rule: 'FREQ=DAILY', timeZone: 'UTC' } : {};
    return {
      type: 'put-absence',
      data: { agentId, name: length % 2 === 0 ? 'x' : 'y', definition: { ...once, ...rule } },
    };
  });
const removal = fc
  .tuple(who, oneOf('x', 'y'))
  .map(([agentId, name]): Step => () => ({ type: 'remove-absence', data: { agentId, name } }));

const step = fc.oneof(
  ...[arrival, arrival, definition, presence, presence, beat, offer, offer, offer, offer, answer, answer, answer],
  ...[pausing, pausing, pausing, absence, removal],
);
const life = fc.array(fc.tuple(step, oneOf(0, 0, 0, 5000, 61_000, 600_000)), { maxLength: 60, size: 'max' });

const fallback = { ...anyQueue, offersAtOnce: 3, unansweredMs: 120_000, wrapUpMs: 60_000 };

function begin(): House {
  const house: House = createStrictHouse({
    ...{ service: 'routing', handlers, start: START },
    configuration: { queues: [], fallback },
    timer: ({ kind, id, data }) =>
      (peopleTimers[kind] ?? workTimers[kind])?.({ id, data }) as TypedCommand<Commands> | undefined,
  });
  for (const id of ['a', 'b', 'c']) {
    house.tell(agent(id, { capacity: { default: 2 }, units: 3, interrupts: { phone: ['chat'] } }));
    house.tell({ type: 'set-presence', data: { agentId: id, status: 'available' } });
  }
  return house;
}

/** Sentences about what is wrong; none is right. */
function faultsOf(house: House): string[] {
  const faults: string[] = [];
  const held = new Map<string, number>();
  for (const { id, holds } of house.all('desk')) {
    const rulesNow = house.get('agent', id)?.definition;
    if (rulesNow === undefined) continue;
    for (const { field, reason } of exceeded(rulesNow, holds)) faults.push(`${id}: ${field} ${reason}`);
    const units = unitsInUse(rulesNow, holds);
    if (rulesNow.units !== undefined && units > rulesNow.units) faults.push(`${id} has ${String(units)} in front`);
    for (const { workItemId, reservationId, activity } of holds) {
      held.set(workItemId, (held.get(workItemId) ?? 0) + 1);
      const reservation = house.get('reservation', reservationId);
      if (reservation?.activity !== activity) faults.push(`${reservationId} is not as on the desk`);
      const isAside = activity === 'paused' || activity === 'waking';
      if (isAside && reservation?.status !== 'accepted')
        faults.push(`${reservationId} is ${activity} and not accepted`);
    }
  }
  for (const item of house.all('workItem')) {
    const isHeld = ['reserved', 'assigned', 'wrapping'].includes(item.status);
    const [holders, known] = [held.get(item.id) ?? 0, isHeld ? holdersOf(item).length : 0];
    if (holders !== known || isHeld !== holders > 0)
      faults.push(`${item.id}: ${item.status}, ${String(holders)} hold it`);
    if (item.status !== 'reserved' && holders > 1) faults.push(`${item.id} is held twice`);
  }
  return faults;
}

it('given any of that, then no ledger is ever exceeded, nothing is held twice or lost, and offers keep to duty', () => {
  fc.assert(
    fc.property(life, (steps) => {
      const house = begin();
      for (const [one, ms] of steps) {
        const command = one(house);
        const decided = house.tell(command);
        if (command.type === 'offer-work' && 'reply' in decided)
          for (const agentId of (decided.reply as OfferReply).asked) {
            const { definition: own, absences } = house.get('agent', agentId) ?? {};
            expect(own && dutyAt({ ...own, absences }, emptyRoster, +house.now()).on).toBe(true);
          }
        expect(faultsOf(house)).toEqual([]);
        house.pass(ms);
        expect(faultsOf(house)).toEqual([]);
      }
      // Age is kept whatever happens: nothing is enqueued anew.
      const first = new Map<string, string>();
      for (const event of house.events)
        if (event.type === 'switchboard.routing.v1.WorkQueued') {
          const { id, enqueuedAt } = event.data.item;
          expect(enqueuedAt).toBe(first.get(id) ?? enqueuedAt);
          first.set(id, enqueuedAt);
        }
    }),
    { numRuns: 60 },
  );
});
