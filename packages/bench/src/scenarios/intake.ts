/** Contacts by REST, acknowledged when durable, with nobody but intake running. */
import { Client } from 'pg';
import { watchBacklog } from '../house/backlog.ts';
import { openHouse, type House } from '../house/house.ts';
import { openCaller, type HttpCaller } from '../load/http-calls.ts';
import { count } from '../report/table.ts';
import type { Fact, Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import { answeredPerS, othersFact, phaseFact, runCalls, type CallPhase } from './calls/phase.ts';
import { labelOf, MIX, PAYLOAD_BYTES, recordAt } from './journey/mix.ts';

/** Where the latency is measured, and what is offered to find how much can be taken in, a second. */
const LATENCY_RATE = 4000;
const FULL_RATE = 8000;
const CONNECTIONS = 128;
const DRAIN_LIMIT_MS = 600_000;

export const intake: Scenario = {
  name: 'intake',
  summary: 'POST /v1/contacts, acknowledged when durable; the other four services stand still',
  run: async (context) => {
    const house = await openHouse(context, { services: ['intake'] });
    const [replica] = house.fleet.of('intake');
    const caller = openCaller({ url: replica?.url ?? '', token: house.fleet.token, connections: CONNECTIONS });
    try {
      return await measure({ context, house, caller });
    } finally {
      await caller.close();
      await house.stop();
    }
  },
};

interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly caller: HttpCaller;
}

async function measure(stage: Stage): Promise<ScenarioResult> {
  const { rate, seconds, warmUpSeconds } = stage.context.options;
  const sent = new Set<string>();
  const run = (name: string, ratePerS: number, length: number): Promise<CallPhase> =>
    runCalls(stage, { name, ratePerS, seconds: length, call: (index) => send(stage.caller, name, { index, sent }) });
  await run('warmup', (rate ?? LATENCY_RATE) / 2, Math.max(1, warmUpSeconds));
  const steady = await run('steady', rate ?? LATENCY_RATE, seconds);
  const full = rate === undefined ? await run('full', FULL_RATE, seconds) : steady;
  stage.context.tell('waiting until everything is published, counting the rows');
  await drain(stage);
  const stored = await readStored(stage.house.fleet.adminUrl, sent);
  return {
    offeredPerS: full.ratePerS,
    achievedPerS: answeredPerS(full),
    latency: steady.latency,
    lost: stored.lost,
    duplicated: stored.duplicated,
    processes: full.use.processes,
    facts: [
      ['payload', `${String(PAYLOAD_BYTES)} bytes; two of nine contacts are follow-ups of known senders`],
      ['latency measured at', `${count(steady.ratePerS)}/s, ${String(CONNECTIONS)} connections`],
      phaseFact(steady),
      ...(full === steady ? [] : [phaseFact(full)]),
      othersFact(full),
      ...stored.facts,
    ],
  };
}

/** A contact is known by its label from end to end. */
async function send(
  caller: HttpCaller,
  name: string,
  { index, sent }: { index: number; sent: Set<string> },
): Promise<void> {
  const number = contactNumber(index);
  await caller.call({ method: 'POST', path: '/v1/contacts', body: recordAt(name, number).value });
  sent.add(labelOf(name, number));
}

/** The number in the journey's mix of contact number `index`: its activities are left out. */
export function contactNumber(index: number): number {
  const contacts = MIX.firsts + MIX.followUps;
  return Math.floor(index / contacts) * MIX.of + (index % contacts);
}

async function drain({ house, context }: Stage): Promise<void> {
  const backlog = await watchBacklog(house.fleet);
  try {
    await backlog.drained({
      limitMs: DRAIN_LIMIT_MS,
      signal: context.signal,
      onLook: () => {
        context.progress('publishing what is left in the outbox');
      },
    });
  } finally {
    await backlog.close();
  }
}

interface Stored {
  readonly lost: number;
  readonly duplicated: number;
  readonly facts: readonly Fact[];
}

/** Compares what was acknowledged with what is there, one by one. */
async function readStored(adminUrl: string, sent: ReadonlySet<string>): Promise<Stored> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; times: string }>(
      'select external_id as id, count(*)::text as times from intake.contact group by 1',
    );
    const found = new Set(rows.map(({ id }) => id));
    const lost = [...sent].filter((label) => !found.has(label)).length;
    const duplicated = rows.reduce((sum, { times }) => sum + Number(times) - 1, 0);
    const { rows: others } = await client.query<{ messages: string; told: string }>(
      `select (select count(distinct contact_id) from intake.message)::text as messages,
              (select count(*) from intake.outbox_history where headers::jsonb->>'ce_type' in
                ('switchboard.intake.v1.CaseOpened', 'switchboard.intake.v1.MessageReceived'))::text as told`,
    );
    const facts: Fact[] = [
      ['acknowledged', `${count(sent.size)}; stored ${count(found.size)}`],
      ['messages', `${others[0]?.messages ?? '?'} of ${String(found.size)}`],
      ['events published', `${others[0]?.told ?? '?'} of ${String(found.size)}`],
    ];
    return { lost, duplicated, facts };
  } finally {
    await client.end();
  }
}
