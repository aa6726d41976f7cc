/** What people see of weeks that are over: eight of them, written into the tables. */
import { openDatabase } from '@switchboard/service';
import { AGENT_TOKEN, startTestService, TOKEN, WORK_TOKEN } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { READ_BEGUN } from './store/what-if-queries.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEKS = 8;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const iso = (ms: number): string => new Date(ms).toISOString();

interface Seeded {
  readonly id: string;
  readonly agentId: string;
  readonly reason: string;
  readonly enqueuedAt: string;
  readonly acceptedAt: string;
  readonly endedAt: string;
  /** ms. */
  readonly pausedMs: number;
  readonly unfit: number;
  readonly missed: boolean;
}

const AGENTS = ['anna', 'bert', 'carl', 'dora'];

/** Four an hour from nine to five, every day: repairs take dora twice as long as others; carl misses every second offer. */
const seeded: readonly Seeded[] = Array.from({ length: WEEKS * 7 * 8 * 4 }, (_, n) => {
  const [day, hour] = [Math.floor(n / 32), 9 + (Math.floor(n / 4) % 8)];
  const enqueued = today - (WEEKS * 7 - day) * DAY_MS + hour * HOUR_MS + (n % 4) * 7 * MINUTE_MS;
  const agentId = AGENTS[(n + day) % 4] ?? '';
  const isRepair = n % 3 === 0;
  const minutes = (isRepair ? 20 : 5) * (isRepair && agentId === 'dora' ? 2 : 1) + (n % 5);
  // Repairs waited for the one who had learned them, while others sat there.
  const waited = isRepair ? 6 * MINUTE_MS : 10_000;
  return {
    ...{ id: `seed-${String(n).padStart(5, '0')}`, agentId, reason: isRepair ? 'repair' : 'question' },
    enqueuedAt: iso(enqueued),
    acceptedAt: iso(enqueued + waited),
    endedAt: iso(enqueued + waited + minutes * MINUTE_MS + (n % 2) * HOUR_MS),
    pausedMs: (n % 2) * HOUR_MS,
    unfit: isRepair ? 2 : 0,
    missed: agentId === 'carl' && n % 2 === 0,
  };
});

const SEED = `with given as (select * from jsonb_to_recordset($1::jsonb) as g("id" text, "agentId" text, reason text,
    "enqueuedAt" timestamptz, "acceptedAt" timestamptz, "endedAt" timestamptz, "pausedMs" float8, unfit int, missed boolean)),
  cases as (insert into case_work (id, version, case_version, case_facts, contact_facts, contact_point, choice_due)
    select id, 1, 1, jsonb_build_object('id', id, 'reason', reason, 'language', 'fr', 'priority', 3, 'status', 'open', 'attributes', '{}'::jsonb),
           '{"channel": "phone", "attributes": {}}', 'phone:+43', false from given),
  items as (insert into work_item (id, version, case_id, queue_id, status, agent_id, reservation_id, channel, priority, enqueued_at, avoid)
    select id, 1, id, 'desk', 'completed', "agentId", id, 'phone', 3, "enqueuedAt", '[]' from given),
  missed as (insert into reservation (id, version, work_item_id, case_id, agent_id, status, created_at, expires_at)
    select id || '-missed', 1, id, id, "agentId", 'timeout', "enqueuedAt", "acceptedAt" from given where missed)
  insert into reservation (id, version, work_item_id, case_id, agent_id, status, created_at, expires_at, accepted_at, ended_at, paused_ms, unfit, eligible)
    select id, 1, id, id, "agentId", 'completed', "enqueuedAt", "acceptedAt", "acceptedAt", "endedAt", "pausedMs", unfit, 1 from given`;

let service: TestService<RoutingCommands>;

beforeAll(async () => {
  service = await startTestService(routing);
  const put = async (path: string, body: object) => {
    expect(await service.call('PUT', path, body)).toMatchObject({ status: 201 });
  };
  await put('/v1/queues/desk', {
    match: 'false',
    team: 'care',
    targets: [{ levels: { repair: 3 }, timeout: 'PT1M' }, { levels: { repair: 1 } }],
    schedule: {
      hours: {
        timeZone: 'UTC',
        hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '18:00' }],
      },
    },
  });
  await put('/v1/agents/anna', { name: 'Anna', team: 'care', skills: { repair: 5, question: 1 } });
  await put('/v1/agents/bert', { name: '=Bert', team: 'care', skills: { repair: 2 }, languages: ['fr-CH'] });
  await put('/v1/agents/carl', { name: 'Carl', team: 'care', languages: ['de'] });
  await inTables((database) => database.query(SEED, [JSON.stringify(seeded)]));
});
afterAll(() => service.stop());

