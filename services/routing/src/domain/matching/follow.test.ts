import { describe, expect, it, vi } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import { dutyAt } from '../people/duty.ts';
import type { WorkingTime, WorkRules } from '../people/rules.ts';
import { agentFacts } from '../people/state.ts';
import { setAgent } from './agents.ts';
import { setQueue, setWaiting } from './items.ts';
import { poolAt } from './lanes.ts';
import { lineUpAll } from './lines.ts';
import { createMatchRun } from './match-run.ts';
import { createMemory } from './memory.ts';
import type { Memory } from './types.ts';
import { setTeam } from './roster.ts';
import { refill } from './shelf.ts';

// Counted, not replaced.
vi.mock(import('./lines.ts'), async (original) => {
  const real = await original();
  return { ...real, lineUpAll: vi.fn(real.lineUpAll) };
});
vi.mock(import('../people/duty.ts'), async (original) => {
  const real = await original();
  return { ...real, dutyAt: vi.fn(real.dutyAt) };
});
vi.mock(import('./shelf.ts'), async (original) => {
  const real = await original();
  return { ...real, refill: vi.fn(real.refill) };
});

/** A Monday. */
const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const morning: WorkingTime = { timeZone: 'UTC', hours: [{ days: ['mon'], from: '08:00', to: '11:00' }] };
const allDay: WorkingTime = { timeZone: 'UTC', hours: [{ days: ['mon'], from: '08:00', to: '18:00' }] };

const plain: QueueDefinition = { order: 1, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

/** Ten queues that open by a calendar and one that does not, with something waiting in each. */
function houseOf(calendarId: string): { readonly memory: Memory; readonly told: (...all: Told[]) => Counted } {
  const memory = createMemory();
  const compile = vi.fn(compileQueue);
  const { onEvents } = createMatchRun(memory, compile);
  const facts = { case: caseFacts('1'), contact: { channel: 'phone', attributes: {} }, customer: {} };
  for (let n = 0; n <= 10; n += 1) {
    const id = `q${String(n)}`;
    setQueue(memory, id, compileQueue(id, n === 0 ? plain : { ...plain, schedule: { calendarId } }));
    const place = { id: `i${String(n)}`, version: 1, queueId: id, channel: 'phone', priority: 3, enqueuedAt: NOON };
    setWaiting(memory, { ...place, avoid: [], facts });
  }
  const counted = [lineUpAll, refill, compile].map((one) => vi.mocked(one));
  const told = (...all: Told[]): Counted => {
    for (const one of counted) one.mockClear();
    const type = 'switchboard.routing.v1.CalendarAdopted';
    onEvents(all.map(([id, definition]) => ({ type, data: { id, version: 1, definition } })) as never);
    const [lineUps, sorts, compiled] = counted.map((one) => one.mock.calls.length);
    return { lineUps, sorts, compiled };
  };
  return { memory, told };
}

type Told = readonly [id: string, definition: object];
type Counted = Readonly<Record<'lineUps' | 'sorts' | 'compiled', number | undefined>>;

const isOpen = (memory: Memory) => memory.queues.get('q7')?.schedule?.openingAt(NOON).isOpen;

describe('calendars that are told', () => {
  it('given some that no queue opens by, then nothing that waits is touched', () => {
    const { told } = houseOf('night');
    expect(told(['day', morning], ['other', allDay])).toEqual({ lineUps: 0, sorts: 0, compiled: 0 });
  });

  it('given many at once, then all queues open by them, and what waits is lined up once', () => {
    const { memory, told } = houseOf('night');
    expect(told(['other', allDay], ['night', allDay], ['night', morning])).toEqual({
      ...{ lineUps: 1, sorts: 0, compiled: 0 },
    });
    expect(isOpen(memory)).toBe(false);
    expect(memory.queues.get('q0')?.schedule).toBeUndefined();
    told(['night', allDay]);
    expect(isOpen(memory)).toBe(true);
  });

  it('given a composition that was told before its parts, then its queues open by it once they are told', () => {
    const { memory, told } = houseOf('both');
    told(['both', { union: ['inner'] }]);
    told(['inner', { union: ['part'] }]);
    expect(memory.queues.get('q7')?.schedule).toBeUndefined();
    expect(told(['part', morning])).toMatchObject({ lineUps: 1 });
    expect(isOpen(memory)).toBe(false);
  });
});

describe('agents who work by calendars', () => {
  const crew: Readonly<Record<string, WorkRules & { readonly team?: string }>> = {
    ...{ own: { calendarId: 'night' }, composed: { calendarId: 'both' }, mate: { team: 'nightly' } },
    ...{ other: { calendarId: 'day' }, hours: { workingTime: allDay, calendarId: undefined }, free: {} },
    busy: { team: 'nightly', workingTime: allDay },
  };

  /** Who takes offers at noon, and how many were asked about their duty for that. */
  function crewOf() {
    const { memory, told } = houseOf('none');
    memory.roster = { ...memory.roster, teams: new Map([['nightly', { calendarId: 'night' }]]) };
    for (const [id, { team = 't', ...work }] of Object.entries(crew)) {
      const lists = { skills: {}, languages: [], territories: [], products: [] };
      const capacity = { default: 1 };
      const facts = agentFacts(id, { name: id, team, ...lists, capacity });
      setAgent(memory, { id, version: 1, facts, capacity, work, isAvailable: true, idleSince: NOON });
    }
    told(['night', allDay], ['day', allDay], ['both', { intersection: ['night', 'day'] }]);
    const look = () => {
      vi.mocked(dutyAt).mockClear();
      const there = [...poolAt(memory, NOON).available].map(({ id }) => id);
      return { there: there.sort(), asked: vi.mocked(dutyAt).mock.calls.length };
    };
    return { memory, told, look };
  }

  it('given one that changes, then only those who work by it, or by what is composed of it, are asked again', () => {
    const { told, look } = crewOf();
    expect(look()).toEqual({ there: Object.keys(crew).sort(), asked: 7 });
    told(['night', morning]);
    expect(look()).toEqual({ there: ['busy', 'free', 'hours', 'other'], asked: 3 });
    told(['unused', morning]);
    expect(look()).toEqual({ there: ['busy', 'free', 'hours', 'other'], asked: 0 });
    told(['night', allDay]);
    expect(look()).toEqual({ there: Object.keys(crew).sort(), asked: 3 });
  });

  it('given a team that works other hours now, then its agents alone are asked again', () => {
    const { memory, look } = crewOf();
    look();
    setTeam(memory, 'nightly', { workingTime: morning });
    expect(look()).toEqual({
      there: Object.keys(crew)
        .filter((id) => id !== 'mate')
        .sort(),
      asked: 2,
    });
  });

  it('given calendars that none of it touches, then they stay as they were compiled', () => {
    const { memory, told } = crewOf();
    const before = memory.roster.calendars.get('day');
    told(['night', morning]);
    expect(memory.roster.calendars.get('day')).toBe(before);
    expect(memory.roster.calendars.get('both')).not.toBe(undefined);
  });
});
