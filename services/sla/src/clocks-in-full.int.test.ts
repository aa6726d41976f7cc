/** Policies in full and their clocks, over REST and the bus. */
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory, customerSnapshot } from './testing/snapshots.ts';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

interface Clock {
  readonly id: string;
  readonly policyId: string;
  readonly target: string;
  readonly name?: string;
  readonly team?: string;
  readonly status: string;
  readonly startedAt: string;
  readonly dueAt?: string;
  readonly reminded?: number;
  readonly segments: readonly Record<string, unknown>[];
}

const MINUTE = 60_000;
let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla();
});
afterAll(() => sla.stop());

const now = (): string => sla.now();
const moveOn = (minutes: number): Promise<void> => sla.moveOn(minutes);
const later = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * MINUTE).toISOString();

async function clocksOf(query: string): Promise<Clock[]> {
  const { status, body } = await sla.call('GET', `/v1/clocks?${query}`);
  expect(status).toBe(200);
  return body['items'] as Clock[];
}

/** A policy for one case alone. */
const policyOf = (id: string, policy: object) => ({
  order: 10,
  match: `case.id == "${id}"`,
  calendarId: 'always',
  ...policy,
});

/** What was said of a case's clocks. */
const saidOf = (id: string) =>
  sla.said.filter(({ data }) => 'clock' in data && data.clock.caseId === id).map(({ type, data }) => ({ type, data }));

describe('a policy in full', () => {
  const full = policyOf('full', {
    continue: true,
    calendarFrom: ['"team-" + team.id'],
    targets: {
      firstResponse: { businessDays: 1, at: 'end' },
      ownership: { byTeam: { night: 'PT1H', default: { 1: 'PT45M' } } },
      vendor: 'P1D',
    },
    warnAt: [0.5, 'PT30M'],
    pausesByTarget: { vendor: ['pending'] },
    vendorIn: ['on-hold', 'at-vendor'],
    promises: [{ name: 'towing', target: 'PT1H', start: 'case.priority == 1', stop: 'case.priority == 5' }],
    botAnswers: 'count',
    remind: { every: 'PT1H', atMost: 3 },
  });

  test('is kept as it was given; what only looks wrong is told with it', async () => {
    const created = await sla.call('PUT', '/v1/policies/full', full);
    expect(created).toMatchObject({ status: 201, body: { id: 'full', ...full } });
    expect(created.body).not.toHaveProperty('warnings');
    const read = await sla.call('GET', '/v1/policies/full');
    expect(read).toMatchObject({ status: 200, body: full });

    const odd = policyOf('odd', {
      match: 'case.subject.startsWith("a") && case.subject == "b"',
      targets: { resolution: 'PT1H' },
    });
    const answer = await sla.call('PUT', '/v1/policies/odd', odd);
    expect(answer).toMatchObject({ status: 201, body: { warnings: [{ field: 'match' }] } });
    expect((await sla.call('GET', '/v1/policies/odd')).body).not.toHaveProperty('warnings');
    await sla.call('DELETE', '/v1/policies/odd');
  });

  test.each([
    ['conditions that contradict each other', { match: 'case.priority == 1 && case.priority == 2' }, 'match'],
    [
      'a start inside its stop',
      { promises: [{ name: 'a', target: 'PT1H', start: 'case.priority == 1', stop: 'true' }] },
      'promises.0.start',
    ],
    [
      'a pause that always holds',
      {
        promises: [
          { name: 'a', target: 'PT1H', start: 'case.priority == 1', stop: 'case.priority == 2', pause: 'true' },
        ],
      },
      'promises.0.pause',
    ],
    ['a day that is none', { targets: { resolution: { businessDays: -1, at: 'end' } } }, 'targets.resolution'],
    ['an hour that is none', { targets: { resolution: { businessDays: 1, at: 'noon' } } }, 'targets.resolution.at'],
    ['a warning before the start', { targets: { resolution: 'PT1H' }, warnAt: ['PT2H'] }, 'warnAt.0'],
    ['a calendar that is not there', { calendarFrom: ['"nowhere"'] }, 'calendarFrom.0'],
  ])('is refused with %s', async (_what, patch, field) => {
    const answer = await sla.call('PUT', '/v1/policies/bad', policyOf('bad', { targets: {}, ...patch }));

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body', errors: [{ field }] } });
    expect((await sla.call('GET', '/v1/policies/bad')).status).toBe(404);
  });

  test('is refused where no case gets as far, which is said', async () => {
    await sla.call('PUT', '/v1/policies/wall', { order: 900, match: 'true', calendarId: 'always', targets: {} });
    const answer = await sla.call('PUT', '/v1/policies/behind', policyOf('behind', { order: 901, targets: {} }));
    await sla.call('DELETE', '/v1/policies/wall');

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'order' }] } });
    expect(answer.body['detail']).toContain('wall');
  });
});

