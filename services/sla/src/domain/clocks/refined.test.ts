/** Targets whose own course is refined by conditions. */
import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, namesOf } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import type { RepairReply } from '../repair/handlers.ts';
import { labelled } from './segments.ts';
import type { ClockConditions, PlainTarget, PolicyDefinition } from '../policies/state.ts';

const step = (name: string): string => `case.attributes["step"] == "${name}"`;

function opened(target: PlainTarget, conditions: ClockConditions, patch: Partial<PolicyDefinition> = {}) {
  const configured = (own: ClockConditions, more: Partial<PolicyDefinition> = {}) =>
    configurationOf({
      own: {
        order: 1,
        warnAt: [],
        targets: { [target]: 'PT4H' },
        conditionsByTarget: { [target]: own },
        ...patch,
        ...more,
      },
    });
  const house = createHouse(configured(conditions));
  const story = createStory(house, { attributes: { step: '' } });
  story.opens(at('08:00'));
  const becomes = (name: string, time: string, more: object = {}) => {
    story.changes({ attributes: { step: name }, ...more }, at(time));
  };
  const lives = () =>
    house.clocks(target).map(({ status, startedAt, metAt, canceledAt }) => [status, startedAt, metAt ?? canceledAt]);
  return { house, story, becomes, lives, configured };
}

