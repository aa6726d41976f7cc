/** What to offer this customer now? Asked by REST while the customer waits. */
import { Client } from 'pg';
import { count } from '../report/table.ts';
import type { Scenario, ScenarioResult } from '../scenario.ts';
import { openCaseId, seedOfferCustomers } from '../seed/offer-customers.ts';
import { customerId } from '../seed/profiles.ts';
import { answeredPerS, othersFact, phaseFact } from './calls/phase.ts';
import { onCallStage, runSteady, type CallStage } from './calls/stage.ts';

const STORED = 100_000;
const OFFERS = 200;
const RATE = 1000;
const CONNECTIONS = 64;
const REASONS = ['contract', 'billing', 'outage', 'moving', 'cancellation'];

export const decide: Scenario = {
  name: 'decide',
  summary: 'POST /v1/decisions, each over 200 offers with a trigger and an eligibility of their own',
  run: (context) => onCallStage(context, { service: 'offers', connections: CONNECTIONS }, measure),
};

/** An offer as a marketer writes it: for one reason, to those who have or lack something. No two are alike. */
export function offerAt(n: number): object {
  const reason = REASONS[n % REASONS.length] ?? '';
  const triggers = [
    `contact.reason == "${reason}"`,
    `contact.reason == "${reason}" && contact.channel != "phone"`,
    `contact.text.contains("moved") && contact.reason == "${reason}"`,
    `contact.reason == "${reason}" && profile.tier == "gold"`,
  ];
  const eligibilities = [
    `!profile.products.exists(p, p.id == "product-${String(n % 20)}")`,
    `profile.usage.dataGb.last >= ${String(n % 40)}`,
    `profile.openCases <= 3 && sla.breachedOpen == 0`,
  ];
  return {
    name: `Offer ${String(n)}`,
    trigger: triggers[Math.floor(n / REASONS.length) % triggers.length],
    eligibility: eligibilities[n % eligibilities.length],
    incentive: { text: 'The first month is free', value: { minorUnits: 1990, currency: 'EUR' } },
    value: { minorUnits: 1000 + 37 * n, currency: 'EUR' },
    ...(n % 7 === 0 ? { channels: ['email', 'web', 'app'] } : {}),
  };
}

async function measure(stage: CallStage): Promise<ScenarioResult> {
  const { context, house, caller } = stage;
  const { rate = RATE, stored = STORED } = context.options;
  for (let n = 0; n < OFFERS; n += 1)
    await house.put('offers', `/v1/offers/offer-${String(n).padStart(3, '0')}`, offerAt(n));
  await seedOfferCustomers(house.fleet.adminUrl, context, stored);
  const made = new Set<string>();
  let bytes = 0;
  const ask = async (): Promise<void> => {
    const n = Math.floor(Math.random() * stored);
    const body = JSON.stringify({ customerId: customerId(n), caseId: openCaseId(n), channel: 'email' });
    const text = await caller.call({ method: 'POST', path: '/v1/decisions', body });
    bytes += text.length;
    made.add(text.slice('{"id":"'.length, '{"id":"'.length + 36));
  };
  const steady = await runSteady(stage, rate, ask);
  const stood = await readDecisions(house.fleet.adminUrl, made);
  return {
    offeredPerS: rate,
    achievedPerS: answeredPerS(steady),
    latency: steady.latency,
    lost: stood.lost,
    duplicated: stood.decisions - stood.different,
    processes: steady.use.processes,
    facts: [
      ['stored', `${count(stored)} customers with an open case each, ${String(OFFERS)} offers`],
      [
        'an answer',
        `${count(bytes / Math.max(1, made.size))} bytes on average: every offer, and why it was made or not`,
      ],
      ['a decision', `${stood.offered.toFixed(1)} offers made on average`],
      phaseFact(steady),
      othersFact(steady),
      ['answered', `${count(made.size)}; stored ${count(stood.decisions)}`],
    ],
  };
}

async function readDecisions(adminUrl: string, made: ReadonlySet<string>) {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; offered: number }>(
      'select id, jsonb_array_length(offers) as offered from offers.decision',
    );
    const found = new Set(rows.map(({ id }) => id));
    return {
      decisions: rows.length,
      different: found.size,
      offered: rows.reduce((sum, { offered }) => sum + offered, 0) / Math.max(1, rows.length),
      lost: [...made].filter((id) => !found.has(id)).length,
    };
  } finally {
    await client.end();
  }
}