describe('clocks', () => {
  test('of several policies run side by side, labelled second by second, and are found by team and customer', async () => {
    const id = 'side-by-side';
    const targets = { ownership: { byTeam: { night: 'PT1H' } }, resolution: 'PT4H' };
    await sla.call('PUT', '/v1/policies/one', policyOf(id, { targets, continue: true }));
    await sla.call('PUT', '/v1/policies/two', policyOf(id, { order: 11, targets: { resolution: 'PT8H' } }));
    const story = createStory(sla, { id });
    const start = now();
    story.opens(start);
    story.isHeldBy('night', later(start, 1));
    story.isAttributed(later(start, 2), { id: 'customer-9', tier: 'gold' });
    story.becomes('pending', later(start, 3));
    story.becomes('open', later(start, 4));

    const found = await eventually(async () => {
      const clocks = await clocksOf(`caseId=${id}`);
      expect(
        clocks.find(({ policyId, target }) => policyId === 'one' && target === 'resolution')?.segments,
      ).toHaveLength(5);
      return clocks;
    });

    expect(found.map(({ policyId, target }) => `${policyId} ${target}`).sort()).toEqual([
      'one ownership',
      'one resolution',
      'two resolution',
    ]);
    const [first] = found.filter(({ policyId, target }) => policyId === 'one' && target === 'resolution');
    const always = { calendarId: 'always', calendarVersion: 1, priority: 3, policyId: 'one' };
    expect(first?.segments).toMatchObject([
      { from: start, state: 'counting', ...always },
      { from: later(start, 1), state: 'counting', team: 'night' },
      { from: later(start, 2), state: 'counting', team: 'night', tier: 'gold' },
      { from: later(start, 3), to: later(start, 4), state: 'paused', reason: 'pending', tier: 'gold' },
      { from: later(start, 4), state: 'counting', team: 'night' },
    ]);
    expect(first?.dueAt).toBe(later(start, 4 * 60 + 1));
    const byTeam = await clocksOf('team=night&target=ownership');
    expect(byTeam).toMatchObject([{ caseId: id, team: 'night', policyId: 'one' }]);
    expect(await clocksOf('customerId=customer-9&policyId=two')).toHaveLength(1);
    expect(await clocksOf('team=day')).toEqual([]);
  });

  test('of a step begin, are kept, and remind when broken', async () => {
    const id = 'steps';
    const promises = [{ name: 'towing', target: 'PT30M', start: 'case.priority == 1', stop: 'case.priority == 5' }];
    const remind = { every: 'PT1H', atMost: 2 };
    await sla.call('PUT', '/v1/policies/steps', policyOf(id, { targets: {}, promises, remind, warnAt: ['PT10M'] }));
    const story = createStory(sla, { id });
    story.opens(now());
    story.getsPriority(1, now());
    await eventually(async () => {
      expect(await clocksOf(`caseId=${id}&target=promise&name=towing`)).toMatchObject([{ status: 'running' }]);
    });

    await moveOn(31);
    await eventually(() => {
      expect(saidOf(id).map(({ type }) => type.split('.').at(-1))).toEqual([
        'ClockStarted',
        'ClockWarned',
        'ClockBreached',
      ]);
    });
    await moveOn(60);
    await eventually(async () => {
      expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ status: 'breached', reminded: 1 }]);
    });

    await eventually(() => {
      expect(saidOf(id)).toMatchObject([
        {},
        { data: { before: 'PT10M', share: 0 } },
        { data: { clock: { name: 'towing', target: 'promise' } } },
        { type: 'switchboard.sla.v1.ClockReminded', data: { number: 1 } },
      ]);
    });
  });

  test('that fell due while the service was away are told of once, as late, with the true time', async () => {
    const id = 'away';
    await sla.call('PUT', '/v1/policies/away', policyOf(id, { targets: { resolution: 'PT20M' }, warnAt: [] }));
    const story = createStory(sla, { id });
    const start = now();
    story.opens(start);
    await eventually(async () => {
      expect(await clocksOf(`caseId=${id}`)).toHaveLength(1);
    });

    await moveOn(90);
    await sla.restart();

    await eventually(() => {
      expect(saidOf(id).filter(({ type }) => type.endsWith('ClockBreached'))).toMatchObject([
        { data: { late: true, dueAt: later(start, 20) } },
      ]);
    });
  });

  test('count the earlier of two answers, whichever is told first', async () => {
    const id = 'earlier';
    const story = createStory(sla, { id, channel: 'phone' });
    const start = now();
    story.opens(start);
    story.agentAnswers(later(start, 2));
    await eventually(async () => {
      expect((await clocksOf(`caseId=${id}&target=firstResponse`))[0]).toMatchObject({ metAt: later(start, 2) });
    });

    story.isAccepted(later(start, 1));

    await eventually(async () => {
      expect((await clocksOf(`caseId=${id}&target=firstResponse`))[0]).toMatchObject({ metAt: later(start, 1) });
    });
  });
});

