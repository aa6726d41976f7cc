import { compile, matchLanguage } from '@switchboard/rules';
import { describe, expect, test } from 'vitest';
import { at, configurationOf, standardPolicy } from '../../testing/house.ts';
import { checkPolicy } from './check.ts';
import { lintAmong } from './lint-among.ts';
import { ask, lint } from './lint.ts';
import type { PolicyDefinition, StepPromise } from './state.ts';

/** A condition over so many fields that their combinations are more than any number tells apart. */
const manyFields = (count: number, name = 'a', joint = ' || '): string =>
  Array.from({ length: count }, (_, n) => `case.attributes["${name}${String(n)}"] == "x"`).join(joint);

const promise: StepPromise = {
  name: 'a',
  target: 'PT1H',
  start: 'case.status == "open"',
  stop: 'case.status == "closed"',
};
const policy = (patch: object): PolicyDefinition => ({ ...standardPolicy, ...patch });
/** A resolution, or another target, with conditions of its own. */
const refined = (conditions: object, target = 'resolution', patch: object = {}) =>
  policy({ targets: { [target]: 'PT4H' }, conditionsByTarget: { [target]: conditions }, ...patch });
const step = (patch: object) => policy({ promises: [{ ...promise, ...patch }] });

describe('a policy that contradicts itself is refused', () => {
  test.each<[string, PolicyDefinition, string]>([
    ['no case', policy({ match: 'case.priority == 1 && case.priority == 2' }), 'match'],
    [
      'no case, over two fields',
      policy({ match: 'case.priority > 3 && (case.priority < 2 || case.priority == 6)' }),
      'match',
    ],
    ['not in a list', policy({ match: 'case.channel in ["a", "b"] && case.channel == "c"' }), 'match'],
    ['with and without', policy({ match: '"x" in customer.segments && !("x" in customer.segments)' }), 'match'],
    ['present and absent', policy({ match: 'has(case.reason) && !has(case.reason)' }), 'match'],
    ['start inside stop', step({ start: 'case.priority == 1', stop: 'case.priority < 3' }), 'promises.0.start'],
    ['start inside cancel', step({ cancel: 'case.status in ["open", "new"]' }), 'promises.0.start'],
    [
      'start and stop while it is owed',
      refined({ start: 'case.priority == 1', stop: '!(case.status in ["resolved", "closed"])' }),
      'conditionsByTarget.resolution.start',
    ],
    [
      'pause only while it is over',
      refined({ pause: 'case.status == "resolved"' }),
      'conditionsByTarget.resolution.pause',
    ],
    ['start that never holds', step({ start: 'false' }), 'promises.0.start'],
    ['stop that never holds', step({ stop: 'case.priority > 5' }), 'promises.0.stop'],
    ['pause that always holds', step({ pause: 'case.priority > 0' }), 'promises.0.pause'],
    ['reset without start', step({ reset: 'case.status == "pending"' }), 'promises.0.reset'],
    [
      'a relative target that pauses',
      step({ target: { businessDays: 1, at: 'end' }, pauseIn: ['pending'] }),
      'promises.0.pauseIn',
    ],
    [
      'a relative target that pauses',
      policy({ targets: { resolution: { businessDays: 1, at: 'end' } }, pausesByTarget: { resolution: ['pending'] } }),
      'pausesByTarget.resolution',
    ],
    ['a warning before the start', policy({ warnAt: ['P2D'] }), 'warnAt.0'],
    ['a warning before the start', step({ warnAt: ['PT1H'] }), 'promises.0.warnAt.0'],
    [
      'an hour that is none',
      policy({ targets: { resolution: { businessDays: 1, at: '25:00' } } }),
      'targets.resolution.at',
    ],
    [
      'a team’s time of nothing',
      policy({ targets: { ownership: { byTeam: { a: 'PT0S' } } } }),
      'targets.ownership.byTeam.a',
    ],
    ['pauses before no start', step({ retroactivePauses: true }), 'promises.0.retroactivePauses'],
    ['an instant that is none', step({ startFrom: 'case.subject' }), 'promises.0.startFrom'],
    ['a calendar that is no text', policy({ calendarFrom: ['case.priority'] }), 'calendarFrom.0'],
    ['a promise twice', policy({ promises: [promise, promise] }), 'promises.1.name'],
    ['resume without pause', step({ resume: 'true' }), 'promises.0.resume'],
    ['pauses in every status', policy({ pauseIn: ['new', 'open', 'pending', 'on-hold'] }), 'pauseIn'],
    [
      'pauses of a target in every status',
      policy({ targets: { requesterWait: 'PT1H' }, pausesByTarget: { requesterWait: ['open', 'on-hold', 'pending'] } }),
      'pausesByTarget.requesterWait',
    ],
    [
      'a vendor’s clock that pauses where it runs',
      policy({ targets: { vendor: 'PT1H' }, vendorIn: ['at-vendor'], pausesByTarget: { vendor: ['at-vendor'] } }),
      'pausesByTarget.vendor',
    ],
    [
      'a promise that pauses in every status',
      step({ pauseIn: ['open', 'pending', 'on-hold', 'resolved'] }),
      'promises.0.pauseIn',
    ],
    ['pause inside resume', step({ pause: 'case.status == "pending"', resume: 'true' }), 'promises.0.pause'],
    ['more than a year', policy({ targets: { resolution: 'P9999W' } }), 'targets.resolution'],
    ['a target’s start that never holds', refined({ start: 'false' }), 'conditionsByTarget.resolution.start'],
    [
      'a start when nothing is owed any more',
      refined({ start: 'case.status == "resolved"' }),
      'conditionsByTarget.resolution.start',
    ],
    [
      'a target’s start inside stop',
      refined({ start: 'case.priority == 1', stop: 'case.priority < 3' }),
      'conditionsByTarget.resolution.start',
    ],
    [
      'a cancel that holds whenever it is owed',
      refined({ cancel: 'case.status != "resolved"' }, 'firstResponse'),
      'conditionsByTarget.firstResponse.cancel',
    ],
    [
      'one of stop and cancel that holds whenever it is owed',
      refined({ stop: 'case.priority < 3', cancel: 'case.priority >= 3' }),
      'conditionsByTarget.resolution.stop',
    ],
    [
      'a start inside stop and cancel together',
      step({ start: 'case.priority < 4', stop: 'case.priority < 3', cancel: 'case.priority in [3, 4]' }),
      'promises.0.start',
    ],
    [
      'a pause that holds whenever the clock could count',
      refined({ pause: 'case.status in ["new", "open"]' }, 'agentWork'),
      'conditionsByTarget.agentWork.pause',
    ],
    [
      'a pause in all that is the vendor’s',
      refined({ pause: 'case.status == "at-vendor"' }, 'vendor', { vendorIn: ['at-vendor'] }),
      'conditionsByTarget.vendor.pause',
    ],
    [
      'a target that is due on a day and pauses',
      refined({ pause: 'case.priority == 1' }, 'resolution', {
        targets: { resolution: { businessDays: 1, at: 'end' } },
      }),
      'conditionsByTarget.resolution.pause',
    ],
    [
      'an answer that is asked for anew',
      refined({ reset: 'case.priority == 1' }, 'firstResponse'),
      'conditionsByTarget.firstResponse.reset',
    ],
    [
      'a hand-over that a condition ends',
      refined({ stop: 'case.priority == 1' }, 'ownership'),
      'conditionsByTarget.ownership.stop',
    ],
    [
      'a target’s condition that does not compile',
      refined({ pause: 'case.colour == 1' }),
      'conditionsByTarget.resolution.pause',
    ],
    [
      'a target’s pauses before no start',
      refined({ retroactivePauses: true }),
      'conditionsByTarget.resolution.retroactivePauses',
    ],
    ['reminders without a pause', policy({ remind: { every: 'PT0S', atMost: 1 } }), 'remind.every'],
  ])('%s', (_what, definition, field) => {
    expect(checkPolicy(definition)).toMatchObject([{ field }]);
  });
});

