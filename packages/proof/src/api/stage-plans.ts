/** Puts plans and callbacks on the stage, each for one of their routes, and some in the hands of each agent. */
import { eventually } from '@switchboard/testing';
import type { Answer, Request } from './call.ts';
import { holdersOf } from './known.ts';
import type { Facts, Known } from './known.ts';
import { ownCallback, ownPlan, stageCallbacks, stagePlans } from './plan-recipes.ts';

type Ask = (name: string, part: Partial<Request>) => Promise<Answer>;

interface Stage {
  readonly known: Known;
  readonly agents: readonly string[];
  /** Of each plan and callback: a route that ends a step, or lets it fail, needs another one each time. */
  readonly plenty: number;
  readonly ask: Ask;
}

export async function beginPlans(stage: Stage): Promise<void> {
  const { known, agents, plenty, ask } = stage;
  const cases = known.all('/v1/cases').map(([id]) => id);
  const begin = (n: number, plan: object) => {
    const body = JSON.stringify({ caseId: cases[n % cases.length], whenCaseEnds: 'go-on', ...plan });
    return eventually(() => ask('POST /v1/plans', { body }));
  };
  const request = (n: number, terms: object) =>
    ask('POST /v1/callbacks', { body: JSON.stringify({ caseId: cases[n % cases.length], ...terms }) });
  // First of all, so that they are found first.
  for (const [n, agentId] of agents.entries()) {
    await begin(n, ownPlan(agentId));
    await request(n, ownCallback(agentId));
  }
  await takeOwn(stage);
  for (let n = 0; n < plenty; n += 1) {
    const begun = await Promise.all(stagePlans.map((plan) => begin(n, plan)));
    await Promise.all(stageCallbacks.map((terms) => request(n, terms)));
    const toRetry = begun.map(({ json }) => json as { id: string; name: string }).find(({ name }) => name === 'retry');
    const path = { id: toRetry?.id ?? '', stepId: '0' };
    await ask('POST /v1/plans/{id}/steps/{stepId}/fail', { path, body: JSON.stringify({ reason: 'busy' }) });
  }
}

/** Each agent takes the work of their own plan. */
async function takeOwn({ known, agents, ask }: Stage): Promise<void> {
  for (const id of agents) {
    const items = await eventually(async () => {
      await ask('GET /v1/plans', { query: { limit: '200' } });
      const own = known.all('/v1/plans', (facts) => holdersOf(facts).includes(id));
      if (own.length === 0) throw new Error(`${id} has no step of a plan`);
      return own.flatMap(([, { steps }]) =>
        (steps as readonly Facts[]).map(({ work }) => (work as Facts | undefined)?.['id']),
      );
    });
    const { json } = await ask('GET /v1/agents/{id}/reservations', { path: { id }, query: { limit: '200' } });
    const offers = (json as { items: readonly Facts[] }).items.filter(({ workItemId }) => items.includes(workItemId));
    for (const offer of offers) await ask('POST /v1/reservations/{id}/accept', { path: { id: String(offer['id']) } });
  }
}
