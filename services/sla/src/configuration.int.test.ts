import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla();
});
afterAll(() => sla.stop());

describe('calendars and policies', () => {
  const office = { timeZone: 'Europe/Vienna', hours: [{ days: ['mon', 'fri'], from: '09:00', to: '18:00' }] };
  const policy = { match: 'true', calendarId: 'office', targets: { resolution: { 1: 'PT1H', 5: 'P3D' } }, order: 9000 };

  test('exist from the start', async () => {
    expect((await sla.call('GET', '/v1/calendars/always')).status).toBe(200);
    expect((await sla.call('GET', '/v1/policies/default')).body).toMatchObject({
      match: 'true',
      calendarId: 'always',
      targets: { firstResponse: 'PT1H', resolution: 'P1D' },
      warnAt: [0.5, 0.75],
      pauseIn: ['pending', 'on-hold'],
    });
    expect((await sla.call('DELETE', '/v1/calendars/always')).status).toBe(409);
    expect((await sla.call('PUT', '/v1/calendars/always', office)).status).toBe(409);
    expect((await sla.call('DELETE', '/v1/policies/default')).status).toBe(409);
    const never = { ...policy, calendarId: 'always', match: 'false' };
    expect((await sla.call('PUT', '/v1/policies/default', never)).body).toMatchObject({
      status: 400,
      errors: [{ field: 'match' }],
    });
  });

  test('are created, replaced and removed; a calendar in use stays', async () => {
    expect((await sla.call('PUT', '/v1/calendars/office', office)).status).toBe(201);
    const created = await sla.call('PUT', '/v1/policies/slow', policy);
    expect(created).toMatchObject({ status: 201, body: { id: 'slow', ...policy, warnAt: [0.5, 0.75] } });

    const used = await sla.call('DELETE', '/v1/calendars/office');
    expect(used).toMatchObject({ status: 409, body: { code: 'in-use' } });
    const ladder = { when: { breached: true }, levels: [{ notify: { assignee: true }, acknowledgeWithin: 'PT1M' }] };
    const quiet = { ...ladder, quietHours: { calendarId: 'office' } };
    expect((await sla.call('PUT', '/v1/ladders/nights', quiet)).status).toBe(201);
    expect((await sla.call('PUT', '/v1/policies/slow', { ...policy, calendarId: 'always' })).status).toBe(200);
    expect(await sla.call('DELETE', '/v1/calendars/office')).toMatchObject({
      status: 409,
      body: { code: 'in-use', detail: 'The calendar office is used by ladder nights' },
    });
    expect((await sla.call('DELETE', '/v1/ladders/nights')).status).toBe(204);
    const named = { ...policy, calendarId: 'always', calendarFrom: ['"team-" + team.id', '"office"'] };
    expect((await sla.call('PUT', '/v1/policies/slow', named)).status).toBe(200);
    expect(await sla.call('DELETE', '/v1/calendars/office')).toMatchObject({
      status: 409,
      body: { code: 'in-use', detail: 'The calendar office is used by policy slow' },
    });
    expect((await sla.call('PUT', '/v1/policies/slow', { ...policy, calendarId: 'always' })).status).toBe(200);
    expect((await sla.call('DELETE', '/v1/calendars/office')).status).toBe(204);
    expect((await sla.call('DELETE', '/v1/policies/slow')).status).toBe(204);
    expect((await sla.call('GET', '/v1/policies/slow')).status).toBe(404);
    await eventually(() => {
      expect(sla.said.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['switchboard.sla.v1.CalendarChanged', 'switchboard.sla.v1.PolicyChanged']),
      );
    });
  });

  test('are answered with what looks wrong, each length of time once', async () => {
    const body = { ...policy, calendarId: 'always', targets: {}, warnAt: ['PT30M', 0.5, 'PT1800S'] };
    expect(await sla.call('PUT', '/v1/policies/odd', body)).toMatchObject({
      status: 201,
      body: { warnAt: [0.5, 'PT1800S'], warnings: [{ field: 'targets', reason: 'promises nothing' }] },
    });
    expect((await sla.call('DELETE', '/v1/policies/odd')).status).toBe(204);
    const levels = [{ notify: { assignee: true }, acknowledgeWithin: 'PT1M' }];
    expect(await sla.call('PUT', '/v1/ladders/odd', { when: { warned: 0.9 }, levels })).toMatchObject({
      status: 201,
      body: { id: 'odd', warnings: [{ field: 'when.warned' }] },
    });
    expect((await sla.call('GET', '/v1/ladders/odd')).body['warnings']).toBeUndefined();
    expect((await sla.call('DELETE', '/v1/ladders/odd')).status).toBe(204);
  });

  test.each([
    ['a condition that does not compile', { match: 'case.colour == 1' }, 400, 'match'],
    ['a calendar nobody knows', { calendarId: 'nowhere' }, 404, 'calendarId'],
    ['no time at all', { targets: { resolution: 'PT0S' } }, 400, 'targets.resolution'],
    ['months', { targets: { resolution: 'P1M' } }, 400, 'targets.resolution'],
    ['a share beyond all', { warnAt: [1] }, 400, 'warnAt.0'],
    ['a certain breach', { riskLevels: [0.5, 1] }, 400, 'riskLevels.1'],
    ['a level of no target', { riskLevelsByTarget: { nothing: [0.5] } }, 400, 'riskLevelsByTarget'],
    [
      'too many levels',
      { riskLevelsByTarget: { vendor: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] } },
      400,
      'riskLevelsByTarget.vendor',
    ],
  ])('are refused with %s', async (_what, patch, status, field) => {
    const answer = await sla.call('PUT', '/v1/policies/bad', { ...policy, calendarId: 'always', ...patch });

    expect(answer).toMatchObject({ status, body: { status, errors: [{ field }] } });
  });

  test.each([
    ['no such zone', { timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['no such hour', { hours: [{ days: ['mon'], from: '9', to: '18:00' }] }, 'hours.0.from'],
    ['no such day', { hours: [{ days: ['day'], from: '09:00', to: '18:00' }] }, 'hours.0.days.0'],
    ['no such country', { holidays: { country: 'XX' } }, 'holidays.country'],
    ['no such date', { holidays: [{ date: '2026-02-30' }] }, 'holidays.0.date'],
  ])('are refused with %s', async (_what, patch, field) => {
    const answer = await sla.call('PUT', '/v1/calendars/bad', { ...office, ...patch });

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body', errors: [{ field }] } });
  });
});