describe('what only examples say, or somebody may mean, is a warning', () => {
  test.each<[string, PolicyDefinition, string]>([
    ['patterns', policy({ match: 'case.subject.startsWith("a") && case.subject == "b"' }), 'match'],
    [
      'a start inside stop',
      step({ start: 'case.subject == "abc"', stop: 'case.subject.contains("b")' }),
      'promises.0.start',
    ],
    ['no promise', policy({ targets: {} }), 'targets'],
    ['a time for no priority', policy({ targets: { resolution: {} } }), 'targets.resolution'],
    ['a time for no team', policy({ targets: { ownership: { byTeam: { a: {} } } } }), 'targets.ownership'],
    ['a promise for no priority', step({ target: {} }), 'promises.0.target'],
    [
      'conditions of what is not promised',
      policy({ conditionsByTarget: { vendor: { pause: 'case.priority == 1' } } }),
      'conditionsByTarget.vendor',
    ],
    ['a warning before some starts', policy({ warnAt: ['PT2H'] }), 'warnAt.0'],
  ])('%s', (_what, definition, field) => {
    expect(checkPolicy(definition)).toEqual([]);
    expect(lint(definition).warnings).toMatchObject([{ field }]);
  });
});

test.each([
  ['plain', policy({})],
  [
    'everything',
    step({ pause: 'case.status == "pending"', cancel: 'case.priority == 5', reset: 'case.priority == 1' }),
  ],
  [
    'conditions of targets',
    refined({
      start: 'case.priority <= 3',
      pause: 'case.status == "waiting" || case.attributes["a"] == "b"',
      resume: 'case.attributes["a"] == "c"',
      stop: 'case.status == "solved"',
      cancel: 'case.reason == "x"',
      reset: 'case.priority == 1',
    }),
  ],
  ['an answer by resolving', refined({ stop: 'case.status == "resolved"' }, 'firstResponse')],
  ['texts', policy({ match: 'contact.text.matches("(?i)help") && customer.tier == "gold"' })],
  ['many fields', policy({ match: manyFields(34) })],
  ['attributes', policy({ match: 'case.attributes["a"] == "b" || has(case.attributes.c)' })],
])('nothing is said of a policy that is fine: %s', (_what, definition) => {
  expect(checkPolicy(definition)).toEqual([]);
  expect(lint(definition).warnings).toEqual([]);
});

