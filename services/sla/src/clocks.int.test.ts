import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStory } from './testing/snapshots.ts';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

interface Clock {
  readonly id: string;
  readonly target: string;
  readonly status: string;
  readonly startedAt: string;
  readonly dueAt?: string;
  readonly breachedAt?: string;
  readonly withinCalendarHours?: boolean;
  readonly elapsedMs: number;
  readonly remainingMs: number;
}

const MINUTE = 60_000;
let sla: RunningSla;
let cases = 0;

beforeAll(async () => {
  sla = await startSla();
});
afterAll(() => sla.stop());
beforeEach(() => {
  cases += 1;
});

const caseId = (): string => `case-${String(cases)}`;
const now = (): string => sla.now();
const moveOn = (minutes: number): Promise<void> => sla.moveOn(minutes);
const story = (first: object = {}) => createStory(sla, { id: caseId(), ...first });

async function clocks(): Promise<Clock[]> {
  const { status, body } = await sla.call('GET', `/v1/clocks?caseId=${caseId()}`);
  expect(status).toBe(200);
  return body['items'] as Clock[];
}

/** What was said of the case's clocks. */
const said = (): string[] =>
  sla.said.flatMap(({ type, data }) =>
    'clock' in data && data.clock.caseId === caseId()
      ? [`${data.clock.target} ${type.slice('switchboard.sla.v1.'.length)}`]
      : [],
  );

