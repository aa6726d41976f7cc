import type { Sql } from '@switchboard/hallway';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { riskPages } from './store/risk-pages.ts';
import { makePromises, TARGET_HOURS } from './testing/promises.ts';
import { createStory } from './testing/snapshots.ts';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

const HOUR = 3_600_000;
let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla({ RISK_LEARN_HOURS: '0.01' });
  const body = { order: 1, match: 'true', calendarId: 'always', targets: { resolution: `PT${String(TARGET_HOURS)}H` } };
  expect((await sla.call('PUT', '/v1/policies/ten', body)).status).toBe(201);
});
afterAll(() => sla.stop());

/** Promises that ended in the last weeks: those of product `slow` were mostly broken. */
async function fillPast(count: number): Promise<void> {
  const rows = makePromises(count).map(({ n, team, broken, endShare }) => {
    const startedAt = new Date(Date.now() - (count - n) * HOUR - 48 * HOUR);
    const end = new Date(startedAt.getTime() + endShare * TARGET_HOURS * HOUR).toISOString();
    return { id: `past-${String(n)}`, product: team, at: startedAt.toISOString(), end, broken };
  });
  await sla.sql(
    `with made as (select * from json_to_recordset($1::json) as r(id text, product text, at timestamptz, "end" timestamptz, broken boolean)),
     cases as (insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, clocks, traits)
       select id, 1, 1, 'resolved', 3, '{}', false, 0, '{}', json_build_object('product', product) from made)
     insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, scheduled_at,
       warn_at, warned, met_at, breached_at)
     select id, 1, id, 'ten', 'always', 'resolution', case when broken then 'breached' else 'met' end, $2, at,
       json_build_array(json_build_object('from', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                          'to', to_char("end" at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))),
       at, '[]', '[]', case when broken then null else "end" end, case when broken then "end" end from made`,
    [JSON.stringify(rows), TARGET_HOURS * HOUR],
  );
}

async function clockOf(caseId: string): Promise<Record<string, unknown>> {
  const { body } = await sla.call('GET', `/v1/clocks?caseId=${caseId}`);
  const [clock] = body['items'] as Record<string, unknown>[];
  if (clock === undefined) throw new Error(`no clock of ${caseId} yet`);
  return clock;
}

const opens = (id: string, product: string, at: string): void => {
  createStory(sla, { id, product }).opens(at);
};

