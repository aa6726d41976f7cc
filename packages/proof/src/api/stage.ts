/** Puts something behind every id: agents with work, cases with clocks, customers with decisions, dead letters. */
import fc from 'fast-check';
import type { Fleet } from '@switchboard/fleet';
import { eventually } from '@switchboard/testing';
import { call, emptyRequest, told, type Answer, type Request } from './call.ts';
import type { Known } from './known.ts';
import type { Operation } from './operations.ts';
import { STAGE } from './recipes.ts';
import { beginPlans } from './stage-plans.ts';
import { goodRequest } from './requests.ts';
import { aside, ownQueue } from './work-recipes.ts';

export interface StageOptions {
  readonly fleet: Fleet;
  readonly operations: readonly Operation[];
  readonly known: Known;
  /** Of everything that calls use up. */
  readonly plenty: number;
  readonly seed: number;
  /** Told of every answer. */
  readonly seen?: (operation: Operation, status: number) => void;
}

export const stageAgents = [`${STAGE}anna`, `${STAGE}bob`] as const;

/** Resolves when what was sent in has had its effects in all services. */
export async function setStage(options: StageOptions): Promise<void> {
  await configure(options);
  await Promise.all([sow(options), poison(options)]);
  await settled(options);
  const { known, plenty } = options;
  await beginPlans({ known, plenty, agents: stageAgents, ask: (name, part) => ask(options, name, part) });
  await accept(options);
}

async function ask(
  { fleet, operations, known, seen }: StageOptions,
  name: string,
  part: Partial<Request>,
): Promise<Answer> {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  const json: Record<string, string> = part.body === undefined ? {} : { 'content-type': 'application/json' };
  const request = { ...emptyRequest, ...part, headers: json };
  const answer = await call(operation, request, fleet.token);
  seen?.(operation, answer.status);
  if (answer.status > 299) throw new Error(`the stage is not set: ${told(operation, request, answer)}`);
  known.learn(operation, request, answer);
  return answer;
}

async function configure(options: StageOptions): Promise<void> {
  const put = (name: string, id: string, body: object): Promise<Answer> =>
    ask(options, name, { path: { id }, body: JSON.stringify(body) });
  await put('PUT /v1/queues/{id}', 'default', { match: 'true', reservationTimeout: 'PT12H' });
  await Promise.all(
    stageAgents.map(async (id) => {
      await put('PUT /v1/agents/{id}', id, { name: id, capacity: { default: 1000 } });
      await put('POST /v1/agents/{id}/presence', id, { status: 'available' });
    }),
  );
  await setAside(options, put);
  await escalate(put);
  await plan(put, options.plenty);
  const value = { minorUnits: 900, currency: 'EUR' };
  await put('PUT /v1/offers/{id}', `${STAGE}offer`, { name: 'stage', trigger: 'true', value });
}

/** Work that nobody serves: it waits, whatever else is called. */
async function setAside(
  options: StageOptions,
  put: (name: string, id: string, body: object) => Promise<Answer>,
): Promise<void> {
  await put('PUT /v1/queues/{id}', aside, {
    order: -1_000_000,
    match: 'contact.channel == "carrier pigeon" && contact.product == "aside"',
    targets: [{ teams: ['nobody'] }],
  });
  await put('PUT /v1/queues/{id}', ownQueue, {
    match: 'case.channel == "carrier pigeon"',
    reservationTimeout: 'PT12H',
  });
  for (let n = 0; n < 6; n += 1)
    await ask(options, 'POST /v1/contacts', {
      body: JSON.stringify({
        channel: 'carrier pigeon',
        from: { address: `email:aside-${String(n)}@stage.example` },
        product: 'aside',
      }),
    });
}

/** Calendars that are to become others, so that plans can be withdrawn. */
async function plan(put: (name: string, id: string, body: object) => Promise<Answer>, plenty: number): Promise<void> {
  const calendar = { union: ['always'] };
  await Promise.all(
    Array.from({ length: plenty }, async (_, n) => {
      const id = `${STAGE}planned-${String(n)}`;
      await put('PUT /v1/calendars/{id}', id, calendar);
      await put('PUT /v1/calendars/{id}', id, { intersection: ['always'] });
      await put('PUT /v1/calendars/{id}', id, { ...calendar, effectiveFrom: '2100-01-01T00:00:00Z' });
    }),
  );
}

