/** What people see, over REST: one told story, and a few hundred clocks that ended. */
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory } from './testing/snapshots.ts';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

type Item = Record<string, unknown>;

let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla();
});
afterAll(() => sla.stop());

async function get(path: string, headers: Record<string, string> = {}) {
  const { status, body, headers: sent } = await sla.call('GET', path, undefined, headers);
  return { status, body, sent, items: (body['items'] ?? []) as Item[] };
}

async function refused(path: string): Promise<string[]> {
  const { status, body } = await get(path);
  expect(status).toBe(400);
  return (body['errors'] as { field: string }[]).map(({ field }) => field);
}

const HOUR = 3_600_000;
const TEAMS = ['billing', 'field', 'network'];
const CASES = 300;

interface Ended {
  readonly n: number;
  readonly settledAt: string;
  readonly outcome: 'met' | 'breached' | 'canceled';
  readonly team: string;
  readonly channel: string;
  readonly elapsedMs: number;
}

/** Three months of clocks, one after the other: every fourth is broken, every tenth withdrawn. */
const ended: readonly Ended[] = Array.from({ length: CASES }, (_, n) => ({
  n,
  settledAt: new Date(Date.UTC(2025, 0, 1) + n * 7 * HOUR).toISOString(),
  outcome: n % 10 === 9 ? 'canceled' : n % 4 === 3 ? 'breached' : 'met',
  team: TEAMS[n % TEAMS.length] ?? '',
  channel: n % 2 === 0 ? 'email' : 'chat',
  elapsedMs: HOUR + n * 1000,
}));

