/** Puts plans and callbacks on the stage, each for one of their routes. */
import { eventually } from '@switchboard/testing';
import type { Answer, Request } from './call.ts';
import type { Known } from './known.ts';
import { stageCallbacks, stagePlans } from './plan-recipes.ts';

type Ask = (name: string, part: Partial<Request>) => Promise<Answer>;

/** `plenty` of each: a route that ends a step, or lets it fail, needs another one each time. */
export async function beginPlans(known: Known, plenty: number, ask: Ask): Promise<void> {
  const cases = known.all('/v1/cases').map(([id]) => id);
  const begin = (n: number, plan: object) =>
    eventually(() =>
      ask('POST /v1/plans', {
        body: JSON.stringify({ caseId: cases[n % cases.length], whenCaseEnds: 'go-on', ...plan }),
      }),
    );
  const request = (n: number, terms: object) =>
    ask('POST /v1/callbacks', { body: JSON.stringify({ caseId: cases[n % cases.length], ...terms }) });
  for (let n = 0; n < plenty; n += 1) {
    const begun = await Promise.all(stagePlans.map((plan) => begin(n, plan)));
    const toRetry = begun.map(({ json }) => json as { id: string; name: string }).find(({ name }) => name === 'retry');
    await Promise.all(stageCallbacks.map((terms) => request(n, terms)));
    const path = { id: toRetry?.id ?? '', stepId: '0' };
    await ask('POST /v1/plans/{id}/steps/{stepId}/fail', { path, body: JSON.stringify({ reason: 'busy' }) });
  }
}