/** Promises that are broken at once, and people who are told of it and have time to answer. */
async function escalate(put: (name: string, id: string, body: object) => Promise<Answer>): Promise<void> {
  await put('PUT /v1/policies/{id}', `${STAGE}hurry`, {
    order: -1_000_000,
    match: 'case.channel == "sms" || case.channel == "phone"',
    calendarId: 'always',
    targets: { resolution: 'PT1S' },
  });
  await put('PUT /v1/dimensions/{id}', `${STAGE}country`, { value: 'case.attributes.country' });
  await put('PUT /v1/ladders/{id}', `${STAGE}ladder`, {
    order: -1_000_000,
    when: { breached: true },
    levels: [{ notify: { agents: stageAgents }, acknowledgeWithin: 'P1D' }],
  });
}

/** Resources to be deleted, contacts to be worked on: by good requests of the routes themselves. */
async function sow({ fleet, operations, known, plenty, seed, seen }: StageOptions): Promise<void> {
  const sown = operations.filter(
    ({ method, path }) =>
      (method === 'PUT' && !path.includes('/webhooks/')) ||
      (method === 'POST' && path.endsWith('/webhooks')) ||
      path === '/v1/contacts' ||
      path === '/v1/channels/email/messages',
  );
  for (const operation of sown) {
    if (operation.method === 'GET') continue;
    const many = operation.path === '/v1/contacts' ? 5 * plenty : plenty;
    const requests = fc.sample(goodRequest(operation, known), { numRuns: many, seed });
    await Promise.all(
      requests.map(async (request) => {
        const answer = await call(operation, request, fleet.token);
        seen?.(operation, answer.status);
        known.learn(operation, request, answer);
      }),
    );
  }
}

/** A record that nobody can read, in every topic that somebody listens to. */
async function poison({ fleet, plenty }: StageOptions): Promise<void> {
  const bus = fleet.openBus('proof');
  try {
    const topics = ['contacts', 'activities', 'intake', 'routing', 'customer-360', 'sla', 'offers'];
    const few = Math.ceil(plenty / 4);
    await bus.publish(
      topics.flatMap((topic) =>
        Array.from({ length: few }, (_, n) => ({
          topic: `${fleet.prefix}.${topic}`,
          key: `poison-${String(n)}`,
          value: Buffer.from('{"this is": "no event"'),
          headers: {},
        })),
      ),
    );
  } finally {
    await bus.close();
  }
}

/** Some work is taken already, so that it can be finished. */
async function accept(options: StageOptions): Promise<void> {
  await refresh(options);
  const pending = options.known.all('/v1/reservations', ({ status }) => status === 'pending');
  for (const [id] of pending.slice(0, 2 * options.plenty))
    await ask(options, 'POST /v1/reservations/{id}/accept', { path: { id } });
}

/** What is pending now, and what no longer is. */
async function refresh(options: StageOptions): Promise<void> {
  for (const status of ['pending', 'canceled', 'timeout', 'rescinded'])
    for (const id of stageAgents)
      await ask(options, 'GET /v1/agents/{id}/reservations', { path: { id }, query: { limit: '200', status } });
}

async function settled(options: StageOptions): Promise<void> {
  const { operations, known, plenty } = options;
  // Reports are about what has ended or is in danger: on this stage nothing is.
  const lists = operations.filter(
    ({ method, path, isStream }) =>
      method === 'GET' &&
      !isStream &&
      !path.includes('{') &&
      path.startsWith('/v1/') &&
      !path.includes('webhook') &&
      !path.startsWith('/v1/clocks/') &&
      !path.startsWith('/v1/routing/reports/') &&
      path !== '/v1/routing/staffing-forecast' &&
      // They are begun on what has settled.
      path !== '/v1/plans' &&
      path !== '/v1/callbacks',
  );
  await eventually(
    async () => {
      for (const { name } of lists) {
        const { json } = await ask(options, name, { query: { limit: '200' } });
        if ((json as { items: unknown[] }).items.length === 0) throw new Error(`${name} is still empty`);
      }
      await refresh(options);
      const offered = known.all('/v1/reservations', ({ status }) => status === 'pending').length;
      if (offered < 3 * plenty) throw new Error(`only ${String(offered)} reservations`);
      const decided = known.all('/v1/decisions', ({ offers }) => Array.isArray(offers) && offers.length > 0).length;
      if (decided < plenty) throw new Error(`only ${String(decided)} decisions with offers`);
    },
    { timeoutMs: 60_000 },
  );
}