async function seed(): Promise<void> {
  const rows = ended.map(({ n, settledAt, outcome, team, channel, elapsedMs }) => ({
    id: `ended-${String(n).padStart(4, '0')}`,
    caseId: `ended-case-${String(n).padStart(4, '0')}`,
    // A spreadsheet would run it.
    policyId: n === 0 ? '=cmd()' : 'default',
    startedAt: new Date(Date.parse(settledAt) - 3 * HOUR).toISOString(),
    settledAt,
    outcome,
    result: {
      elapsedMs,
      pausedMs: HOUR,
      owners: [
        { team, usedMs: elapsedMs - 1000 },
        { team: 'front', usedMs: 1000 },
      ],
      pauses: [{ reason: n % 3 === 0 ? 'on-hold' : 'pending', team, pausedMs: HOUR * (1 + (n % 3)) }],
      team,
      channel,
      priority: 1 + (n % 5),
    },
    labels: ['front', team, ...(n % 5 === 0 ? ['front', team] : [])].map((name, hop) => ({
      at: new Date(Date.parse(settledAt) - (3 - hop / 2) * HOUR).toISOString(),
      team: name,
    })),
  }));
  await sla.query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as g("id" text, "caseId" text, "policyId" text,
       "startedAt" timestamptz, "settledAt" timestamptz, outcome text, result jsonb, labels jsonb)),
     cases as (insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, clocks,
         labels)
       select "caseId", 1, 1, 'closed', 3, '{"policyId":"default","calendarId":"always","targets":{},"warnAt":[],"pauseIn":[]}',
         true, 1, '{}', labels from given)
     insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, scheduled_at,
       warn_at, warned, met_at, breached_at, canceled_at, result)
     select id, 3, "caseId", "policyId", 'always', 'resolution', outcome, 7200000, "startedAt",
       jsonb_build_array(jsonb_build_object('from', "startedAt", 'to', "settledAt")), "startedAt", '[]', '[]',
       case when outcome <> 'canceled' then "settledAt" end, case when outcome = 'breached' then "settledAt" end,
       case when outcome = 'canceled' then "settledAt" end, result from given`,
    [JSON.stringify(rows)],
  );
}

describe('a story', () => {
  test('is told in the language asked for, and adds up', async () => {
    const story = createStory(sla, { id: 'told', priority: 3, reason: 'address-change' });
    story.opens('2026-03-02T08:00:00.000Z');
    story.becomes('pending', '2026-03-02T10:00:00.000Z');
    story.becomes('open', '2026-03-02T13:00:00.000Z');
    story.agentAnswers('2026-03-02T13:30:00.000Z');
    story.becomes('resolved', '2026-03-02T14:00:00.000Z');
    const clocks = await eventually(async () => {
      const { items } = await get('/v1/clocks?caseId=told');
      expect(items.map(({ metAt }) => metAt)).toEqual(['2026-03-02T13:30:00.000Z', '2026-03-02T14:00:00.000Z']);
      return items;
    });
    const resolution = String(clocks[1]?.['id']);

    const { body, sent } = await get(`/v1/clocks/${resolution}/explain?language=pt`, { 'accept-language': 'ru' });

    expect(sent.get('content-language')).toBe('pt');
    expect(body).toMatchObject({ language: 'pt', timeZone: 'UTC', elapsedMs: 3 * HOUR, pausedMs: 3 * HOUR });
    expect(body['headline']).toBe(
      'Resolução: cumprida em segunda-feira, 2 de março de 2026 às 14:00, com 21 horas de expediente de sobra.',
    );
    const stretches = body['stretches'] as { state: string; openMs: number; wallMs: number }[];
    const sum = (state: string, of: 'openMs' | 'wallMs'): number =>
      stretches.filter((one) => one.state === state).reduce((all, one) => all + one[of], 0);
    expect([sum('counting', 'openMs'), sum('paused', 'wallMs')]).toEqual([body['elapsedMs'], body['pausedMs']]);
    expect((body['events'] as Item[]).map(({ kind }) => kind)).toEqual(['started', 'paused', 'resumed', 'met']);

    const russian = await get(`/v1/clocks/${resolution}/explain`, { 'accept-language': 'de, ru-RU;q=0.8, en;q=0.1' });
    expect(russian.body['headline']).toMatch(/^Решение: выполнено в срок/);
    expect((await get(`/v1/clocks/${resolution}/explain`)).body['headline']).toMatch(/^Resolution: kept/);
    expect(await refused(`/v1/clocks/${resolution}/explain?language=xx`)).toEqual(['language']);
    expect((await get('/v1/clocks/none/explain')).status).toBe(404);

    const pauses = await get('/v1/clocks/pauses?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z');
    expect(pauses.items).toMatchObject([{ reason: 'pending', pausedMs: 3 * HOUR, clocks: 1, share: 1 }]);
    const by = 'by=calendar,reason,language&period=day&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z';
    expect((await get(`/v1/clocks/attainment?${by}`)).items).toMatchObject([
      { group: { calendar: 'always', reason: 'address-change', language: 'de' }, met: 1, breached: 1 },
    ]);
  });
});

describe('reports', () => {
  beforeAll(seed);

  test('attainment by dimension and month of a time zone, with its trend and whose time it was', async () => {
    const { items } = await get(
      '/v1/clocks/attainment?by=team,channel&period=month&timeZone=Europe/Vienna&from=2025-01-10T00:00:00Z&to=2025-03-10T00:00:00Z',
    );
    // March ends in summer time.
    const starts = ['2024-11-30T23', '2024-12-31T23', '2025-01-31T23', '2025-02-28T23', '2025-03-31T22'].map((hour) =>
      Date.parse(`${hour}:00:00Z`),
    );
    const expected = [1, 2, 3].flatMap((month) => {
      const rows = (n: number): readonly Ended[] =>
        ended.filter(
          ({ settledAt }) => Date.parse(settledAt) >= (starts[n] ?? 0) && Date.parse(settledAt) < (starts[n + 1] ?? 0),
        );
      const groups = TEAMS.flatMap((team) => ['chat', 'email'].map((channel) => ({ team, channel })));
      return groups.flatMap((group) => {
        const count = (n: number, outcome: string): number =>
          rows(n).filter((row) => row.team === group.team && row.channel === group.channel && row.outcome === outcome)
            .length;
        const share = (n: number): number | null => {
          const [met, breached] = [count(n, 'met'), count(n, 'breached')];
          return met + breached === 0 ? null : met / (met + breached);
        };
        const all = ['met', 'breached', 'canceled'].map((outcome) => count(month, outcome));
        if (all.every((n) => n === 0)) return [];
        const [now, before] = [share(month), share(month - 1)];
        const trend = now === null || before === null ? null : now - before;
        return [{ group, met: all[0], breached: all[1], canceled: all[2], share: now, trend }];
      });
    });
    expect(
      items.map(({ group, met, breached, canceled, share, trend }) => ({
        group,
        met,
        breached,
        canceled,
        share,
        trend,
      })),
    ).toEqual(expected);
    const [first] = items;
    expect(first).toMatchObject({ from: '2024-12-31T23:00:00.000Z', to: '2025-01-31T23:00:00.000Z' });
    const owners = first?.['owners'] as { team: string; usedMs: number; share: number }[];
    expect(owners.map(({ team }) => team)).toEqual(['billing', 'front']);
    expect(owners.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const used = ended.filter(
      (row) =>
        row.outcome !== 'canceled' &&
        row.team === 'billing' &&
        row.channel === 'chat' &&
        row.settledAt < '2025-01-31T23',
    );
    const mean = used.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / used.length;
    expect(first?.['meanElapsedMs']).toBeCloseTo(mean, 3);
  });

  test('a dimension that nothing is known of is no value', async () => {
    const { items } = await get(
      '/v1/clocks/attainment?by=product&period=week&from=2025-01-06T00:00:00Z&to=2025-01-13T00:00:00Z',
    );
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ group: {}, from: '2025-01-06T00:00:00.000Z', to: '2025-01-13T00:00:00.000Z' });
  });

  test('hand-offs, returns and the time of each hop', async () => {
    const { body, items } = await get('/v1/clocks/hand-offs?from=2024-12-31T00:00:00Z&to=2025-12-31T00:00:00Z&limit=5');
    const back = ended.filter(({ n }) => n % 5 === 0).length;
    expect(body['cases']).toBe(CASES);
    expect(body['byHandOffs']).toEqual([
      { handOffs: 1, returns: 0, cases: CASES - back },
      { handOffs: 3, returns: 2, cases: back },
    ]);
    expect(items).toHaveLength(5);
    expect(items[0]).toEqual({
      caseId: 'ended-case-0000',
      handOffs: 3,
      returns: 2,
      teams: ['front', 'billing', 'front', 'billing'],
    });
    const front = (body['byTeam'] as Item[]).find(({ team }) => team === 'front');
    expect(front).toEqual({
      team: 'front',
      hops: CASES + back,
      handedOn: CASES + back,
      meanMs: HOUR / 2,
      p90Ms: HOUR / 2,
    });
  });

  test('pauses, the longest first', async () => {
    const { items } = await get('/v1/clocks/pauses?from=2025-01-01T00:00:00Z&to=2025-12-31T00:00:00Z');
    // Every third clock is of one team and one reason.
    expect(items.map(({ reason, team, pausedMs, clocks }) => [reason, team, pausedMs, clocks])).toEqual([
      ['pending', 'network', 3 * HOUR * 100, 100],
      ['pending', 'field', 2 * HOUR * 100, 100],
      ['on-hold', 'billing', HOUR * 100, 100],
    ]);
    expect(items[0]?.['share']).toBeCloseTo(0.5, 9);
  });

  test('exports of clocks with their stretches', async () => {
    const path = '/v1/clocks/exports?from=2024-12-31T00:00:00Z&to=2025-12-31T00:00:00Z';
    const json = await sla.download(`${path}&format=json`);
    const clocks = JSON.parse(json.text) as { policyId: string; stretches: { team: string }[] }[];
    expect(clocks).toHaveLength(CASES);
    expect(clocks[0]).toMatchObject({ policyId: '=cmd()', elapsedMs: 3 * HOUR });
    // The teams of its hops.
    expect(clocks[0]?.stretches.map(({ team }) => team)).toEqual(['front', 'billing', 'front', 'billing']);

    const csv = await sla.download(`${path}&format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^clockId,caseId,.*,stretch\.from,/);
    expect(lines.length - 1).toBe(clocks.reduce((sum, { stretches }) => sum + stretches.length, 0));
    expect(lines[1]).toContain(",'=cmd(),");
    // Numbers of ours are none.
    expect(lines[1]).toContain(`,${String(-HOUR)},`);
    expect((await sla.download('/v1/clocks/exports?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).text).toBe(
      '[]\n',
    );
  });

  test.each([
    ['/v1/clocks/attainment?by=team,colour', 'by'],
    ['/v1/clocks/attainment?timeZone=%2B01:00', 'timeZone'],
    ['/v1/clocks/attainment?timeZone=Mars/Olympus', 'timeZone'],
    ['/v1/clocks/attainment?period=day&from=2000-01-01T00:00:00Z', 'from'],
    ['/v1/clocks/attainment?from=yesterday', 'from'],
    ['/v1/clocks/hand-offs?from=2025-02-01T00:00:00Z&to=2025-01-01T00:00:00Z', 'from'],
    ['/v1/clocks/pauses?limit=0', 'limit'],
    ['/v1/clocks/exports?format=xml', 'format'],
    ['/v1/clocks/at-risk?limit=1000', 'limit'],
  ])('%s is refused, naming %s', async (path, field) => {
    expect(await refused(path)).toEqual([field]);
  });
});

