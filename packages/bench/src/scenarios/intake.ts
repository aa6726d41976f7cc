/** Contacts by REST, acknowledged when durable, with nobody but intake running. */
import { Client } from 'pg';
import { watchBacklog } from '../house/backlog.ts';
import type { HttpCaller } from '../load/http-calls.ts';
import { count } from '../report/table.ts';
import type { Fact, Scenario, ScenarioResult } from '../scenario.ts';
import { answeredPerS, othersFact, phaseFact, runCalls } from './calls/phase.ts';
import { onCallStage, runSteady, type CallStage } from './calls/stage.ts';
import { labelOf, MIX, PAYLOAD_BYTES, recordAt } from './journey/mix.ts';

/** Where the latency is measured, and what is offered to find how much can be taken in, a second. */
const LATENCY_RATE = 4000;
const FULL_RATE = 8000;
const CONNECTIONS = 128;
const DRAIN_LIMIT_MS = 600_000;

export const intake: Scenario = {
  name: 'intake',
  summary: 'POST /v1/contacts, acknowledged when durable; the other four services stand still',
  run: (context) => onCallStage(context, { service: 'intake', connections: CONNECTIONS }, measure),
};

async function measure(stage: CallStage): Promise<ScenarioResult> {
  const { rate, seconds } = stage.context.options;
  const sent = new Set<string>();
  const call = (index: number, phase: string): Promise<void> => send(stage.caller, phase, { index, sent });
  const steady = await runSteady(stage, rate ?? LATENCY_RATE, call);
  const atFullRate = { name: 'full', ratePerS: FULL_RATE, seconds, call: (index: number) => call(index, 'full') };
  const full = rate === undefined ? await runCalls(stage, atFullRate) : steady;
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

async function drain({ house, context }: CallStage): Promise<void> {
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
