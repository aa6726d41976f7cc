/** Takes the snapshot: the five schemas as the database's owner sees them, and what was read from the topics. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Acknowledged } from './entries.ts';
import {
  serviceNames,
  type DeadLetter,
  type HistoryEvent,
  type Leftovers,
  type ServiceName,
  type Snapshot,
  type Tables,
} from './snapshot.ts';
import { eventOf, type TopicReader } from './topics.ts';

export interface CollectOptions {
  readonly adminUrl: string;
  readonly reader: TopicReader;
  readonly acknowledged: Acknowledged;
  readonly quietAt: readonly string[];
  readonly calm: boolean;
}

export async function collect(options: CollectOptions): Promise<Snapshot> {
  const { adminUrl, reader, acknowledged, quietAt, calm } = options;
  return withAdmin(adminUrl, async (admin) => {
    const told = await whatWasTold(admin, reader);
    const takenAt = await databaseTime(admin);
    return {
      acknowledged,
      ...told,
      deadLetters: await perService((service) => deadLetters(admin, service)),
      leftovers: await perService(async (service) => [await whatStays(admin, service)]),
      tables: await tables(admin),
      takenAt,
      quietAt: [...quietAt, takenAt],
      calm,
    };
  });
}

/** Runs with one connection of the database's owner. */
export async function withAdmin<T>(adminUrl: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: adminUrl, options: '-c timezone=UTC' });
  // A database that is killed under it fails the statement; unheard, the event would end the process.
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end().catch(() => undefined);
  }
}

async function databaseTime(admin: Client): Promise<string> {
  const { rows } = await admin.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]?.now.toISOString() ?? '';
}

async function perService<T>(read: (service: ServiceName) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for (const service of serviceNames) all.push(...(await read(service)));
  return all;
}

const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');

async function history(admin: Client, service: ServiceName): Promise<HistoryEvent[]> {
  const { rows } = await admin.query<{ number: string; headers: string; value: string | null }>(
    `select number::text, headers, value from ${schemaOf(service)}.outbox_history order by outbox_history.number`,
  );
  return rows.flatMap(({ number, headers, value }) => {
    const event = eventOf(service, JSON.parse(headers) as Record<string, string>, value);
    return event === undefined ? [] : [{ ...event, number: Number(number) }];
  });
}

async function deadLetters(admin: Client, service: ServiceName): Promise<DeadLetter[]> {
  const { rows } = await admin.query<DeadLetter>(
    `select $1::text as service, id::text, reason, error, topic, headers, replayed_at is not null as replayed
       from ${schemaOf(service)}.dead_letter order by id`,
    [service],
  );
  return rows;
}

/** What sla learns from time to time and whenever its watch has a new owner: nobody sent anything that asked for it. */
const BY_THE_CLOCK = 'fit-risk';

/** Looks after which what is there counts as left lying, and between two of them, ms. */
const LOOKS = 20;
const BETWEEN = 250;

/**
 * What the clock tells may be on its way from the history to its topic at any moment: what was written before is waited for
 * on the topics, and what is on the topics is looked for in what was written since.
 */
async function whatWasTold(admin: Client, reader: TopicReader): Promise<Pick<Snapshot, 'topics' | 'history'>> {
  const before = await perService((service) => history(admin, service));
  let topics = reader.events();
  for (let looks = 1; looks < LOOKS && !isPart(before, topics); looks += 1) {
    await sleep(BETWEEN);
    topics = reader.events();
  }
  if (isPart(topics, before)) return { topics, history: before };
  const read = new Set(topics.map(({ id }) => id));
  const since = await perService((service) => history(admin, service));
  return { topics, history: since.filter(({ id }) => read.has(id)).concat(lacking(before, read)) };
}

type Told = readonly { readonly id: string }[];

function isPart(some: Told, all: Told): boolean {
  const ids = new Set(all.map(({ id }) => id));
  return some.every(({ id }) => ids.has(id));
}

const lacking = (events: readonly HistoryEvent[], ids: ReadonlySet<string>): HistoryEvent[] =>
  events.filter(({ id }) => !ids.has(id));