describe('a resolution with conditions of its own', () => {
  test('begins when start comes to hold, not with the case', () => {
    const { becomes, lives, house } = opened('resolution', { start: step('triaged') });
    expect(lives()).toEqual([]);
    becomes('triaged', '09:00');
    becomes('working', '09:10');
    expect(house.clocks()).toMatchObject([{ status: 'running', startedAt: at('09:00'), dueAt: at('13:00') }]);
  });

  test('begins with the case where start holds from the first', () => {
    const { lives } = opened('resolution', { start: 'case.priority == 3' });
    expect(lives()).toEqual([['running', at('08:00'), undefined]]);
  });

  test('stands still while pause holds, and in its statuses, and says which it was', () => {
    const { becomes, house } = opened('resolution', { pause: step('parts') });
    becomes('parts', '09:00');
    becomes('parts', '09:20', { status: 'pending' });
    becomes('', '09:40', { status: 'pending' });
    becomes('', '10:00', { status: 'open' });
    becomes('', '10:30', { status: 'on-hold' });
    becomes('', '11:00', { status: 'open' });

    const [clock] = house.clocks();
    expect(clock).toMatchObject({ status: 'running', dueAt: at('13:30') });
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockPaused', 'ClockResumed', 'ClockPaused', 'ClockResumed']);
    if (clock === undefined) throw new Error('no clock began');
    const segments = labelled(clock, house.caseOf('case-1'), house.configuration);
    expect(segments.map(({ from, reason }) => [from, reason])).toEqual([
      [at('08:00'), undefined],
      [at('09:00'), 'condition'],
      [at('10:00'), undefined],
      [at('10:30'), 'on-hold'],
      [at('11:00'), undefined],
    ]);
  });

  test('goes on when resume holds, where there is one', () => {
    const { becomes, house } = opened('resolution', { pause: step('parts'), resume: step('there') });
    becomes('parts', '09:00');
    becomes('', '09:30');
    expect(house.clocks()).toMatchObject([{ status: 'paused' }]);
    becomes('there', '10:00');
    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('13:00') }]);
  });

  test('is met by stop as well, and begins anew when that no longer holds', () => {
    const { becomes, lives } = opened('resolution', { stop: step('workaround') });
    becomes('workaround', '09:00');
    becomes('', '10:00');
    becomes('', '11:00', { status: 'resolved' });
    expect(lives()).toEqual([
      ['met', at('08:00'), at('09:00')],
      ['met', at('10:00'), at('11:00')],
    ]);
  });

  test('is withdrawn by cancel, also by the fact that resolves the case', () => {
    const { becomes, lives } = opened('resolution', { cancel: step('duplicate') });
    becomes('duplicate', '09:00', { status: 'resolved' });
    expect(lives()).toEqual([['canceled', at('08:00'), at('09:00')]]);
  });

  test('begins anew when reset comes to hold, once each time', () => {
    const { becomes, lives } = opened('resolution', { reset: step('moved') });
    becomes('moved', '09:00');
    becomes('moved', '09:10', { priority: 2 });
    becomes('', '09:20');
    becomes('moved', '09:30');
    expect(lives()).toEqual([
      ['met', at('08:00'), at('09:00')],
      ['met', at('09:00'), at('09:30')],
      ['running', at('09:30'), undefined],
    ]);
  });

  test.each([
    [true, '12:15'],
    [false, '11:45'],
  ])('counts from an earlier instant; pauses since then are taken off: %s', (retroactivePauses, due) => {
    const since = { startFrom: 'timestamp(case.attributes["since"])', retroactivePauses };
    const { story, house } = opened('resolution', { start: step('triaged'), ...since });
    story.changes({ status: 'pending' }, at('08:20'));
    story.changes({ status: 'open' }, at('08:50'));
    story.changes({ attributes: { step: 'triaged', since: '2026-11-23T07:45:00Z' } }, at('09:00'));
    story.changes({ subject: 'Still broken' }, at('09:10'));
    expect(house.clocks()).toMatchObject([{ startedAt: at('07:45'), dueAt: at(due) }]);
  });

  test('stays as conditions held it when it is repaired, and follows today’s statuses', () => {
    const { becomes, house, configured } = opened('resolution', { pause: step('parts') });
    becomes('parts', '09:00');
    becomes('', '09:30');
    becomes('', '10:00', { status: 'on-hold' });
    becomes('', '10:30', { status: 'open' });
    const repair = () =>
      house.tell(
        'repair-clocks',
        { scope: { caseId: 'case-1' }, after: '', dryRun: false },
        at('11:00'),
      ) as RepairReply;
    expect(repair().items).toEqual([]);

    house.configure(configured({ pause: step('parts') }, { pauseIn: ['pending'] }));
    expect(repair().items).toMatchObject([{ changed: ['dueAt', 'elapsedMs', 'remainingMs'] }]);
    expect(house.clocks()).toMatchObject([{ dueAt: at('12:30') }]);

    house.configure(configured({}, { pauseIn: ['pending'] }));
    repair();
    expect(house.clocks()).toMatchObject([{ dueAt: at('12:00') }]);
  });

  test('that conditions began late is another one when the case is reopened', () => {
    const { becomes, lives } = opened('resolution', { start: step('triaged'), startFrom: 'case.openedAt' });
    becomes('triaged', '09:00');
    becomes('triaged', '10:00', { status: 'resolved' });
    becomes('triaged', '11:00', { status: 'open' });
    expect(lives()).toEqual([
      ['met', at('08:00'), at('10:00')],
      ['running', at('08:00'), undefined],
    ]);
  });
});

describe('a first response with conditions of its own', () => {
  test('is met by stop, unless an answer told later was earlier', () => {
    const { becomes, lives, story } = opened('firstResponse', { stop: step('acknowledged') });
    becomes('acknowledged', '09:00');
    expect(lives()).toEqual([['met', at('08:00'), at('09:00')]]);
    story.isAccepted(at('08:30'), 'phone');
    expect(lives()).toEqual([['met', at('08:00'), at('08:30')]]);
  });

  test('is met by what resolves the case, where stop says so', () => {
    const { becomes, lives } = opened('firstResponse', { stop: 'case.status == "resolved"' });
    becomes('', '09:00', { status: 'resolved' });
    expect(lives()).toEqual([['met', at('08:00'), at('09:00')]]);
  });

  test('is kept by the earliest of the answers that are told after stop, in whichever order', () => {
    const { becomes, lives, story } = opened('firstResponse', { stop: step('acknowledged') });
    becomes('acknowledged', '09:00');
    story.isAccepted(at('08:30'), 'phone');
    story.isAccepted(at('08:20'), 'phone');
    story.isAccepted(at('08:25'), 'phone');
    expect(lives()).toEqual([['met', at('08:00'), at('08:20')]]);
  });

  test('that conditions began after an answer which is told later is withdrawn', () => {
    const { becomes, lives, story } = opened('firstResponse', { start: step('triaged') });
    becomes('triaged', '09:00');
    story.isAccepted(at('08:30'), 'phone');
    expect(lives()).toEqual([['canceled', at('09:00'), at('09:00')]]);
  });
});

