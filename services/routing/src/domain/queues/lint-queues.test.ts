import { always } from '@switchboard/calendar';
import { describe, expect, it } from 'vitest';
import { compileQueue } from './compile-queue.ts';
import { lintQueue, unknownQueues } from './lint-queues.ts';
import { checkQueue } from './check.ts';
import type { QueueDefinition } from './definition.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Roster } from '../people/working-time.ts';

const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };
const fallback = compileQueue('default', plain);

const check = (partial: Partial<QueueDefinition>) =>
  checkQueue({ ...plain, ...partial }).map(({ field, reason }) => `${field} ${reason}`);

const agent = (id: string, vip: number): AgentFacts => ({
  id,
  team: 'red',
  skills: { vip },
  languages: [],
  territories: [],
  products: [],
});

function lint(
  partial: Partial<QueueDefinition>,
  others: Readonly<Record<string, Partial<QueueDefinition>>> = {},
  agents: readonly AgentFacts[] = [],
) {
  const queues = Object.entries(others).map(([id, other]) => compileQueue(id, { ...plain, ...other }));
  return lintQueue({ id: 'q', definition: { ...plain, ...partial } }, { queues, fallback }, agents);
}

describe('a queue by itself', () => {
  it.each([
    [{ targets: [{}, {}] }, 'targets.0.timeout is missing: the targets after this one could never be reached'],
    [{ targets: [{ timeout: 'PT1M' }] }, 'targets.0.timeout leads nowhere: no target follows'],
    [
      { targets: [{ overflow: { to: 'b' }, timeout: 'PT1M' }, {}] },
      'targets.1 is never reached: targets.0 always leads elsewhere',
    ],
    [{ targets: [{ skipIf: 'queue.waiting > 1' }] }, 'targets.0.skipIf means nothing: no target follows'],
    [
      { targets: [{ overflow: { to: 'b' }, levels: { vip: 3 } }] },
      'targets.0.levels means nothing beside overflow: the item leaves for b',
    ],
    [
      { ranking: { bound: 'PT1H', minutes: { '1': 61 } } },
      'ranking.minutes.1 must not be more than the bound: the rest would not count',
    ],
    [
      { ranking: { minutes: { '2': 300 } } },
      'ranking.minutes.1 must not be less than for priority 2, which is less urgent',
    ],
    [{ ranking: { strict: true, bound: 'PT1H' } }, 'ranking.bound means nothing where priority is strict'],
    [
      {
        split: [
          { queueId: 'b', percent: 60 },
          { queueId: 'c', percent: 50 },
        ],
      },
      'split comes to 110 percent: more than there is',
    ],
    [
      { schedule: { hours: { timeZone: 'Europe/Vienna', hours: [] } } },
      'schedule.hours.hours needs at least one interval',
    ],
    [{ schedule: {} }, 'schedule.hours is missing: hours, or a calendarId, say when it is open'],
    [
      {
        schedule: {
          hours: { timeZone: 'Europe/Vienna', hours: [{ days: ['mon'], from: '09:00', to: '11:00' }] },
          calendarId: 'desk',
        },
      },
      'schedule.calendarId is instead of hours',
    ],
    [
      { fairness: { most: 3, per: 'PT1H', ramp: { for: 'PT1H', most: 3 } } },
      'fairness.ramp.most means nothing: fairness.most is reached first',
    ],
    [{ stale: { after: 'PT0S' } }, 'stale.after must be from one second to a year'],
  ] satisfies [Partial<QueueDefinition>, string][])('given %o, then it is refused', (partial, fault) => {
    expect(check(partial)).toEqual([fault]);
  });

  it('given shares that come to a whole, then they are fine', () => {
    const third = { percent: 100 / 3 };
    expect(check({ split: ['a', 'b', 'c'].map((queueId) => ({ queueId, ...third })) })).toEqual([]);
  });

  it('given requirements that contradict each other, then they are refused, also across target and queue', () => {
    expect(lint({ requirements: 'agent.team == "red" && agent.team == "blue"' }).faults).toMatchObject([
      { field: 'requirements' },
    ]);
    const targets = [{ requirements: 'agent.team == "blue"' }];
    expect(lint({ requirements: 'agent.team == "red"', targets }).faults).toMatchObject([
      { field: 'targets.0.requirements' },
    ]);
    expect(lint({ requirements: 'agent.team == "red" || agent.id == "x"', targets }).faults).toEqual([]);
  });

  it('given a condition over figures that always or never holds, then it is refused', () => {
    const always = [{ skipIf: 'queue.waiting >= 1 || queue.waiting < 1', timeout: 'PT1M' }, {}];
    expect(lint({ targets: always }).faults).toMatchObject([{ field: 'targets.0.skipIf' }]);
    const never = [{ timeout: 'PT1M' }, { overflow: { to: 'b', if: 'queue.waiting > 3 && queue.waiting < 2' } }];
    expect(lint({ targets: never }).faults).toMatchObject([{ field: 'targets.1.overflow.if' }]);
  });
});

