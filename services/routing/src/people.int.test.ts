/** People over real PostgreSQL: their time, their silence, their substitutes and their pauses, by REST, timers and events. */
import { startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened, caseStatusChanged } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;

beforeAll(async () => {
  service = await startTestService(routing);
  clerk = createClerk(service);
});
afterAll(() => service.stop());

const patience = { timeoutMs: 15_000 };
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

describe('people', () => {
  it('given work of units that is paused, when it is resumed without room, then it wakes when there is some', async () => {
    await clerk.agent('una', { capacity: { default: 5 }, units: 2, weights: { phone: 2 } });
    await service.say(caseOpened('pause-1'));
    const first = await clerk.offer('una', 'pause-1');
    await clerk.act(first.id, 'accept');
    expect(await clerk.act(first.id, 'pause')).toMatchObject({ status: 200, body: { activity: 'paused' } });
    await service.say(caseOpened('pause-2'));
    const second = await clerk.offer('una', 'pause-2');
    await clerk.act(second.id, 'accept');
    expect(await clerk.act(first.id, 'resume')).toMatchObject({ status: 200, body: { activity: 'waking' } });
    expect(await service.call('GET', '/v1/agents/una')).toMatchObject({ body: { unitsInUse: 2, load: { phone: 2 } } });
    await clerk.act(second.id, 'complete');
    await eventually(async () => {
      expect(await clerk.reservationsOf('una')).toMatchObject([{ id: first.id, activity: 'active' }]);
    }, patience);
    expect(await service.call('PUT', '/v1/agents/una', { name: 'una', units: 1, weights: { phone: 2 } })).toMatchObject(
      { status: 400 },
    );
    const less = { name: 'una', capacity: { default: 0 }, units: 2, weights: { phone: 2 } };
    expect(await service.call('PUT', '/v1/agents/una', less)).toMatchObject({
      status: 409,
      body: { code: 'capacity-in-use', errors: [{ field: 'capacity.default' }] },
    });
    await clerk.act(first.id, 'complete');
    await eventually(() => {
      expect(clerk.told('pause-1').slice(3)).toEqual([
        '4 WorkPaused',
        '5 WorkWaking',
        '6 WorkResumed',
        '7 WorkCompleted',
      ]);
    }, patience);
    await clerk.presence('una', 'offline');
  });

  it('given a heartbeat that stops, then the agent is offline and their work goes to others after the stated time', async () => {
    await clerk.agent('vito', { lostWorkAfter: 'PT1S' });
    const watched = { status: 'available', heartbeat: 'PT1S' };
    await service.say(caseOpened('lost-1'));
    const { id } = await clerk.offer('vito', 'lost-1');
    await clerk.act(id, 'accept');
    expect(await service.call('POST', '/v1/agents/vito/presence', watched)).toMatchObject({
      body: { heartbeat: 'PT1S' },
    });
    expect(await service.call('POST', '/v1/agents/vito/heartbeat')).toMatchObject({ status: 200 });
    await eventually(async () => {
      expect(await service.call('GET', '/v1/agents/vito')).toMatchObject({
        body: { status: 'offline', statusReason: 'heartbeat-lost' },
      });
    }, patience);
    expect(await service.call('POST', '/v1/agents/vito/heartbeat')).toMatchObject({ status: 409 });
    const { enqueuedAt } = await clerk.item('lost-1', { status: 'pending' });
    await clerk.agent('wanda');
    await clerk.offer('wanda', 'lost-1');
    expect(await clerk.itemsOf('lost-1')).toMatchObject([{ enqueuedAt, agentId: 'wanda' }]);
    await clerk.presence('wanda', 'offline');
    await service.say(caseStatusChanged('lost-1', 2, 'closed'));
  });

  it('given an absence that moves work, then the substitute has it, and the agent again when it is removed', async () => {
    await clerk.agent('xenia', { capacity: { default: 2 } });
    await service.say(caseOpened('move-1'));
    const { id } = await clerk.offer('xenia', 'move-1');
    await clerk.act(id, 'accept');
    await clerk.agent('yves');
    const path = '/v1/agents/xenia/absences/sick';
    const sick = { kind: 'sick', work: 'move', substitute: 'yves', from: inSeconds(-60), to: inSeconds(3600) };
    expect(await service.call('PUT', path, sick)).toMatchObject({ status: 201, body: { work: 'move' } });
    await clerk.offer('yves', 'move-1');
    expect(await service.call('GET', '/v1/agents/xenia')).toMatchObject({
      body: { absences: [{ absenceId: 'sick', substitute: 'yves' }] },
    });
    expect(await service.call('DELETE', path)).toMatchObject({ status: 204 });
    await clerk.offer('xenia', 'move-1');
    await Promise.all(['xenia', 'yves'].map((agent) => clerk.presence(agent, 'offline')));
    await service.say(caseStatusChanged('move-1', 2, 'closed'));
  });

  it("given a calendar of sla's that is closed, then its team is offered nothing until it opens", async () => {
    const calendar = (version: number, definition: object) => ({
      type: 'switchboard.sla.v1.CalendarChanged' as const,
      subject: 'desk-hours',
      sequence: version,
      data: { id: 'desk-hours', version, definition: { id: 'desk-hours', timeZone: 'UTC', ...definition } as never },
    });
    // Open for an hour in twenty years.
    await service.say(calendar(1, { hours: [], shifts: [{ start: '2046-01-01T00:00', duration: 'PT1H' }] }));
    await service.said('switchboard.routing.v1.CalendarAdopted', (events) => {
      expect(events).toMatchObject([{ subject: 'desk-hours', data: { version: 1 } }]);
    });
    await service.call('PUT', '/v1/teams/desk', { name: 'Desk', calendarId: 'desk-hours' });
    await clerk.agent('zita', { team: 'desk' });
    await service.say(caseOpened('closed-1'));
    await clerk.item('closed-1', { status: 'pending' });
    await clerk.agent('adele');
    const { id } = await clerk.offer('adele', 'closed-1');
    await clerk.act(id, 'accept');
    await clerk.presence('adele', 'offline');
    await service.say(caseOpened('closed-2'));
    await clerk.item('closed-2', { status: 'pending' });
    await service.say(
      calendar(2, { hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }] }),
    );
    await clerk.offer('zita', 'closed-2');
    await clerk.presence('zita', 'offline');
  });

  it('given what cannot be, then the field and the reason are named, and nothing is kept', async () => {
    const hours = [{ days: ['mon'], from: '09:00', to: '18:00' }];
    const shift = { start: '2026-03-02T08:00', duration: 'PT8H', rule: 'FREQ=DAILY' };
    for (const [body, field] of [
      [{ workingTime: { timeZone: 'Mars/Base', hours } }, 'workingTime.timeZone'],
      [{ workingTime: { timeZone: 'UTC', hours: [...hours, ...hours] } }, 'workingTime.hours.1'],
      [{ workingTime: { timeZone: 'UTC', shifts: [shift, { ...shift, duration: 'PT1H' }] } }, 'workingTime.shifts.1'],
      [{ stopOffersBefore: 'soon' }, 'stopOffersBefore'],
      [{ interrupts: { phone: ['chat'] } }, 'interrupts'],
      [{ units: 2, weights: { phone: 3 } }, 'weights.phone'],
      [{ idleAfter: { chat: '10 minutes' } }, 'idleAfter.chat'],
    ] as const)
      expect(await service.call('PUT', '/v1/agents/never', { name: 'never', ...body })).toMatchObject({
        status: 400,
        body: { errors: [{ field }] },
      });
    expect(await service.call('GET', '/v1/agents/never')).toMatchObject({ status: 404 });
    expect(await service.call('PUT', '/v1/teams/never', { name: 'n', workingTime: { timeZone: 'UTC' } })).toMatchObject(
      {
        status: 400,
        body: { errors: [{ field: 'workingTime.hours' }] },
      },
    );
    const presence = { status: 'available', heartbeat: 'PT0S' };
    expect(await service.call('POST', '/v1/agents/una/presence', presence)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'heartbeat' }] },
    });
    const friday = { from: '2026-03-06', to: '2026-03-06', timeZone: 'Europe/Vienna', kind: 'part-time' };
    expect(
      await service.call('PUT', '/v1/agents/una/absences/fridays', { ...friday, rule: 'FREQ=SOMETIMES' }),
    ).toMatchObject({ status: 400, body: { errors: [{ field: 'rule' }] } });
  });

  it('given what was kept before there were bounds, then it is shown as it is, and refused when it is put again', async () => {
    await clerk.agent('olga');
    await service.service.database.query(
      `update agent set definition = definition || '{"lostWorkAfter": "P60D", "stopOffersBefore": "P2D"}' where id = 'olga'`,
    );

    const long = { lostWorkAfter: 'P60D', stopOffersBefore: 'P2D' };
    expect(await service.call('GET', '/v1/agents/olga')).toMatchObject({ status: 200, body: long });
    expect((await service.call('GET', '/v1/agents')).status).toBe(200);
    expect(await clerk.presence('olga', 'away')).toMatchObject({ status: 200 });
    expect(await service.call('PUT', '/v1/agents/olga', { name: 'olga', ...long })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'stopOffersBefore' }, { field: 'lostWorkAfter' }] },
    });
  });
});