describe('dimensions of an operator', () => {
  const day = 'period=day&from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z';
  const attained = async (by: string) => (await get(`/v1/clocks/attainment?by=${by}&${day}`)).items;

  test('are asked of promises from then on, told apart in reports and exports, and stay what they were', async () => {
    expect((await sla.call('PUT', '/v1/dimensions/country', { value: 'case.attributes.country' })).status).toBe(201);
    expect(await sla.call('PUT', '/v1/dimensions/who', { value: 'customer.id' })).toMatchObject({
      status: 201,
      body: { id: 'who', version: 1, warnings: [{ field: 'value' }] },
    });
    for (const [id, attributes] of [
      ['styria', { country: 'AT' }],
      ['nowhere', {}],
    ] as const) {
      const story = createStory(sla, { id, attributes });
      story.opens('2026-03-09T08:00:00.000Z');
      story.agentAnswers('2026-03-09T08:30:00.000Z');
      story.becomes('resolved', '2026-03-09T09:00:00.000Z');
    }
    await eventually(async () => {
      const items = await attained('country');
      expect(items.map(({ group, met, unknown }) => ({ group, met, unknown }))).toEqual([
        { group: { country: 'AT' }, met: 2 },
        { group: { country: 'unknown' }, met: 2, unknown: { country: { failed: 2 } } },
      ]);
    });
    expect((await sla.call('PUT', '/v1/dimensions/country', { value: 'case.channel' })).status).toBe(200);
    expect((await attained('target,country,who')).map(({ group }) => group)).toEqual([
      { target: 'firstResponse', country: 'AT', who: 'unknown' },
      { target: 'firstResponse', country: 'unknown', who: 'unknown' },
      { target: 'resolution', country: 'AT', who: 'unknown' },
      { target: 'resolution', country: 'unknown', who: 'unknown' },
    ]);

    const path = '/v1/clocks/exports?from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z';
    const clocks = JSON.parse((await sla.download(path)).text) as { caseId: string; dimensions: object }[];
    expect(clocks.find(({ caseId }) => caseId === 'styria')?.dimensions).toEqual({ country: 'AT', who: 'unknown' });
    const [shown] = (await get('/v1/clocks?caseId=styria')).items;
    const dimensions = { country: 'AT', who: 'unknown' };
    expect(shown).toMatchObject({ dimensions });
    const { body } = await get(`/v1/clocks/${String(shown?.['id'])}/explain`);
    expect(body).toMatchObject({ dimensions });
    const lines = (await sla.download(`${path}&format=csv`)).text.split('\r\n').map((line) => line.split(','));
    const column = lines[0]?.indexOf('dimension.country') ?? -1;
    expect(lines[0]?.[column + 1]).toBe('dimension.who');
    expect(new Set(lines.slice(1, 5).map((cells) => cells[column]))).toEqual(new Set(['AT', 'unknown']));

    expect((await sla.call('DELETE', '/v1/dimensions/who')).status).toBe(204);
    expect(await refused(`/v1/clocks/attainment?by=country,who&${day}`)).toEqual(['by']);
    expect(await refused('/v1/clocks/attainment?by=%00')).toEqual(['by']);
  });

  test('show their commonest values, and the rest together', async () => {
    await sla.query(
      `insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, scheduled_at,
         warn_at, warned, met_at, extras)
       select 'many-' || n, 1, 'none', 'default', 'always', 'resolution', 'met', 1000, '2026-04-01T00:00:00Z', '[]', '2026-04-01T00:00:00Z',
         '[]', '[]', '2026-04-01T00:00:01Z',
         case when n > 0 then jsonb_build_object('dimensions', jsonb_build_object('country', jsonb_build_object('value', 'v' || n % 250))) end
       from generate_series(0, 299) n`,
    );
    const { items } = await get(
      '/v1/clocks/attainment?by=country&period=month&from=2026-04-01T00:00:00Z&to=2026-05-01T00:00:00Z',
    );
    const met = new Map(items.map(({ group, met: count }) => [(group as { country: string }).country, count]));
    // Two hundred of both months: v1 to v49 twice, AT of March, the unknown, and of those that are there once the first.
    expect([met.size, met.get('v1'), met.get('unknown')]).toEqual([200, 2, 1]);
    expect(met.get('other')).toBe(300 - 1 - 2 * 49 - 149);
    expect([...met.values()].reduce((sum: number, count) => sum + Number(count), 0)).toBe(300);
    expect(items.find(({ group }) => (group as Item)['country'] === 'unknown')).toMatchObject({
      unknown: { country: { notAsked: 1 } },
    });
  });

  test.each([
    ['team', { value: 'case.product' }, 400, 'id'],
    ['list', { value: 'customer.products' }, 400, 'value'],
    ['same', { value: '"same"' }, 400, 'value'],
    ['none', {}, 400, 'value'],
  ])('%s %j is refused', async (id, body, status, field) => {
    expect(await sla.call('PUT', `/v1/dimensions/${id}`, body)).toMatchObject({
      status,
      body: { errors: [{ field }] },
    });
  });

  test('are twenty at most', async () => {
    const put = (id: string) => sla.call('PUT', `/v1/dimensions/${id}`, { value: 'case.product' });
    for (let n = 2; n <= 20; n += 1) expect((await put(`more-${String(n)}`)).status).toBe(201);
    expect(await put('one-too-many')).toMatchObject({ status: 409, body: { errors: [{ field: 'id' }] } });
    expect((await put('more-2')).status).toBe(200);
    expect((await sla.call('DELETE', '/v1/dimensions/more-20')).status).toBe(204);
    expect((await put('one-too-many')).status).toBe(201);
  });
});