test('a reset of what counts from an instant of its own is warned of', () => {
  const { faults, warnings } = lint(refined({ reset: 'case.priority == 1', startFrom: 'case.openedAt' }));
  expect(faults).toEqual([]);
  expect(warnings).toMatchObject([{ field: 'conditionsByTarget.resolution.reset' }]);
});

test('conditions with more combinations than can be tried are tried for a while, then nothing is said of them', () => {
  const unlikely = manyFields(30, 'a', ' && ');
  const hard = { start: unlikely, stop: unlikely, pause: unlikely, resume: unlikely, cancel: unlikely };
  const promises = Array.from({ length: 4 }, (_, n) => ({ ...promise, ...hard, name: `p${String(n)}` }));
  expect(lint(policy({ promises })).warnings.length).toBeLessThan(4 * 5);

  const compiled = compile(matchLanguage, unlikely);
  if (!compiled.ok) throw new Error('refused');
  expect(ask([compiled.expression], ([holds]) => holds === true, { left: 100_000 })).toEqual({
    found: true,
    complete: false,
  });
});

describe('among other policies', () => {
  const now = new Date(at('08:00'));
  const others = configurationOf({
    all: { order: 50, match: 'true' },
    urgent: { order: 10, match: 'case.priority <= 2' },
    side: { order: 1, match: 'true', continue: true },
  });

  test('one that is never reached is refused', () => {
    const { faults } = lintAmong(
      { id: 'late', definition: policy({ order: 60, match: 'case.priority == 4' }) },
      others,
      now,
    );
    expect(faults).toMatchObject([{ field: 'order', reason: expect.stringContaining('all') as string }]);
    expect(lintAmong({ id: 'early', definition: policy({ order: 5 }) }, others, now).faults).toEqual([]);
  });

  test('one whose cases another takes, or that takes those of others, is warned of', () => {
    const inside = lintAmong({ id: 'x', definition: policy({ order: 20, match: 'case.priority == 1' }) }, others, now);
    const around = lintAmong({ id: 'x', definition: policy({ order: 5, match: 'case.priority <= 3' }) }, others, now);
    const fine = lintAmong({ id: 'x', definition: policy({ order: 5, match: 'case.channel == "a"' }) }, others, now);

    expect(inside.warnings).toMatchObject([{ field: 'match', reason: expect.stringContaining('urgent') as string }]);
    expect(around.warnings).toMatchObject([{ field: 'match', reason: expect.stringContaining('urgent') as string }]);
    expect(fine).toEqual({ faults: [], warnings: [] });
  });

  test('a day on which a calendar that is closed for ever opens is refused', () => {
    const shifts = [{ start: '2020-01-01T09:00', duration: 'PT8H', rule: 'FREQ=DAILY;COUNT=10' }];
    const configuration = configurationOf({}, { over: { timeZone: 'UTC', hours: [], shifts } });
    const target = { businessDays: 1, at: 'end' };
    const definition = { ...step({ target }), calendarId: 'over', targets: { resolution: target } };

    expect(lintAmong({ id: 'x', definition }, configuration, now).faults).toMatchObject([
      { field: 'targets.resolution' },
      { field: 'promises.0.target' },
    ]);
    expect(
      lintAmong({ id: 'x', definition: { ...definition, calendarId: 'office' } }, configurationOf(), now).faults,
    ).toEqual([]);
  });

  test('two that are over more fields together than can be tried are both accepted', () => {
    const one = configurationOf({ one: { order: 10, match: manyFields(17, 'a') } });
    const definition = policy({ order: 20, match: manyFields(17, 'b') });
    expect(lintAmong({ id: 'other', definition }, one, now).faults).toEqual([]);
  });

  test('a calendar that never opens, or is not there, is refused', () => {
    const closed = { timeZone: 'UTC', hours: [{ days: ['mon'] as const, from: '09:00', to: '09:01' }] };
    const configuration = configurationOf({}, { rare: closed });
    const definition = policy({ calendarId: 'rare', targets: { resolution: 'P30D' }, calendarFrom: ['"nowhere"'] });

    expect(lintAmong({ id: 'x', definition }, configuration, now).faults).toMatchObject([
      { field: 'targets.resolution' },
      { field: 'calendarFrom.0' },
    ]);
  });
});
