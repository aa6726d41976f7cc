/** What offers says, for the timeline. */
import type { ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { Customer360Commands } from '../../domain/commands.ts';

type Answered = ReceivedEvent<
  | 'switchboard.offers.v1.OfferPresented'
  | 'switchboard.offers.v1.OfferAccepted'
  | 'switchboard.offers.v1.OfferDeclined'
  | 'switchboard.offers.v1.OfferAbandoned'
  | 'switchboard.offers.v1.OfferExpired'
>;

function answered({ id, data }: Answered, outcome: string) {
  const { customerId, caseId, offerId, decisionId, incentive, by, at } = data;
  const summary = `Offer ${offerId} ${outcome}`;
  const moment = { id, at, kind: `offer-${outcome}`, summary, caseId, data: { offerId, decisionId, incentive, by } };
  return { type: 'tell-of-customer' as const, data: { customerId, moment } };
}

export const offersReactions = {
  'switchboard.offers.v1.DecisionMade': ({ id, data }) => {
    const { customerId, caseId, channel, at, offers } = data;
    if (offers.length === 0) return undefined;
    const summary = `Offered: ${offers.map(({ offerId }) => offerId).join(', ')}`;
    const moment = { id, at, kind: 'offers-decided', channel, summary, caseId, data: { decisionId: data.id, offers } };
    return { type: 'tell-of-customer', data: { customerId, moment } };
  },
  'switchboard.offers.v1.OfferPresented': (event) => answered(event, 'presented'),
  'switchboard.offers.v1.OfferAccepted': (event) => answered(event, 'accepted'),
  'switchboard.offers.v1.OfferDeclined': (event) => answered(event, 'declined'),
  'switchboard.offers.v1.OfferAbandoned': (event) => answered(event, 'abandoned'),
  'switchboard.offers.v1.OfferExpired': (event) => answered(event, 'expired'),
} as const satisfies Reactions<Customer360Commands>;
