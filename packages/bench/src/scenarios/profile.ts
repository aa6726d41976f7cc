/** An agent's desktop: the customer and the first page of the timeline, asked for at once. */
import { count } from '../report/table.ts';
import type { Scenario, ScenarioResult } from '../scenario.ts';
import { customerId, momentsOf, seedProfiles } from '../seed/profiles.ts';
import { answeredPerS, othersFact, phaseFact } from './calls/phase.ts';
import { onCallStage, runSteady, type CallStage } from './calls/stage.ts';

const STORED = 1_000_000;
const RATE = 4000;
const CONNECTIONS = 64;

export const profile: Scenario = {
  name: 'profile',
  summary: 'GET a customer and a page of the timeline, out of a million profiles',
  run: (context) => onCallStage(context, { service: 'customer-360', connections: CONNECTIONS }, measure),
};

async function measure(stage: CallStage): Promise<ScenarioResult> {
  const { context, house, caller } = stage;
  const { rate = RATE, stored = STORED } = context.options;
  const began = performance.now();
  await seedProfiles(house.fleet.adminUrl, context, stored);
  const seeded = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  let wrong = 0;
  /** Views and pages in turn: both belong to what an agent sees. */
  const read = async (index: number): Promise<void> => {
    const id = customerId(Math.floor(Math.random() * stored));
    const path = `/v1/customers/${id}`;
    const text = await caller.call({ method: 'GET', path: index % 2 === 0 ? path : `${path}/timeline` });
    const fits = index % 2 === 0 ? text.startsWith(`{"id":"${id}"`) : text.startsWith('{"items":[{"id"');
    if (!fits) wrong += 1;
  };
  const steady = await runSteady(stage, rate, read);
  return {
    offeredPerS: rate,
    achievedPerS: answeredPerS(steady),
    latency: steady.latency,
    lost: wrong,
    processes: steady.use.processes,
    facts: [
      ['stored', `${count(stored)} profiles with ${count(momentsOf(stored))} moments, filled in ${seeded}`],
      ['a read', 'the customer or a page of 50 of the timeline, in turn; any customer is as likely as any other'],
      phaseFact(steady),
      othersFact(steady),
    ],
  };
}
