import { openDuration } from '@switchboard/calendar';
import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configurationOf, nineToFive } from '../../testing/house.ts';
import { caseSnapshot, contactSnapshot, customerSnapshot } from '../../testing/snapshots.ts';
import type { SlaCommands } from '../commands.ts';
import type { EscalationCommands } from '../escalation/commands.ts';
import { calendarOf, type Configuration } from '../configuration.ts';
import { clockHandlers } from '../handlers.ts';
import { elapsedMs } from '../clocks/measure.ts';
import { type ClockState } from '../clocks/state.ts';
import { calendarPageId } from '../pages.ts';
import { type SlaKinds } from '../state.ts';
import { BREACH_TIMER, WARN_TIMER } from '../clocks/timers.ts';

type Commands = Omit<
  SlaCommands,
  `${'put' | 'remove'}-${'calendar' | 'policy' | 'dimension'}` | 'begin-calendar' | keyof EscalationCommands
>;
type House = StrictHouse<SlaKinds, Commands>;
type Command = TypedCommand<Commands>;

/** A Thursday morning. */
const START = '2026-11-19T08:00:00.000Z';
const MINUTE = 60_000;
const oneOf = fc.constantFrom;
const caseIds = ['case-1', 'case-2'] as const;

/** What intake knows of each case; its versions come in order, everything else when it likes. */
interface Situation {
  readonly house: House;
  readonly configuration: Configuration;
  readonly versions: Map<string, { version: number; status: string; priority: number }>;
}
type Step = (situation: Situation) => Command;

const some = oneOf(...caseIds);
/** Records come late: the fact is minutes old. */
const late = oneOf(0, 0, 0, 3, 50);
const ago = ({ house }: Situation, minutes: number): string =>
  new Date(house.now().getTime() - minutes * MINUTE).toISOString();

function snapshot({ versions }: Situation, id: string, patch: { status?: string; priority?: number } = {}) {
  const before = versions.get(id) ?? { version: 0, status: 'open', priority: 3 };
  const after = { ...before, ...patch, version: before.version + 1 };
  versions.set(id, after);
  return caseSnapshot({ id, ...after });
}

const channel = oneOf('email', 'phone');
const opening = fc.tuple(some, late, channel).map(([id, minutes, by]): Step => (now) => {
  const at = ago(now, minutes);
  return {
    type: 'open-case',
    data: { case: snapshot(now, id), contact: contactSnapshot({ caseId: id, acceptedAt: at, channel: by }), at },
  };
});
const writing = fc.tuple(some, late).map(([id, minutes]): Step => (now) => {
  const at = ago(now, minutes);
  return {
    type: 'receive-message',
    data: { case: snapshot(now, id), contact: contactSnapshot({ caseId: id, acceptedAt: at }), at },
  };
});
const answering = fc.tuple(some, late).map(([id, minutes]): Step => (now) => ({
  type: 'record-answer',
  data: { case: snapshot(now, id), at: ago(now, minutes) },
}));
const change = fc.oneof(
  oneOf('open', 'open', 'pending', 'on-hold', 'resolved', 'closed').map((status) => ({ status })),
  fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })),
);
const following = fc.tuple(some, change, late).map(([id, patch, minutes]): Step => (now) => ({
  type: 'follow-case',
  data: { case: snapshot(now, id, patch), at: ago(now, minutes) },
}));
const accepting = fc.tuple(some, channel, late).map(([caseId, by, minutes]): Step => (now) => ({
  type: 'accept-work',
  data: { caseId, channel: by, at: ago(now, minutes) },
}));
const attributing = fc.tuple(some, oneOf('gold', 'iron')).map(([id, tier]): Step => (now) => ({
  type: 'attribute-case',
  data: {
    case: caseSnapshot({ id }),
    contact: contactSnapshot({ caseId: id }),
    customer: customerSnapshot({ tier }),
    at: ago(now, 0),
  },
}));
const recounting = oneOf('always', 'office').map((calendarId): Step => ({ house }) => {
  const after = '';
  house.put('calendarPage', {
    id: calendarPageId(calendarId, after),
    version: 1,
    caseIds: house.all('caseClocks').map(({ id }) => id),
  });
  return { type: 'recount-calendar', data: { calendarId, after } };
});

const step = fc.oneof(
  { weight: 5, arbitrary: opening },
  { weight: 4, arbitrary: writing },
  { weight: 4, arbitrary: answering },
  { weight: 6, arbitrary: following },
  { weight: 3, arbitrary: accepting },
  { weight: 2, arbitrary: attributing },
  { weight: 1, arbitrary: recounting },
);
const life = fc.array(fc.tuple(step, oneOf(0, 1, 20, 45, 200, 1500)), { maxLength: 30, size: 'max' });