describe('trouble', () => {
  test('is not foreseen, and nothing is written for it, before anything was learned', async () => {
    opens('early', 'slow', new Date().toISOString());
    const clock = await eventually(() => clockOf('early'));
    expect(clock).not.toHaveProperty('risk');
    expect(await sla.sql('select 1 from clock where risk_next is not null')).toEqual([]);
  });

  test('is looked for among what is due, with how much a team has, and how much of it came earlier', async () => {
    await sla.sql(
      `with made as (select * from (values ('d-1', 'a', 1), ('d-2', 'a', 2), ('d-3', 'a', 2), ('d-4', 'a', 3), ('d-5', 'b', 0), ('d-6', '', 4)) as r(id, team, hours)),
       cases as (insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, clocks, team)
         select id, 1, 1, 'open', 3, '{}', false, 0, '{}', team from made)
       insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, scheduled_at,
         warn_at, warned, risk, risk_next)
       select id, 1, id, 'ten', 'always', 'resolution', 'running', 1, timestamptz '2026-01-01Z' + hours * interval '1 hour', '[]',
         '2026-01-01Z', '[]', '[]', json_build_object('team', team), clock.now() - interval '1 minute' from made`,
    );
    const sql = { query: sla.query } as unknown as Sql;
    const pages = riskPages();
    const [page] = await pages.load(sql, ['page'], 'read');
    const of = (clockId: string, team: string | null, ahead: number | null, backlog: number | null) => {
      return { clockId, caseId: clockId, team, backlog, finished: backlog === null ? null : 0, ahead };
    };
    expect([...(page?.items ?? [])].sort((a, b) => (a.clockId < b.clockId ? -1 : 1))).toEqual([
      of('d-1', 'a', 0, 4),
      of('d-2', 'a', 1, 4),
      of('d-3', 'a', 1, 4),
      of('d-4', 'a', 3, 4),
      of('d-5', 'b', 0, 1),
      of('d-6', null, null, null),
    ]);
    // A queue is read once in a while, whatever has begun meanwhile.
    await sla.sql(`update clock set risk_next = null where id = 'd-1'`);
    const againOf = async (): Promise<number | null | undefined> =>
      (await pages.load(sql, ['page'], 'read'))[0]?.items.find(({ clockId }) => clockId === 'd-4')?.ahead;
    expect(await againOf()).toBe(3);
    await sla.moveClock(20);
    expect(await againOf()).toBe(2);
    await sla.moveClock(0);
    await sla.sql(`delete from clock where id like 'd-_'`);
    await sla.sql(`delete from case_clocks where id like 'd-_'`);
  });

  test('is learned from what became of earlier promises, and seen coming', async () => {
    await fillPast(400);
    await sla.moveClock(60);
    await eventually(
      async () => {
        const [model] = await sla.sql('select version from risk_model');
        expect(model).toBeDefined();
      },
      { timeoutMs: 60_000 },
    );
    opens('endangered', 'slow', new Date(Date.now() + 60_000).toISOString());
    opens('safe', 'quick', new Date(Date.now() + 60_000).toISOString());
    // Of this one nothing is to be told below what no promise comes to.
    const quiet = { order: 0, match: 'case.id == "quiet"', calendarId: 'always', riskLevels: [0.999] };
    const targets = { resolution: `PT${String(TARGET_HOURS)}H` };
    expect(await sla.call('PUT', '/v1/policies/quiet', { ...quiet, targets })).toMatchObject({
      status: 201,
      body: { riskLevels: [0.999] },
    });
    opens('quiet', 'slow', new Date(Date.now() + 60_000).toISOString());
    await sla.told();
    await eventually(() => clockOf('safe'));
    await sla.moveClock(0.5 * TARGET_HOURS * 3600);

    const risk = await eventually(async () => {
      const found = (await clockOf('endangered'))['risk'];
      expect(found).toBeDefined();
      return found as { probability: number; reasons: { feature: string }[]; model: number };
    });
    expect(risk.probability).toBeGreaterThan(0.5);
    expect(risk.model).toBeGreaterThan(0);
    expect(risk.reasons.map(({ feature }) => feature)).toContain('similar:product');
    const safe = await eventually(async () => {
      const found = (await clockOf('safe'))['risk'];
      expect(found).toBeDefined();
      return found as { probability: number };
    });
    expect(safe.probability).toBeLessThan(0.5);

    const told = await eventually(() => {
      const events = sla.said.filter(({ type }) => type === 'switchboard.sla.v1.RiskChanged');
      expect(events.length).toBeGreaterThan(0);
      return events;
    });
    const toldOf = told.map(({ data }) => ('clock' in data ? data.clock.caseId : ''));
    expect(toldOf).not.toContain('safe');
    await eventually(async () => {
      expect(await clockOf('quiet')).toMatchObject({ risk: { probability: expect.any(Number) as number } });
    });
    expect(toldOf).not.toContain('quiet');
    expect(told.find(({ data }) => 'clock' in data && data.clock.caseId === 'endangered')?.data).toMatchObject({
      rising: true,
      level: risk.probability < 0.8 ? 0.5 : 0.8,
      probability: risk.probability,
    });
  }, 120_000);

  test('is over when the promise was kept', async () => {
    const story = createStory(sla, { id: 'endangered', product: 'slow' });
    story.becomes('resolved', new Date(Date.now() + 0.5 * TARGET_HOURS * HOUR).toISOString());
    await eventually(async () => {
      expect(await clockOf('endangered')).toMatchObject({ status: 'met' });
    });
    const rows = await sla.sql(
      `select risk_probability, risk_next from clock where case_id = 'endangered' and target = 'resolution'`,
    );
    expect(rows).toEqual([{ risk_probability: null, risk_next: null }]);
  });

  test('leaves no gap in what is told of a clock, however often it is looked at in between', async () => {
    const story = createStory(sla, { id: 'safe', product: 'quick' });
    story.becomes('resolved', new Date(Date.now() + HOUR).toISOString());
    await eventually(async () => {
      expect(await clockOf('safe')).toMatchObject({ status: 'met' });
    });
    const clocks = sla.said.filter(({ data }) => 'clock' in data);
    const versions = Map.groupBy(clocks, ({ subject }) => subject);
    expect([...versions.values()].some((events) => events.some(({ type }) => type.endsWith('.RiskChanged')))).toBe(
      true,
    );
    for (const [subject, events] of versions) {
      const told = [...new Set(events.map(({ sequence }) => sequence))].sort((a, b) => a - b);
      expect([subject, told]).toEqual([subject, told.map((_, at) => at + 1)]);
    }
  });
});
