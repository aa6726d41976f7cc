import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, namesOf } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import type { PolicyDefinition, RelativeTime } from './state.ts';

/** A house with one policy, and a case opened at eight. */
function opened(policy: Partial<PolicyDefinition>, first: object = {}) {
  const house = createHouse(configurationOf({ own: { order: 1, warnAt: [], ...policy } }));
  const story = createStory(house, first);
  story.opens(at('08:00'));
  return { house, story };
}

describe('a periodic update', () => {
  test('is promised from an agent’s message to the next, until the case is resolved', () => {
    const { house, story } = opened({ targets: { periodicUpdate: 'PT1H' } });
    expect(house.clocks()).toEqual([]);

    story.agentAnswers(at('08:10'));
    story.customerWrites(at('08:20'));
    story.agentAnswers(at('08:40'));
    house.until(at('09:40'));
    story.agentAnswers(at('09:50'));
    story.becomes('resolved', at('10:00'));
    story.becomes('open', at('11:00'));

    expect(house.clocks('periodicUpdate')).toMatchObject([
      { status: 'met', startedAt: at('08:10'), dueAt: at('09:10'), metAt: at('08:40') },
      { status: 'breached', startedAt: at('08:40'), breachedAt: at('09:40'), metAt: at('09:50') },
      { status: 'canceled', startedAt: at('09:50'), canceledAt: at('10:00') },
    ]);
  });
});

describe('waits', () => {
  test('of the requester count while new, open and on hold; the work of agents not on hold', () => {
    const { house, story } = opened({ targets: { requesterWait: 'PT2H', agentWork: 'PT2H' } });

    story.becomes('pending', at('08:30'));
    story.becomes('on-hold', at('09:00'));
    story.becomes('open', at('09:20'));
    house.until(at('12:00'));

    expect(house.clocks()).toMatchObject([
      { target: 'requesterWait', breachedAt: at('10:30') },
      { target: 'agentWork', breachedAt: at('10:50') },
    ]);
  });

  test('are over with the resolution', () => {
    const { house, story } = opened({ targets: { requesterWait: 'PT2H', agentWork: 'PT2H' } });
    story.becomes('resolved', at('09:00'));

    expect(house.clocks().map(({ status }) => status)).toEqual(['met', 'met']);
  });
});