/** Estimates of waits are told by the clock, and so may be on their way at any moment: left lying is what does not leave. */
async function whatStays(admin: Client, service: ServiceName): Promise<Leftovers> {
  for (let looks = 1; ; looks += 1) {
    const left = await leftovers(admin, service);
    const { outbox, waiting, effects, overdueTimers } = left;
    if (outbox + waiting + effects + overdueTimers.length === 0 || looks === LOOKS) return left;
    await sleep(BETWEEN);
  }
}

/** What is still there to be done by a service. */
export async function leftovers(admin: Client, service: ServiceName): Promise<Leftovers> {
  const schema = schemaOf(service);
  const { rows } = await admin.query<Omit<Leftovers, 'service'>>(
    `select (select count(*)::int from ${schema}.outbox) as outbox,
            (select count(*)::int from ${schema}.waiting) as waiting,
            (select coalesce(array_agg(kind || ' ' || id), '{}') from ${schema}.timer
              where due < clock.now() - interval '2 seconds') as "overdueTimers",
            (select count(*)::int from ${schema}.effect where kind <> '${BY_THE_CLOCK}') as effects`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a query without from answers one row');
  return { service, ...row };
}

async function tables(admin: Client): Promise<Tables> {
  const all = async <T extends object>(text: string): Promise<T[]> => (await admin.query<T>(text)).rows;
  const ids = async (text: string): Promise<string[]> => (await all<{ id: string }>(text)).map(({ id }) => id);
  const facts = await all<{ id: string; customerId: string }>(
    'select id, customer_id as "customerId" from intake.case_facts where customer_id is not null',
  );
  return {
    intake: {
      cases: await all('select id, version, status from intake.case'),
      contacts: await all(`select id, case_id as "caseId", attributes->>'ledger' as number from intake.contact`),
      messages: await all('select id, case_id as "caseId" from intake.message'),
      attributed: Object.fromEntries(facts.map(({ id, customerId }) => [id, customerId])),
    },
    routing: {
      caseIds: await ids('select id from routing.case_work'),
      agents: await all('select id, version, status from routing.agent'),
      holds: await all(
        `select d.id as "agentId", h->>'reservationId' as "reservationId", h->>'workItemId' as "workItemId"
           from routing.desk d cross join lateral jsonb_array_elements(d.holds) h`,
      ),
      items: await all(
        `select id, version, case_id as "caseId", status, (plan_step is not null or callback_id is not null) as "isExtra"
           from routing.work_item`,
      ),
      reservations: await all(
        'select id, work_item_id as "workItemId", agent_id as "agentId", status from routing.reservation',
      ),
      plans: await all('select id, version, status, steps, heard from routing.plan'),
      callbacks: await all(
        `select id, version, status, attempts, (terms->>'attempts')::int as most, work_item_id as "workItemId"
           from routing.callback`,
      ),
    },
    sla: {
      caseIds: await ids('select id from sla.case_clocks'),
      clocks: await all(clockRows),
      labels: await all('select id as "caseId", labels from sla.case_clocks'),
    },
    customer360: {
      activities: await all(
        `select activity_id as "activityId", body->>'externalId' as number, customer_id as "customerId"
           from customer_360.activity`,
      ),
      customers: await all(
        `select id, version, contact_points as "contactPoints", (purchases->>'count')::int as purchases,
                coalesce((purchases->'spend'->>'EUR')::float8, 0) as spend
           from customer_360.customer where merged_into is null`,
      ),
      caseIds: await ids('select id from customer_360.case_link'),
      timelineIds: await ids('select id from customer_360.timeline_entry'),
    },
    offers: { decisions: await all('select id, version, case_id as "caseId" from offers.decision') },
  };
}

const iso = (column: string, name: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "${name}"`;

const clockRows = `select id, version - coalesce((risk ->> 'untold')::int, 0) as version, case_id as "caseId", policy_id as "policyId", target, status,
  ${iso('started_at', 'startedAt')}, ${iso('due_at', 'dueAt')}, ${iso('met_at', 'metAt')},
  ${iso('breached_at', 'breachedAt')}, ${iso('canceled_at', 'canceledAt')}, segments from sla.clock`;
