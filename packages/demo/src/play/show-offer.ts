/** An offer is shown, and the customer says something to it. */
import type { Chance } from '../chance.ts';
import { bodyOf, decisions } from '../client/answers.ts';
import { offers } from '../company/offers.ts';
import type { Customer } from '../day/customers.ts';
import { tell } from '../report/tally.ts';
import { appealOf, reactTo } from './buying.ts';
import { pause } from './stage.ts';
import type { Stage } from './stage.ts';

export interface Showing {
  /** A case, or a customer outside of any case. */
  readonly about: { readonly caseId: string } | { readonly customerId: string };
  readonly customer: Customer | undefined;
  readonly to: 'agent' | 'page';
  readonly by: { readonly kind: 'agent' | 'system'; readonly id: string };
  readonly chance: Chance;
}

/** Shows the first offer of the newest decision, where there is one that was not shown yet. */
export async function showOffer(stage: Stage, showing: Showing): Promise<void> {
  const decision = await newestDecision(stage, showing.about);
  const first = decision?.offers.toSorted((a, b) => a.rank - b.rank)[0];
  if (decision === undefined || first === undefined || !stage.firstShowing(decision.id)) return;
  const say = (outcome: string) =>
    stage.api.post(`/v1/decisions/${decision.id}/responses`, { offerId: first.offerId, outcome, by: showing.by });
  const shown = await say('presented');
  if (shown.status >= 300) return;
  stage.tally.offers.shown += 1;
  await pause(stage, showing.chance.between(400, 900));
  const appeal = appealOf(showing.customer, first.offerId, first.incentive !== undefined && first.incentive !== null);
  const reaction = reactTo(appeal, showing.to, showing.chance);
  if ((await say(reaction)).status >= 300) return;
  stage.tally.offers[reaction] += 1;
  if (reaction === 'accepted') await sell(stage, first.offerId, showing);
}

async function newestDecision(stage: Stage, about: Showing['about']) {
  const query = new URLSearchParams({ ...about }).toString();
  const found = bodyOf(await stage.api.get(`/v1/decisions?${query}`), decisions);
  return found?.items
    .filter(({ offers: all, caseId }) => all.length > 0 && ('caseId' in about || caseId === undefined))
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

async function sell(stage: Stage, offerId: string, { customer, by }: Showing): Promise<void> {
  const offer = offers.find(({ id }) => id === offerId);
  if (offer === undefined) return;
  const { minorUnits, currency } = offer.value;
  stage.tally.offers.soldCents += minorUnits;
  tell(stage.tally, `${by.kind === 'agent' ? nameOf(stage, by.id) : 'The web page'} sold "${offer.name}"`);
  if (customer === undefined) return;
  await stage.api.post('/v1/activities', {
    type: 'purchase',
    identifiers: [`phone:${customer.phone}`],
    source: 'fernklang-shop',
    data: { product: offerId, price: { minorUnits, currency } },
  });
}

function nameOf(stage: Stage, agentId: string): string {
  return stage.tally.desks.get(agentId)?.name ?? agentId;
}