describe('the ownership of a team', () => {
  const targets = { ownership: { byTeam: { night: 'PT1H', default: { 3: 'PT30M' } } } };

  test('is a clock for each stretch, with the time of the team', () => {
    const { house, story } = opened({ targets });

    story.isHeldBy('night', at('08:05'));
    story.isHeldBy('day', at('08:45'));
    story.isHeldBy('night', at('09:30'));
    story.isHeldBy('', at('10:00'));
    story.isHeldBy('day', at('10:05'));
    story.becomes('resolved', at('10:10'));

    expect(house.clocks('ownership')).toMatchObject([
      { team: 'night', status: 'met', startedAt: at('08:05'), dueAt: at('09:05'), metAt: at('08:45') },
      { team: 'day', status: 'breached', startedAt: at('08:45'), breachedAt: at('09:15'), metAt: at('09:30') },
      { team: 'night', status: 'met', metAt: at('10:00') },
      { team: 'day', status: 'met', metAt: at('10:10') },
    ]);
  });

  test('that is told late counts from its own instant', () => {
    const { house, story } = opened({ targets });
    story.isHeldBy('day', at('08:45'));

    story.isHeldBy('night', at('08:05'));

    expect(house.caseOf('case-1').team).toBe('day');
    expect(house.caseOf('case-1').labels).toMatchObject([{}, { team: 'night' }, { team: 'day' }]);
    expect(house.clocks('ownership')).toMatchObject([
      { team: 'day', startedAt: at('08:45'), status: 'running' },
      { team: 'night', startedAt: at('08:05'), status: 'met', metAt: at('08:45') },
    ]);
  });

  test('is charged with no more than it had, though who had the case next is told late', () => {
    const { house, story } = opened({ targets });
    story.isHeldBy('day', at('08:05'));
    story.isHeldBy('night', at('10:00'));
    story.isHeldBy('', at('10:10'));
    expect(house.clocks('ownership')).toMatchObject([{ breachedAt: at('08:35') }, { status: 'met' }]);

    story.isHeldBy('late', at('08:30'));

    const [first, , added] = house.clocks('ownership');
    expect(first).toMatchObject({ team: 'day', status: 'met', metAt: at('08:30') });
    expect(first?.breachedAt).toBeUndefined();
    expect(added).toMatchObject({ team: 'late', startedAt: at('08:30'), breachedAt: at('09:00'), metAt: at('10:00') });
  });

  test('ends where it ended, though that is told after the same team took the case again', () => {
    const { house, story } = opened({ targets });
    story.isHeldBy('night', at('08:05'));
    story.isHeldBy('night', at('09:00'));

    story.isHeldBy('', at('08:30'));

    expect(house.clocks('ownership')).toMatchObject([
      { team: 'night', startedAt: at('08:05'), metAt: at('08:30') },
      { team: 'night', startedAt: at('09:00'), status: 'running' },
    ]);
  });

  test('is met by handing the case to a team that is promised nothing', () => {
    const { house, story } = opened({ targets: { ownership: { byTeam: { night: 'PT1H' } } } });
    story.isHeldBy('night', at('08:05'));
    story.isHeldBy('day', at('08:30'));

    expect(house.clocks()).toMatchObject([{ team: 'night', status: 'met', metAt: at('08:30') }]);
  });

  test('stands still where the policy pauses', () => {
    const { house, story } = opened({ targets });
    story.isHeldBy('night', at('08:00'));
    story.becomes('pending', at('08:30'));
    story.becomes('open', at('09:00'));

    expect(house.clocks('ownership')).toMatchObject([{ dueAt: at('09:30') }]);
  });
});

describe('the vendor', () => {
  test('has a clock for each stretch in its statuses', () => {
    const { house, story } = opened({ targets: { vendor: 'PT1H' }, vendorIn: ['on-hold', 'at-vendor'] });

    story.becomes('on-hold', at('08:30'));
    story.becomes('at-vendor', at('08:50'));
    story.becomes('open', at('09:00'));
    story.becomes('on-hold', at('10:00'));
    story.becomes('resolved', at('11:30'));

    expect(house.clocks('vendor')).toMatchObject([
      { status: 'met', startedAt: at('08:30'), metAt: at('09:00') },
      { status: 'breached', startedAt: at('10:00'), breachedAt: at('11:00'), metAt: at('11:30') },
    ]);
  });
});

describe('pauses', () => {
  test('can be said for each target', () => {
    const pausesByTarget = { firstResponse: ['on-hold'], resolution: [] };
    const { house, story } = opened({ targets: { firstResponse: 'PT1H', resolution: 'PT2H' }, pausesByTarget });
    story.becomes('on-hold', at('08:30'));

    expect(house.clocks().map(({ status }) => status)).toEqual(['paused', 'running']);
  });
});