describe('clocks', () => {
  test('start with the case; REST shows used and left time at the database clock', async () => {
    const openedAt = now();
    story().opens(openedAt, { occurredAt: '2026-11-01T00:00:00Z' });

    const [first, resolution] = await eventually(async () => {
      const found = await clocks();
      expect(found).toHaveLength(2);
      return found;
    });

    expect(first).toMatchObject({
      caseId: caseId(),
      policyId: 'default',
      target: 'firstResponse',
      status: 'running',
      startedAt: openedAt,
      occurredAt: '2026-11-01T00:00:00.000Z',
      dueAt: new Date(Date.parse(openedAt) + 60 * MINUTE).toISOString(),
    });
    expect((first?.elapsedMs ?? 0) + (first?.remainingMs ?? 0)).toBe(60 * MINUTE);
    expect(first?.elapsedMs).toBeLessThan(10_000);
    expect(resolution).toMatchObject({ target: 'resolution', status: 'running' });
    expect((await sla.call('GET', `/v1/clocks/${first?.id ?? ''}`)).body).toMatchObject({ id: first?.id });
    expect((await sla.call('GET', '/v1/clocks/none')).status).toBe(404);
  });

  test('warn and breach when the clock comes there, never before', async () => {
    const openedAt = now();
    story().opens(openedAt);
    await eventually(async () => {
      expect(await clocks()).toHaveLength(2);
    });

    await moveOn(29);
    await eventually(() => {
      expect(said().filter((line) => line.startsWith('firstResponse'))).toEqual(['firstResponse ClockStarted']);
    });
    await moveOn(2);
    await eventually(() => {
      expect(said()).toContain('firstResponse ClockWarned');
    });
    await moveOn(30);
    await eventually(() => {
      expect(said()).toContain('firstResponse ClockBreached');
    });

    const [first] = await clocks();
    const dueAt = new Date(Date.parse(openedAt) + 60 * MINUTE).toISOString();
    expect(first).toMatchObject({ status: 'breached', dueAt, breachedAt: dueAt, warned: [0.5, 0.75] });
    expect(first?.remainingMs).toBeLessThan(0);
    expect((await sla.call('GET', '/v1/clocks?status=breached')).body['items']).toContainEqual(
      expect.objectContaining({ id: first?.id }),
    );
  });

  test('breach at the due time', async () => {
    const targets = { firstResponse: 'PT1.5S' };
    const match = `case.id == "${caseId()}"`;
    await sla.call('PUT', '/v1/policies/hurry', { order: 1, match, calendarId: 'always', targets, warnAt: [0.5] });
    story().opens(now());

    const breach = await eventually(() => {
      const found = sla.said.find(
        ({ type, data }) =>
          type === 'switchboard.sla.v1.ClockBreached' && 'clock' in data && data.clock.caseId === caseId(),
      );
      if (found?.type !== 'switchboard.sla.v1.ClockBreached') throw new Error('not breached yet');
      return found;
    });

    const lateness = Date.parse(breach.time) - Date.parse(breach.data.clock.dueAt ?? '');
    expect(lateness).toBeGreaterThanOrEqual(0);
    // A second is the promise in normal running; a busy test machine is not that.
    expect(lateness).toBeLessThan(5000);
    expect(said()).toEqual(['firstResponse ClockStarted', 'firstResponse ClockWarned', 'firstResponse ClockBreached']);
  });

  test('are met, paused, resumed, rescheduled and started again by what the other services say', async () => {
    const own = story({ channel: 'phone' });
    own.opens(now());
    own.isAttributed(now());
    own.isAccepted(now());
    await eventually(async () => {
      expect((await clocks())[0]).toMatchObject({ status: 'met', customerId: 'customer-1' });
    });
    own.becomes('pending', now());
    own.becomes('open', now());
    own.becomes('resolved', now());
    own.customerWrites(now());
    own.becomes('open', now());

    await eventually(async () => {
      const found = await clocks();
      expect(found.map(({ target, status }) => `${target} ${status}`).sort()).toEqual([
        'firstResponse met',
        'resolution met',
        'resolution running',
      ]);
      expect(found[0]).toMatchObject({ customerId: 'customer-1' });
    });
    await eventually(() => {
      expect(said().filter((line) => line.startsWith('resolution'))).toEqual(
        expect.arrayContaining(['resolution ClockPaused', 'resolution ClockResumed', 'resolution ClockMet']),
      );
    });
  });

  test('wait for a case whose opening comes later than its work and customer', async () => {
    const own = story({ channel: 'phone' });
    const openedAt = now();
    own.isAttributed(openedAt);
    own.isAccepted(openedAt);
    await sla.told();

    own.opens(openedAt);

    await eventually(async () => {
      expect((await clocks())[0]).toMatchObject({ status: 'met', customerId: 'customer-1' });
    });
  });

  test('outlive the process: what fell due meanwhile breaches at its due time', async () => {
    const own = story();
    own.opens(now());
    await eventually(async () => {
      expect(await clocks()).toHaveLength(2);
    });

    await moveOn(90);
    await sla.restart();

    await eventually(async () => {
      const [first] = await clocks();
      expect(first).toMatchObject({ status: 'breached', breachedAt: first?.dueAt });
    });
    await eventually(() => {
      expect(said().filter((line) => line === 'firstResponse ClockBreached')).toHaveLength(1);
    });
  });

  test('are due anew when their calendar is replaced', async () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const open = (from: string, to: string) => ({ timeZone: 'UTC', hours: [{ days, from, to }] });
    const match = `case.id == "${caseId()}"`;
    const targets = { resolution: 'P2D' };
    await sla.call('PUT', '/v1/calendars/short', open('10:00', '12:00'));
    await sla.call('PUT', '/v1/policies/short', { order: 1, match, calendarId: 'short', targets });
    story().opens(now());
    const before = await eventually(async () => {
      const [clock] = await clocks();
      expect(clock?.dueAt).toBeDefined();
      return clock?.dueAt;
    });

    await sla.call('PUT', '/v1/calendars/short', open('00:00', '24:00'));
    const replaced = Date.parse(now());

    await eventually(async () => {
      const [clock] = await clocks();
      // What passed until then counted by the old hours: all of it or nothing.
      const since = Date.parse(clock?.dueAt ?? '') - 48 * 60 * MINUTE;
      expect(since).toBeGreaterThanOrEqual(Date.parse(clock?.startedAt ?? ''));
      expect(since).toBeLessThanOrEqual(replaced);
    });
    expect(before).not.toBe((await clocks())[0]?.dueAt);
    expect((await clocks())[0]?.withinCalendarHours).toBe(true);
    await eventually(() => {
      expect(said()).toEqual(['resolution ClockStarted', 'resolution ClockRescheduled']);
    });
  });

  test('are listed page by page', async () => {
    const page = await sla.call('GET', '/v1/clocks?limit=1');
    const next = await sla.call('GET', `/v1/clocks?limit=1&cursor=${String(page.body['nextCursor'])}`);

    expect(page.body['items']).toHaveLength(1);
    expect(next.body['items']).toHaveLength(1);
    expect(next.body['items']).not.toEqual(page.body['items']);
    expect((await sla.call('GET', '/v1/clocks?limit=1&cursor=x')).status).toBe(400);
    expect((await sla.call('GET', '/v1/clocks?status=late')).status).toBe(400);
  });
});

test('nothing of all this became a dead letter', async () => {
  expect((await sla.call('GET', '/v1/sla/dead-letters')).body).toMatchObject({ items: [] });
});