function begin(): Situation {
  const configuration = configurationOf(
    {
      gold: {
        order: 1,
        match: 'customer.tier == "gold"',
        calendarId: 'office',
        targets: { firstResponse: 'PT30M', nextResponse: 'PT1H', resolution: { 1: 'PT2H', 3: 'PT8H' } },
      },
      default: { targets: { firstResponse: 'PT1H', nextResponse: 'PT2H', resolution: 'P1D' } },
    },
    { office: nineToFive },
  );
  const house: House = createStrictHouse({
    ...{ service: 'sla', handlers: clockHandlers, configuration, start: START },
    timer: ({ kind, data }) => {
      if (kind === BREACH_TIMER) return { type: 'breach-clock', data: data as Commands['breach-clock'] };
      return kind === WARN_TIMER ? { type: 'warn-clock', data: data as Commands['warn-clock'] } : undefined;
    },
  });
  return { house, configuration, versions: new Map() };
}

/** Open time of the segments, added up here. */
const recomputed = (configuration: Configuration, { segments, calendarId }: ClockState, now: Date): number =>
  segments.reduce((sum, { from, to, calendarId: own = calendarId }) => {
    const calendar = calendarOf(configuration, own);
    return sum + openDuration(calendar, new Date(from), to === undefined ? now : new Date(to));
  }, 0);

function segmentFaults({ id, segments, status, metAt, canceledAt }: ClockState): string[] {
  const faults: string[] = [];
  segments.forEach(({ from, to }, n) => {
    const next = segments[n + 1];
    if (to === undefined && next !== undefined) faults.push(`${id} counts twice at once`);
    if (to !== undefined && to < from) faults.push(`${id} ran backwards`);
    if (to !== undefined && next !== undefined && next.from < to) faults.push(`${id} counts something twice`);
  });
  const counts = segments.at(-1) !== undefined && segments.at(-1)?.to === undefined;
  if (counts && (status === 'paused' || metAt !== undefined || canceledAt !== undefined))
    faults.push(`${id} is ${status} and counts`);
  if (!counts && status === 'running') faults.push(`${id} runs and does not count`);
  return faults;
}

function clockFaults({ house, configuration }: Situation, clock: ClockState): string[] {
  const { id, status, dueAt, metAt, breachedAt, canceledAt, warned, warnAt } = clock;
  const faults = segmentFaults(clock);
  const now = house.now();
  const used = recomputed(configuration, clock, now);
  if (elapsedMs(configuration, clock, now) !== used) faults.push(`${id} miscounts`);
  if ((status === 'met') !== (metAt !== undefined && breachedAt === undefined))
    faults.push(`${id} is ${status}, met ${String(metAt)}`);
  if ((status === 'breached') !== (breachedAt !== undefined))
    faults.push(`${id} is ${status}, breached ${String(breachedAt)}`);
  if (status === 'canceled' && canceledAt === undefined) faults.push(`${id} was canceled at no time`);
  if (status === 'paused' && dueAt !== undefined) faults.push(`${id} is due while it stands still`);
  if (status === 'running' && (dueAt === undefined || dueAt <= now.toISOString() || used >= clock.targetMs))
    faults.push(`${id} runs past its time`);
  if (house.timers.has(`${BREACH_TIMER} ${id}`) !== (status === 'running'))
    faults.push(`${id} is ${status}, and its timer is not so`);
  if (new Set(warned).size < warned.length || warned.some((share) => !warnAt.includes(share)))
    faults.push(`${id} warned of ${warned.join()}`);
  return faults;
}

function faultsOf(situation: Situation): string[] {
  const { house } = situation;
  const counting = new Map<string, string>();
  const faults = house.all('clock').flatMap((clock) => clockFaults(situation, clock));
  for (const { id, clocks } of house.all('caseClocks'))
    for (const [target, clockId] of Object.entries(clocks)) {
      const clock = house.get('clock', clockId);
      if (clock?.caseId !== id || clock.target !== target) faults.push(`${id} counts a clock of another`);
      if (clock?.metAt !== undefined || clock?.canceledAt !== undefined)
        faults.push(`${id} counts a clock that is over`);
      counting.set(clockId, id);
    }
  for (const { id, status } of house.all('clock'))
    if ((status === 'running' || status === 'paused') && !counting.has(id))
      faults.push(`${id} is ${status} for nobody`);
  return faults;
}

it('given any life of cases, told late too, then every clock is what its segments say, and its timers are as it is', () => {
  fc.assert(
    fc.property(life, (steps) => {
      const situation = begin();
      for (const [one, minutes] of steps) {
        situation.house.tell(one(situation));
        situation.house.pass(0);
        expect(faultsOf(situation)).toEqual([]);
        situation.house.pass(minutes * MINUTE);
        expect(faultsOf(situation)).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});

it('given any fact told twice, then the second moves nothing', () => {
  fc.assert(
    fc.property(life, step, (steps, last) => {
      const situation = begin();
      const { house } = situation;
      for (const [one, minutes] of steps) {
        house.tell(one(situation));
        house.pass(minutes * MINUTE);
      }
      const command = last(situation);
      const first = house.tell(command);
      const before = house.events.length;
      const again = house.tell(command);
      if ('waitFor' in first) expect(again).toEqual(first);
      expect(house.events).toHaveLength(before);
    }),
    { numRuns: 150 },
  );
});