describe('a queue among others', () => {
  it('given a calendar that nobody knows, then it is warned: the queue is always open', () => {
    const definition = { ...plain, schedule: { calendarId: 'desk' } };
    const warnings = (calendars: Roster['calendars'], removed?: Roster['removed']) =>
      lintQueue({ id: 'q', definition }, { queues: [], fallback, roster: { teams: new Map(), calendars, removed } }, [])
        .warnings;
    const known = new Map([['desk', always]]);
    expect(warnings(new Map())).toMatchObject([{ field: 'schedule.calendarId' }]);
    expect(warnings(known)).toEqual([]);
    expect(warnings(known, new Set(['other']))).toEqual([]);
    const reason = 'the calendar desk was removed: the queue keeps the hours that it had last';
    expect(warnings(known, new Set(['desk']))).toEqual([{ field: 'schedule.calendarId', reason }]);
  });

  it('given one before it that takes all its cases, then it is warned, unless others send it work', () => {
    const before = { order: 1, match: 'case.priority <= 3' };
    expect(lint({ match: 'case.priority == 2' }, { wall: before }).warnings).toMatchObject([
      { field: 'match', reason: expect.stringContaining('the queue wall takes before it') as string },
    ]);
    expect(lint({ match: 'case.priority == 4' }, { wall: before }).warnings).toEqual([]);
    const feeding = { ...before, targets: [{ overflow: { to: 'q' } }] };
    expect(lint({ match: 'case.priority == 2' }, { wall: feeding }).warnings).toEqual([]);
  });

  it('given others behind it to which it leaves nothing, then it is warned', () => {
    expect(lint({ order: 1 }, { behind: {} }).warnings).toMatchObject([{ field: 'match' }]);
  });

  it('given that no agent meets it, then it is warned; nobody there says nothing', () => {
    const definition = { targets: [{ levels: { vip: 5 }, timeout: 'PT1M' }, { teams: ['blue'] }] };
    expect(lint(definition, {}, [agent('anna', 4)]).warnings.map(({ field }) => field)).toEqual([
      'targets.0',
      'targets.1',
    ]);
    expect(lint(definition, {}, [agent('anna', 5)]).warnings.map(({ field }) => field)).toEqual(['targets.1']);
    expect(lint(definition).warnings).toEqual([]);
    expect(lint({ requirements: 'agent.skills["vip"] > 4' }, {}, [agent('anna', 4)]).warnings).toMatchObject([
      { field: 'requirements' },
    ]);
  });

  it('given queues that are not there, or itself, then each is named', () => {
    const definition: QueueDefinition = {
      ...plain,
      targets: [{ overflow: { to: 'none' } }],
      split: [{ queueId: 'q', percent: 1 }],
      stale: { after: 'P1D', to: 'default' },
    };
    expect(unknownQueues({ id: 'q', definition }, { queues: [], fallback })).toEqual([
      { field: 'targets.0.overflow.to', reason: 'there is no queue none' },
      { field: 'split.0.queueId', reason: 'must be another queue' },
    ]);
  });
});