describe('promises at risk', () => {
  test('first what help can still save, at the end what is lost', async () => {
    const at = (hours: number): string => `clock.now() + interval '${String(hours)} hours'`;
    const risky = [
      ['likely', 0.9, at(1), 'running'],
      ['even', 0.6, at(5), 'running'],
      ['too-late', 0.99, `clock.now() + interval '20 seconds'`, 'running'],
      ['unlikely', 0.1, at(1), 'running'],
      ['lost', 1, at(-1), 'breached'],
      ['lost-long-ago', 1, at(-9), 'breached'],
    ] as const;
    await sla.query(
      `insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, clocks, team)
       values ('risky', 1, 1, 'open', 2, '{"policyId":"default","calendarId":"always","targets":{},"warnAt":[],"pauseIn":[]}',
         true, 1, '{}', 'night')`,
    );
    for (const [id, probability, due, status] of risky) {
      await sla.query(
        `insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, due_at,
           scheduled_at, warn_at, warned, breached_at, risk_probability)
         values ('${id}', 1, 'risky', 'default', 'always', 'resolution', '${status}', 3600000, ${due} - interval '4 hours', '[]', ${due},
           ${due}, '[]', '[]', ${status === 'breached' ? due : 'null'}, ${String(probability)})`,
      );
    }
    await sla.query(
      `insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, due_at,
         scheduled_at, warn_at, warned)
       values ('warned', 1, 'risky', 'default', 'always', 'nextResponse', 'running', 3600000, ${at(-3)}, '[]', ${at(1)}, ${at(-3)},
         '[0.5]', '[0.5]')`,
    );

    const { items } = await get('/v1/clocks/at-risk?team=night');

    // 0.9; 3 of 4 hours over; 0.6; nobody gets there in 20 seconds; and the latest lost first.
    expect(items.map(({ id }) => id)).toEqual(['likely', 'warned', 'even', 'too-late', 'lost', 'lost-long-ago']);
    expect(items.map(({ lost }) => lost)).toEqual([false, false, false, false, true, true]);
    expect(items[0]).toMatchObject({ probability: 0.9, team: 'night', priority: 2 });
    expect(items[1]?.['probability']).toBeUndefined();
    const shown = async (query: string) =>
      (await get(`/v1/clocks/at-risk?team=night&${query}`)).items.map(({ id }) => id);
    expect(await shown('target=nextResponse')).toEqual(['warned']);
    expect(await shown('limit=1')).toEqual(['likely']);
    expect(await shown('policyId=other')).toEqual([]);
  });
});