test('a merge gives the survivor the clocks of the customer who is no more', async () => {
  const [id, start] = ['merged', now()];
  await sla.call('PUT', '/v1/policies/merged', policyOf(id, { targets: { resolution: 'PT4H' } }));
  const story = createStory(sla, { id });
  story.opens(start);
  story.isAttributed(start, { id: 'younger', tier: 'silver' });
  await eventually(async () => {
    expect(await clocksOf('customerId=younger')).toMatchObject([{ target: 'resolution' }]);
  });
  const data = { customer: customerSnapshot({ id: 'older', version: 2, tier: 'gold' }), mergedIds: ['younger'] };
  const merged = later(start, 1);
  sla.publish('switchboard.customer360.v1.ProfileMerged', data, { subject: 'older', time: merged });

  await eventually(async () => {
    expect(await clocksOf('customerId=older')).toMatchObject([{ segments: [{ tier: 'silver' }, { tier: 'gold' }] }]);
  });
  expect(await clocksOf('customerId=younger')).toEqual([]);
});

test('a resolved case hears of its customer, and is reopened with what they are by then', async () => {
  const [id, start] = ['reopened', now()];
  await sla.call('PUT', '/v1/policies/reopened', policyOf(id, { targets: { resolution: 'PT4H' } }));
  const story = createStory(sla, { id });
  story.opens(start);
  story.isAttributed(start, { id: 'climber', tier: 'silver' });
  story.becomes('resolved', later(start, 1));
  await eventually(async () => {
    expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ status: 'met' }]);
  });
  const about = { subject: 'climber', time: later(start, 2) };
  const customer = customerSnapshot({ id: 'climber', version: 2, tier: 'gold' });
  sla.publish('switchboard.customer360.v1.ProfileChanged', { customer, changed: ['tier'], profile: {} }, about);
  await eventually(async () => {
    expect(await sla.query('select tier from case_clocks where id = $1', [id])).toEqual([{ tier: 'gold' }]);
  });
  story.becomes('open', later(start, 3));

  await eventually(async () => {
    expect(await clocksOf(`caseId=${id}`)).toMatchObject([
      { status: 'met', segments: [{ tier: 'silver' }] },
      { status: 'running', segments: [{ from: later(start, 3), tier: 'gold' }] },
    ]);
  });
});