describe('a target on a day', () => {
  /** Vienna, an hour ahead; the case opens on Monday 2026-11-23 at nine there. */
  const on = (relative: RelativeTime, startedAt: string) => {
    const house = createHouse(
      configurationOf({ own: { order: 1, calendarId: 'office', targets: { resolution: relative } } }),
    );
    createStory(house).opens(startedAt);
    return house.clocks()[0]?.dueAt;
  };

  test.each<[string, RelativeTime, string, string]>([
    ['the end of the next business day', { businessDays: 1, at: 'end' }, at('08:00'), '2026-11-24T16:00:00.000Z'],
    ['over a weekend', { businessDays: 1, at: 'end' }, '2026-11-20T10:00:00.000Z', '2026-11-23T16:00:00.000Z'],
    ['the opening', { businessDays: 2, at: 'start' }, at('08:00'), '2026-11-25T08:00:00.000Z'],
    ['an hour', { businessDays: 1, at: '12:30' }, at('08:00'), '2026-11-24T11:30:00.000Z'],
    ['the end of today', { businessDays: 0, at: 'end' }, at('08:00'), '2026-11-23T16:00:00.000Z'],
    ['of tomorrow, where today is over', { businessDays: 0, at: 'end' }, at('18:00'), '2026-11-24T16:00:00.000Z'],
    ['from a Sunday', { businessDays: 1, at: 'end' }, '2026-11-22T10:00:00.000Z', '2026-11-23T16:00:00.000Z'],
  ])('is %s', (_what, relative, startedAt, due) => {
    expect(on(relative, startedAt)).toBe(due);
  });

  test('does not pause, warns of shares of its open time, and breaches', () => {
    const house = createHouse(
      configurationOf({
        own: { order: 1, calendarId: 'office', warnAt: [0.5], targets: { resolution: { businessDays: 1, at: 'end' } } },
      }),
    );
    const story = createStory(house);
    story.opens(at('08:00'));
    story.becomes('pending', at('09:00'));
    expect(house.clocks()).toMatchObject([{ status: 'running', targetMs: 16 * 3_600_000 }]);

    house.until('2026-11-24T08:30:00.000Z');
    expect(house.clocks()).toMatchObject([{ warned: [0.5] }]);
    house.until('2026-11-24T16:00:00.000Z');
    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: '2026-11-24T16:00:00.000Z' }]);
  });
});

describe('warnings and reminders', () => {
  test('can be of the time that is left', () => {
    const { house } = opened({ targets: { firstResponse: 'PT2H' }, warnAt: [0.5, 'PT30M'] });

    house.until(at('09:30'));

    expect(house.clocks()).toMatchObject([{ warned: [0.5, 'PT30M'] }]);
    expect(house.events.at(-1)).toMatchObject({
      type: 'switchboard.sla.v1.ClockWarned',
      data: { share: 0, before: 'PT30M', late: false, dueAt: at('09:30') },
    });
  });

  const remind = { every: 'PT1H', atMost: 3 };

  test('are said again and again of a broken promise, as often as the policy says', () => {
    const { house } = opened({ targets: { firstResponse: 'PT1H' }, remind });

    house.until(at('23:00'));

    const reminders = house.events.filter(({ type }) => type === 'switchboard.sla.v1.ClockReminded');
    expect(reminders.map(({ data }) => data)).toMatchObject([
      { number: 1, dueAt: at('10:00') },
      { number: 2, dueAt: at('11:00') },
      { number: 3, dueAt: at('12:00') },
    ]);
    expect(house.timers.size).toBe(0);
  });

  test('end with the answer, and stand still with the clock', () => {
    const { house, story } = opened({ targets: { resolution: 'PT1H' }, remind });
    house.until(at('10:00'));
    story.becomes('pending', at('10:30'));
    house.until(at('14:00'));
    story.becomes('open', at('14:00'));
    house.until(at('15:00'));
    story.becomes('resolved', at('15:10'));
    house.until(at('23:00'));

    expect(namesOf(house).filter((name) => name === 'ClockReminded')).toHaveLength(2);
  });

  test('that were missed are caught up with one, marked late with the time it was due', () => {
    const { house } = opened({ targets: { firstResponse: 'PT1H' }, remind });
    const [clock] = house.clocks();
    const clockId = clock?.id ?? '';

    house.tell('breach-clock', { clockId }, at('15:30'));
    house.tell('remind-of-clock', { clockId }, at('15:30'));
    house.tell('remind-of-clock', { clockId }, at('15:30'));
    house.until(at('16:30'));

    expect(house.events.slice(1).map(({ data }) => data)).toMatchObject([
      { late: true, dueAt: at('09:00'), clock: { breachedAt: at('09:00') } },
      { late: true, dueAt: at('10:00'), number: 1 },
      { late: false, dueAt: at('16:30'), number: 2 },
    ]);
  });
});

