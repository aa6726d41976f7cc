/** A house that has worked for long: cases by the million, almost all of them done. */
import { Client } from 'pg';
import { openCaller } from '../../load/http-calls.ts';
import { count } from '../../report/table.ts';
import { copyStories } from '../../seed/stories.ts';
import type { Stage } from '../journey/journey.ts';
import { countsOf } from '../journey/mix.ts';
import { runPhase } from '../journey/phase.ts';

/** Stories that are really lived through, and then copied. */
const MODEL = { name: 'model', ratePerS: 100, seconds: 10 };
/** One case of so many is still open: work waits, clocks run, timers are pending. */
const OPEN = 50;
const CONNECTIONS = 8;
const DRAIN_LIMIT_MS = 600_000;

export async function storeCases(stage: Stage, cases: number): Promise<void> {
  const { context, house } = stage;
  const began = performance.now();
  await runPhase(stage, MODEL);
  await resolveCases(stage);
  await settle(stage, 'resolving the cases of the model');
  const { first } = countsOf(MODEL.ratePerS * MODEL.seconds);
  await copyStories(house.fleet, context, { model: { name: MODEL.name, cases: first }, cases });
  if (cases > first) await writeAgain(stage);
  context.tell(`${count(Math.max(first, cases))} cases stored in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  context.tell(`a case takes ${await bytesOfCase(house.fleet.adminUrl)}`);
}

/** Tables with their indexes, all rows that belong to a case; without what leaves after a while. */
async function bytesOfCase(adminUrl: string): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ schema: string; bytes: number }>(
      `select relnamespace::regnamespace::text as schema,
              (sum(pg_total_relation_size(oid)) / (select count(*) from intake."case"))::float8 as bytes
         from pg_class where relkind = 'r' and relname !~ '^(inbox|outbox|timer)'
          and relnamespace::regnamespace::text in ('intake', 'routing', 'sla', 'customer_360', 'offers')
        group by 1 order by 1`,
    );
    const all = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    return `${count(Math.round(all))} bytes: ${rows.map(({ schema, bytes }) => `${schema} ${count(Math.round(bytes))}`).join(', ')}`;
  } finally {
    await client.end();
  }
}

async function settle({ backlog, context }: Stage, what: string): Promise<void> {
  const onLook = (): void => {
    context.progress(what);
  };
  await backlog.drained({ limitMs: DRAIN_LIMIT_MS, signal: context.signal, onLook });
}

/** A sender of a copied story writes again: every service has to take it for the customer it knows. */
async function writeAgain(stage: Stage): Promise<void> {
  const { fleet } = stage.house;
  const client = new Client({ connectionString: fleet.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; customer: string }>(
      `select id, customer_id as customer from customer_360.identity where id like 'user:c0-%' order by id limit 1`,
    );
    const [sender] = rows;
    const body = { channel: 'web', from: { address: sender?.id }, text: 'Once more about my contract' };
    const receipt = await stage.house.post<{ contactId: string; caseCreated: boolean }>('intake', '/v1/contacts', body);
    await settle(stage, 'a copied sender writes again');
    const found = await client.query<{ customer: string; decided: boolean }>(
      `select customer_id as customer, exists (select 1 from offers.decision d where d.id = e.id and d.customer_id = e.customer_id)
         as decided from customer_360.timeline_entry e where id = $1`,
      [receipt.contactId],
    );
    const [entry] = found.rows;
    if (receipt.caseCreated || entry?.customer !== sender?.customer || entry?.decided !== true) {
      throw new Error(`the copied stories do not go on: ${JSON.stringify({ sender, receipt, entry })}`);
    }
  } finally {
    await client.end();
  }
}

async function resolveCases({ house }: Stage): Promise<void> {
  const client = new Client({ connectionString: house.fleet.adminUrl });
  await client.connect();
  const [replica] = house.fleet.of('intake');
  const caller = openCaller({ url: replica?.url ?? '', token: house.fleet.token, connections: CONNECTIONS });
  try {
    const { rows } = await client.query<{ id: string }>('select id from intake."case" order by id');
    const done = rows.filter((_, at) => at % OPEN > 0);
    const body = JSON.stringify({ status: 'resolved' });
    await Promise.all(done.map(({ id }) => caller.call({ method: 'POST', path: `/v1/cases/${id}/status`, body })));
  } finally {
    await caller.close();
    await client.end();
  }
}