test('a message that stop answered was not answered by a call before it', () => {
  const { becomes, lives, story } = opened('nextResponse', { stop: step('acknowledged') });
  story.agentAnswers(at('08:05'));
  story.customerWrites(at('08:10'));
  becomes('acknowledged', '09:00');
  story.isAccepted(at('08:07'), 'phone');
  expect(lives()).toEqual([['met', at('08:10'), at('09:00')]]);
});

test.each([
  ['what labels know', 'case.priority == 3'],
  ['what else conditions read', step('parts')],
])('a clock that stands still when its case opens has stood still before that: by %s', (_, pause) => {
  const since = { startFrom: 'timestamp(case.attributes["since"])', retroactivePauses: true };
  const own = { order: 1, targets: { resolution: 'PT4H' }, conditionsByTarget: { resolution: { ...since, pause } } };
  const house = createHouse(configurationOf({ own }));
  createStory(house, { attributes: { step: 'parts', since: at('02:00') } }).opens(at('08:00'));
  expect(house.clocks()).toMatchObject([{ status: 'paused', startedAt: at('02:00'), segments: [] }]);
});

describe('what is promised only later', () => {
  const gold = (conditions: ClockConditions): Record<string, Partial<PolicyDefinition>> => ({
    default: { targets: {} },
    gold: {
      order: 1,
      match: 'customer.tier == "gold"',
      warnAt: [],
      targets: { resolution: 'PT4H' },
      conditionsByTarget: { resolution: conditions },
    },
  });
  /** The case changes, then its customer becomes known, and with that the policy is chosen. */
  function chosen(policies: Record<string, Partial<PolicyDefinition>>, begins = configurationOf(policies)) {
    const house = createHouse(begins);
    const story = createStory(house, { attributes: { step: '' } });
    story.opens(at('08:00'));
    story.changes({ attributes: { step: 'there' } }, at('09:00'));
    house.configure(configurationOf(policies));
    story.isAttributed(at('10:00'), { tier: 'gold' });
    return { house, story };
  }

  test('counts from when start came to hold, not from the opening', () => {
    const { house } = chosen(gold({ start: step('there') }));
    expect(house.clocks()).toMatchObject([{ status: 'running', startedAt: at('09:00'), dueAt: at('13:00') }]);
  });

  test('stands still from when pause came to hold', () => {
    const { house, story } = chosen(gold({ pause: step('there') }));
    const segments = [{ from: at('08:00'), to: at('09:00') }];
    expect(house.clocks()).toMatchObject([{ status: 'paused', segments, extras: { held: [{ from: at('09:00') }] } }]);
    story.changes({ attributes: { step: '' } }, at('11:00'));
    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('14:00') }]);
  });

  test('stands still from when that is known, where the case was opened without such policies', () => {
    const { house } = chosen(gold({ pause: step('there') }), configurationOf({ default: { targets: {} } }));
    const segments = [{ from: at('08:00'), to: at('10:00') }];
    expect(house.clocks()).toMatchObject([{ status: 'paused', segments, extras: { held: [{ from: at('10:00') }] } }]);
  });

  test('of a step promise counts from when start came to hold as well', () => {
    const promise = { name: 'towing', target: 'PT4H', start: step('there'), stop: step('towed') };
    const { house } = chosen({
      default: { targets: {} },
      gold: { order: 1, match: 'customer.tier == "gold"', warnAt: [], targets: {}, promises: [promise] },
    });
    expect(house.clocks()).toMatchObject([{ name: 'towing', startedAt: at('09:00'), dueAt: at('13:00') }]);
  });

  test('at another priority counts from when start came to hold', () => {
    const times = { targets: { resolution: { 3: 'PT4H' } } };
    const { becomes, house } = opened('resolution', { start: step('triaged') }, times);
    becomes('', '08:10', { priority: 2 });
    becomes('triaged', '09:00');
    expect(house.clocks()).toEqual([]);
    becomes('triaged', '10:00', { priority: 3 });
    expect(house.clocks()).toMatchObject([{ startedAt: at('09:00'), dueAt: at('13:00') }]);
  });

  test('again, at a priority that comes back, goes on with what was used', () => {
    const times = { targets: { resolution: { 3: 'PT4H' } } };
    const conditions = { start: step('triaged'), pause: 'case.reason == "parts"' };
    const { becomes, lives, house } = opened('resolution', conditions, times);
    becomes('triaged', '09:00');
    becomes('', '09:30', { reason: 'parts' });
    becomes('', '10:00', { priority: 2 });
    becomes('', '10:20', { reason: '' });
    becomes('', '10:40', { priority: 3 });
    expect(lives()).toEqual([
      ['canceled', at('09:00'), at('10:00')],
      ['running', at('09:00'), undefined],
    ]);
    const segments = [{ from: at('09:00'), to: at('09:30') }, { from: at('10:20') }];
    expect(house.clocks()[1]).toMatchObject({ segments, dueAt: at('13:50') });
  });

  test('to a team whose stretch is told late stands still as it would have', () => {
    const { becomes, house, story } = opened('ownership', { pause: step('parts') });
    becomes('parts', '09:00');
    becomes('', '10:00');
    story.isHeldBy('billing', at('11:00'));
    story.isHeldBy('claims', at('08:30'));
    const segments = [
      { from: at('08:30'), to: at('09:00') },
      { from: at('10:00'), to: at('11:00') },
    ];
    expect(house.clocks().find(({ team }) => team === 'claims')).toMatchObject({ segments, metAt: at('11:00') });
  });
});