describe('bots', () => {
  test('answer nobody', () => {
    const { house, story } = opened({ targets: { firstResponse: 'PT1H', nextResponse: 'PT1H' } });
    story.botAnswers(at('08:01'));
    expect(house.clocks()).toMatchObject([{ status: 'running' }]);
  });

  test('answer where the policy lets them, for that policy alone', () => {
    const targets = { firstResponse: 'PT1H', nextResponse: 'PT30M' };
    const house = createHouse(
      configurationOf({
        bots: { order: 1, targets, botAnswers: 'count', continue: true },
        people: { order: 2, targets },
      }),
    );
    const story = createStory(house);
    story.opens(at('08:00'));
    story.botAnswers(at('08:01'));
    story.customerWrites(at('08:05'));
    story.agentAnswers(at('08:20'));

    expect(
      house.clocks().map(({ policyId, target, startedAt, metAt }) => [policyId, target, startedAt, metAt]),
    ).toEqual([
      ['bots', 'firstResponse', at('08:00'), at('08:01')],
      ['people', 'firstResponse', at('08:00'), at('08:20')],
      ['bots', 'nextResponse', at('08:05'), at('08:20')],
    ]);
  });
});

describe('several policies', () => {
  const all = configurationOf({
    urgent: { order: 1, match: 'case.priority == 1', targets: { resolution: 'PT1H' }, continue: true },
    gold: { order: 2, match: 'customer.tier == "gold"', targets: { resolution: 'PT2H' }, continue: true },
    rest: { order: 3, match: 'true', targets: { resolution: 'PT4H', firstResponse: 'PT1H' } },
    never: { order: 4, match: 'true', targets: { resolution: 'PT8H' } },
  });

  test('run side by side while they say so', () => {
    const house = createHouse(all);
    const story = createStory(house, { priority: 1 });
    story.opens(at('08:00'));
    story.becomes('pending', at('08:30'));
    story.becomes('open', at('09:00'));
    story.becomes('resolved', at('09:45'));

    expect(house.clocks().map(({ policyId, target, status }) => [policyId, target, status])).toEqual([
      ['urgent', 'resolution', 'breached'],
      ['rest', 'firstResponse', 'breached'],
      ['rest', 'resolution', 'met'],
    ]);
  });

  test('go over from one to another when the customer becomes known', () => {
    const house = createHouse(all);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.isAttributed(at('08:30'), { tier: 'gold' });

    expect(
      house.clocks().map(({ policyId, target, status, startedAt }) => [policyId, target, status, startedAt]),
    ).toEqual([
      ['rest', 'firstResponse', 'running', at('08:00')],
      ['rest', 'resolution', 'running', at('08:00')],
      ['gold', 'resolution', 'running', at('08:00')],
    ]);
    expect(Object.keys(house.caseOf('case-1').extras?.clocks ?? {}).sort()).toEqual([
      'rest/firstResponse',
      'rest/resolution',
    ]);
  });
});

describe('the calendar', () => {
  const calendarFrom = ['"team-" + team.id', 'customer.tier == "gold" ? "always" : ""'];

  test('can follow team and customer, from the change on', () => {
    const house = createHouse(
      configurationOf(
        { own: { order: 1, calendarId: 'office', calendarFrom, targets: { resolution: 'PT4H' }, warnAt: [] } },
        { office: nine, 'team-night': night },
      ),
    );
    const story = createStory(house);
    // Sixteen o'clock in Vienna: an hour is left that day.
    story.opens(at('15:00'));
    expect(house.clocks()).toMatchObject([{ calendarId: 'office', dueAt: '2026-11-24T11:00:00.000Z' }]);

    story.isHeldBy('night', at('15:30'));
    expect(house.clocks()).toMatchObject([{ calendarId: 'team-night', dueAt: at('22:30') }]);

    story.isAttributed(at('19:30'), { tier: 'gold' });
    story.isHeldBy('day', at('20:00'));
    expect(house.clocks()).toMatchObject([{ calendarId: 'always', dueAt: at('22:30') }]);
  });
});

const week = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const nine = { timeZone: 'Europe/Vienna', hours: [{ days: [...week], from: '09:00', to: '17:00' }] };
const night = { timeZone: 'UTC', hours: [{ days: [...week], from: '19:00', to: '23:00' }] };