async function inTables<T>(work: (database: Pick<ReturnType<typeof openDatabase>, 'query'>) => Promise<T>): Promise<T> {
  const database = openDatabase({
    ...{ url: service.environment['DATABASE_URL'] ?? '', schema: 'routing', application: 'test', connections: 1 },
    onIdleError: () => undefined,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function get<T>(path: string): Promise<T> {
  const { status, body } = await service.call('GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const refusals = async (path: string): Promise<unknown> => {
  const { status, body } = await service.call('GET', path);
  expect(status).toBe(400);
  return (body as { readonly errors: readonly { readonly field: string }[] }).errors.map(({ field }) => field);
};

const span = `from=${iso(today - 60 * DAY_MS)}&to=${iso(today)}`;

describe('the report of agents', () => {
  interface Compared {
    readonly ratio: number;
    readonly standing: string;
    readonly firstPlace: number;
  }
  interface Line {
    readonly agentId: string;
    readonly offered: number;
    readonly missed: number;
    readonly handling: Compared;
    readonly missing: Compared;
  }
  interface Report {
    readonly toldApart: Readonly<Record<string, boolean>>;
    readonly agents: readonly Line[];
  }

  it('given the same mix, then who is slower and who misses more stand out, pauses apart', async () => {
    const { agents, toldApart } = await get<Report>(`/v1/routing/reports/agents?${span}`);
    const by = new Map(agents.map((line) => [line.agentId, line]));
    expect(agents.map(({ agentId }) => agentId)).toEqual(AGENTS);
    expect(by.get('carl')).toMatchObject({
      name: 'Carl',
      team: 'care',
      offered: 448 + 224,
      missed: 224,
      completed: 448,
    });
    expect(by.get('dora')).not.toHaveProperty('name');
    expect(toldApart).toMatchObject({ handling: true, missing: true });
    expect(by.get('dora')?.handling.standing).toBe('above');
    expect(by.get('dora')?.handling.ratio).toBeGreaterThan(1.15);
    expect(by.get('carl')?.missing).toMatchObject({ standing: 'above', firstPlace: 4 });
    expect(by.get('anna')?.missing.standing).not.toBe('above');
  });

  it('given a team, a queue and CSV, then a file with a line for each, safe for a spreadsheet', async () => {
    const path = `/v1/routing/reports/agents?${span}&team=care&queueId=desk&format=csv`;
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(new URL(path, service.service.url()), { headers });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await answer.text()).trim().split('\r\n');
    expect(lines[0]).toMatch(/^agentId,name,team,offered,.*handling\.ratio,.*missing\.lastPlace$/);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^bert,'=Bert,care,448,/);
    expect(await get(`/v1/routing/reports/agents?${span}&queueId=other`)).toMatchObject({ agents: [] });
  });

  it.each([AGENT_TOKEN, WORK_TOKEN])(
    'given a token that may not read agents, then it is refused (%s)',
    async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      expect(await service.call('GET', `/v1/routing/reports/agents?${span}`, undefined, headers)).toMatchObject({
        status: 403,
        body: { code: 'forbidden', detail: expect.stringContaining('agents:read') as unknown },
      });
    },
  );

  it('given a span that is none or too long, then the field is named', async () => {
    expect(await refusals(`/v1/routing/reports/agents?from=${iso(today)}&to=${iso(today)}`)).toEqual(['from']);
    expect(await refusals(`/v1/routing/reports/agents?from=2020-01-01T00:00:00Z&to=${iso(today)}`)).toEqual(['to']);
  });
});

it('training needs: what kept work waiting comes first, with who has it, who lacks it least and did such work', async () => {
  interface Need {
    readonly kind: string;
    readonly name: string;
    readonly nearest: readonly { readonly agentId: string; readonly level: number }[];
  }
  const path = `/v1/routing/reports/training-needs?${span}`;
  const { items } = await get<{ readonly items: readonly Need[] }>(path);
  const find = (kind: string, name: string) => items.find((one) => one.kind === kind && one.name === name);
  const repairs = seeded.filter(({ reason }) => reason === 'repair').length;
  expect(find('reason', 'repair')).toMatchObject({
    ...{ team: 'care', items: repairs, served: repairs, shortItems: repairs, shortMs: repairs * 6 * MINUTE_MS },
    ...{ agents: 3, know: 2, meanWaitMs: 6 * MINUTE_MS },
  });
  expect(find('reason', 'question')).toMatchObject({ shortItems: 0, know: 1 });
  expect(find('skill', 'repair')).toMatchObject({ level: 3, queueId: 'desk', know: 1 });
  expect(find('skill', 'repair')?.nearest.map(({ agentId, level }) => [agentId, level])).toEqual([
    ['bert', 2],
    ['carl', 0],
  ]);
  // Who names no language is not asked; carl does, and had a quarter of it all.
  expect(find('language', 'fr')).toMatchObject({ servedWithout: 448, know: 2 });
  const patient = await get<{ readonly items: readonly object[] }>(`${path}&longerThan=PT10M`);
  for (const one of patient.items) expect(one).toMatchObject({ shortItems: 0 });
  expect(await get(`${path}&team=other`)).toMatchObject({ items: [] });
  // Who lacks it is told to who may read agents.
  const answer = await service.call('GET', path, undefined, { authorization: `Bearer ${WORK_TOKEN}` });
  const { items: anonymous } = answer.body as { readonly items: readonly Need[] };
  expect(anonymous).toHaveLength(items.length);
  expect(anonymous.flatMap(({ nearest }) => nearest)).toEqual([]);
});

/** One more than is looked at: agents of a team, who each finished something of one reason and one product. */
const CROWD = `with crowd as (select 'crowd-' || lpad(n::text, 5, '0') as id, n from generate_series(1, 10001) n),
  agents as (insert into agent (id, version, definition, revision, status)
    select id, 1, jsonb_build_object('name', id, 'team', 'crowd', 'skills', '{}'::jsonb, 'languages', '[]'::jsonb,
      'territories', '[]'::jsonb, 'products', '[]'::jsonb, 'capacity', '{"default": 1}'::jsonb), 1, 'offline' from crowd),
  cases as (insert into case_work (id, version, case_version, case_facts, contact_facts, contact_point, choice_due)
    select id, 1, 1, jsonb_build_object('id', id, 'reason', 'crowded', 'product', 'crowd', 'priority', 3, 'status', 'open', 'attributes', '{}'::jsonb),
           '{"channel": "phone", "attributes": {}}', 'phone:+43', false from crowd)
  insert into work_item (id, version, case_id, queue_id, status, agent_id, channel, priority, enqueued_at, avoid)
    select id, 1, id, 'desk', 'completed', id, 'phone', 3, $1::timestamptz + n * interval '1 second', '[]' from crowd`;

it('given more agents and more of what they finished than is looked at, then training needs say so', async () => {
  const from = '2019-01-01T00:00:00.000Z';
  const path = `/v1/routing/reports/training-needs?from=${from}&to=2019-01-02T00:00:00.000Z`;
  await inTables((database) => database.query(CROWD, [from]));
  const answer = await get<{ readonly items: readonly object[]; readonly truncated: readonly string[] }>(path);
  // Work without a team of its own is its queue's: nobody of the crowd is asked about.
  expect(answer.truncated).toEqual(['finished']);
  const [first] = answer.items;
  expect(first).toMatchObject({ team: 'care', items: 10_001 });
  await inTables((database) =>
    database.query(`update work_item set terms = '{"team": "crowd"}' where id like 'crowd-%'`, []),
  );
  const crowded = await get<{ readonly truncated: readonly string[] }>(path);
  expect(crowded.truncated).toEqual(['agents', 'finished']);
  expect(await get(`/v1/routing/reports/training-needs?${span}`)).toMatchObject({ truncated: [] });
});

const MANY_OFFERS = `insert into reservation (id, version, work_item_id, case_id, agent_id, status, created_at, expires_at)
  select 'many-' || n, 1, 'seed-00000', 'seed-00000', 'bert', 'timeout', $1::timestamptz + n * interval '1 second', $1
    from generate_series(1, 50001) n`;

/** One every second before, each finished an hour after. */
const MANY_BEGUN = `insert into reservation (id, version, work_item_id, case_id, agent_id, status, created_at, expires_at, accepted_at, ended_at)
  select 'begun-' || n, 1, 'seed-00000', 'seed-00000', 'bert', 'completed', $1::timestamptz - n * interval '1 second', $1,
         $1::timestamptz - n * interval '1 second', $1::timestamptz + interval '1 hour'
    from generate_series(1, 10001) n`;

describe('what is replayed of a span', () => {
  const agents = [{ id: 'bert', busyMs: 0 }];
  const ask = async (from: string, to: string, token = TOKEN) => {
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await service.call('POST', '/v1/routing/what-if', { from, to }, headers);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as object;
  };

  it('given more offers than are replayed, then the answer says so; without agents:read it names nobody', async () => {
    const from = '2020-01-01T00:00:00.000Z';
    await inTables((database) => database.query(MANY_OFFERS, [from]));
    expect(await ask(from, '2020-01-02T00:00:00.000Z')).toMatchObject({
      ...{ items: 0, truncated: true, offers: { recorded: 50_001, replayed: 50_000 }, scenarios: [{ agents }] },
      begun: { recorded: 0, replayed: 0 },
    });
    expect(await ask(from, '2020-01-01T01:00:00.000Z', WORK_TOKEN)).toMatchObject({
      ...{ truncated: false, offers: { recorded: 3599, replayed: 3599 }, scenarios: [{ agents: [] }] },
    });
  });

  it('given more work that was begun before than is replayed, then the answer says so, and it is found by its index', async () => {
    const [from, later] = ['2021-01-01T00:00:00.000Z', '2021-01-01T01:00:00.000Z'];
    const plan = await inTables(async (database) => {
      await database.query(MANY_BEGUN, [from]);
      await database.query('analyze reservation', []);
      return database.query<{ readonly 'QUERY PLAN': string }>(`explain ${READ_BEGUN}`, [later, 10]);
    });
    expect(await ask(from, '2021-01-02T00:00:00.000Z')).toMatchObject({
      ...{ truncated: true, begun: { recorded: 10_001, replayed: 10_000 }, offers: { recorded: 0, replayed: 0 } },
    });
    expect(await ask(later, '2021-01-02T00:00:00.000Z')).toMatchObject({
      ...{ truncated: false, begun: { recorded: 0, replayed: 0 } },
    });
    const steps = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(steps).toContain('reservation_worked');
    expect(steps).not.toContain('Seq Scan on reservation');
  });
});

describe('the forecast of staffing', () => {
  interface Interval {
    readonly from: string;
    readonly open: boolean;
    readonly arrivals: number;
    readonly erlangs: number;
    readonly agents: number;
    readonly scheduled: number;
    readonly inTime?: number;
  }
  interface Forecast {
    readonly handlingMs: number;
    readonly learned: { readonly weeks: number; readonly error: { readonly wape: number; readonly naiveWape: number } };
    readonly items: readonly Interval[];
    readonly warnings: readonly string[];
  }
  const path = '/v1/routing/staffing-forecast?queueId=desk';
  const days = `from=${iso(today + DAY_MS)}&to=${iso(today + 2 * DAY_MS)}`;

  it('given weeks alike, then the next day is like them: four an hour from nine, nobody while it is closed', async () => {
    const forecast = await get<Forecast>(`${path}&${days}&interval=PT1H&shrinkage=0.3&within=PT20S`);
    const { items, learned, handlingMs, warnings } = forecast;
    expect(learned.weeks).toBe(WEEKS);
    expect(learned.error.wape).toBeLessThan(0.05);
    expect(warnings).toEqual([]);
    // A third 20 min, of which a quarter 40; two thirds 5; and two more on average; pauses apart.
    expect(handlingMs / MINUTE_MS).toBeCloseTo(13.7, 0);
    expect(items).toHaveLength(24);
    expect(items.map(({ open }) => open).indexOf(true)).toBe(8);
    for (const { from, open, arrivals, agents, scheduled, inTime } of items) {
      const hour = new Date(from).getUTCHours();
      expect(arrivals).toBeCloseTo(hour >= 9 && hour < 17 ? 4 : 0, 1);
      expect(agents > 0).toBe(open && hour >= 9 && hour < 17);
      expect(scheduled).toBeGreaterThanOrEqual(agents);
      if (agents > 0) expect(inTime).toBeGreaterThanOrEqual(0.8);
    }
  });

  it('given patience and what is stated about handling, then it is Erlang A with that', async () => {
    const forecast = await get<Forecast>(`${path}&${days}&interval=PT1H&handling=PT30M&patience=PT1M`);
    expect(forecast).toMatchObject({ model: 'erlang-a', handlingMs: 30 * MINUTE_MS, finished: 0 });
    expect(forecast.items[10]?.erlangs).toBeCloseTo(2, 1);
  });

  it('given a queue to which nothing came, then that is said', async () => {
    const forecast = await get<Forecast>('/v1/routing/staffing-forecast?queueId=default');
    expect(forecast).toMatchObject({ handlingMs: null, learned: { weeks: 0, error: null } });
    expect(forecast.items).toHaveLength(49);
    expect(forecast.warnings).toHaveLength(2);
  });

  it('given what cannot be, then the field is named', async () => {
    expect(await refusals(`${path}&from=${iso(today + 2 * DAY_MS)}&to=${iso(today + DAY_MS)}`)).toEqual(['to']);
    expect(await refusals(`${path}&from=2020-01-01T00:00:00Z`)).toEqual(['from']);
    expect(await refusals(`${path}&to=${iso(today + 90 * DAY_MS)}&interval=PT5M`)).toEqual(['to']);
    expect(await refusals(`${path}&within=P30D`)).toEqual(['within']);
    expect(await refusals(`${path}&handling=PT0S`)).toEqual(['handling']);
    expect(await refusals(`${path}&interval=PT7M`)).toEqual(['interval']);
    expect(await service.call('GET', '/v1/routing/staffing-forecast?queueId=nobody')).toMatchObject({ status: 404 });
  });
});