test.each<[PlainTarget, (story: ReturnType<typeof opened>['story']) => void]>([
  [
    'ownership',
    (story) => {
      story.isHeldBy('billing', at('08:10'));
    },
  ],
  [
    'vendor',
    (story) => {
      story.becomes('on-hold', at('08:10'));
    },
  ],
  [
    'nextResponse',
    (story) => {
      story.agentAnswers(at('08:05'));
      story.customerWrites(at('08:10'));
    },
  ],
  [
    'periodicUpdate',
    (story) => {
      story.agentAnswers(at('08:10'));
    },
  ],
  ['requesterWait', () => undefined],
  ['agentWork', () => undefined],
])('%s stands still while its pause holds', (target, begins) => {
  const { becomes, house, story } = opened(target, { pause: step('parts') });
  begins(story);
  const due = house.clocks(target)[0]?.dueAt ?? '';
  becomes('parts', '09:00');
  expect(house.clocks(target)).toMatchObject([{ status: 'paused' }]);
  becomes('', '09:30');
  expect(Date.parse(house.clocks(target)[0]?.dueAt ?? '') - Date.parse(due)).toBe(30 * 60_000);
});

test('a policy that reads what a customer wrote is asked of it, though it is newer than the case', () => {
  const promises = [{ name: 'call', target: 'PT1H', start: 'contact.text.contains("broke")', stop: step('called') }];
  const gold = { order: 0, match: 'customer.tier == "gold"', warnAt: [], targets: {}, promises };
  const own = {
    order: 1,
    warnAt: [],
    targets: {},
    promises: [{ name: 'towing', target: 'PT4H', start: step('towing'), stop: step('done') }],
  };
  const house = createHouse(configurationOf({ own }));
  const story = createStory(house, { attributes: { step: '' } });
  story.opens(at('08:00'));
  house.configure(configurationOf({ own, gold }));

  story.isAttributed(at('08:01'), { tier: 'gold' });

  expect(house.clocks().map(({ name }) => name)).toContain('call');
});