describe('a repair', () => {
  test('computes a case’s clocks anew with today’s policy: told first in a dry run, then done', async () => {
    const id = 'mend';
    await sla.call('PUT', '/v1/policies/mend', policyOf(id, { targets: { resolution: 'PT4H' } }));
    const story = createStory(sla, { id });
    const start = now();
    story.opens(start);
    const [clock] = await eventually(async () => {
      const clocks = await clocksOf(`caseId=${id}`);
      expect(clocks).toHaveLength(1);
      return clocks;
    });
    const clockId = clock?.id ?? '';
    expect((await sla.call('POST', `/v1/clocks/${clockId}/repair`)).body).toEqual({
      items: [],
      begun: [],
      continues: false,
    });
    await sla.call('PUT', '/v1/policies/mend', policyOf(id, { targets: { resolution: 'PT8H' } }));

    const told = await sla.call('POST', '/v1/clocks/repair', { policyId: 'mend', dryRun: true });
    expect(told).toMatchObject({
      status: 200,
      body: {
        items: [{ clockId, before: { dueAt: later(start, 240) }, after: { dueAt: later(start, 480) } }],
        continues: false,
      },
    });
    expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ dueAt: later(start, 240) }]);

    const done = await sla.call('POST', `/v1/clocks/${clockId}/repair`, {});
    expect(done).toMatchObject({ status: 200, body: { items: [{ clockId, after: { dueAt: later(start, 480) } }] } });
    expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ dueAt: later(start, 480) }]);
    expect((await sla.call('POST', '/v1/clocks/repair', { caseId: id })).body).toMatchObject({ items: [] });
    await eventually(() => {
      expect(saidOf(id).at(-1)).toMatchObject({
        type: 'switchboard.sla.v1.ClockRepaired',
        data: { before: { dueAt: later(start, 240) }, clock: { dueAt: later(start, 480) } },
      });
    });
  });

  test('by a calendar reaches a case of which only a broken promise is open', async () => {
    const id = 'lost';
    const hoursOn = (days: readonly string[]) => ({ timeZone: 'UTC', hours: [{ days, from: '00:00', to: '24:00' }] });
    const week = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const start = now();
    await sla.call('PUT', '/v1/calendars/mended', hoursOn(week));
    await sla.call('PUT', '/v1/policies/lost', policyOf(id, { calendarId: 'mended', targets: { resolution: 'PT1H' } }));
    createStory(sla, { id }).opens(start);
    await eventually(async () => {
      expect(await clocksOf(`caseId=${id}`)).toHaveLength(1);
    });
    await moveOn(61);
    await eventually(async () => {
      expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ status: 'breached' }]);
    });
    // As it should have been put: closed today and tomorrow.
    const today = new Date(start).getUTCDay();
    await sla.call('PUT', '/v1/calendars/mended', hoursOn([week[(today + 3) % 7] ?? '', week[(today + 4) % 7] ?? '']));

    const done = await sla.call('POST', '/v1/clocks/repair', { calendarId: 'mended' });

    expect(done).toMatchObject({ status: 200, body: { items: [{ caseId: id, after: { status: 'running' } }] } });
    expect(await clocksOf(`caseId=${id}`)).toMatchObject([{ status: 'running' }]);
  });

  test.each([
    ['nothing', {}, 400],
    ['two things', { caseId: 'a', policyId: 'b' }, 400],
    ['an unknown case', { caseId: 'nobody' }, 404],
    ['an unknown policy', { policyId: 'nobody' }, 404],
    ['an unknown calendar', { calendarId: 'nobody' }, 404],
  ])('of %s is refused', async (_what, body, status) => {
    expect((await sla.call('POST', '/v1/clocks/repair', body)).status).toBe(status);
    expect((await sla.call('POST', '/v1/clocks/nobody/repair', {})).status).toBe(404);
  });
});

test('nothing of all this became a dead letter', async () => {
  expect((await sla.call('GET', '/v1/sla/dead-letters')).body).toMatchObject({ items: [] });
});
