/** Offers that run out unanswered. */
import { next, nothing } from '@switchboard/hallway';
import type { Handler, Message } from '@switchboard/hallway';
import type { OffersCommands } from './commands.ts';
import { isOpen } from './arbitrate.ts';
import { needsToResolve, resolve } from './customers.ts';
import type { OffersConfiguration } from './configuration.ts';
import type { OffersKinds, Standing } from './state.ts';

export const EXPIRY = 'offer-expiry';

const timerId = (customerId: string, offerId: string): string => `${customerId} ${offerId}`;

export function expiryTimer(customerId: string, { offerId, until }: Standing) {
  return { kind: EXPIRY, id: timerId(customerId, offerId), due: new Date(until), data: { customerId, offerId } };
}

export const noExpiry = (customerId: string, offerId: string) => ({
  cancel: { kind: EXPIRY, id: timerId(customerId, offerId) },
});

/** Takes an unanswered offer off the customer's list when its time is over, and says so. */
export const expireOffer: Handler<
  OffersKinds,
  OffersConfiguration,
  Message<'expire-offer', OffersCommands['expire-offer']>
> = {
  needs({ data }, world) {
    const standing = resolve(world, data.customerId)?.standings.find(({ offerId }) => offerId === data.offerId);
    const needs = needsToResolve(world, data.customerId);
    return standing === undefined ? needs : [...needs, { kind: 'decision', id: standing.decisionId }];
  },
  decide({ data: { customerId, offerId } }, world, context) {
    const customer = resolve(world, customerId);
    const standing = customer?.standings.find((one) => one.offerId === offerId);
    if (customer === undefined || standing === undefined) return nothing;
    if (standing.status === 'accepted' || standing.status === 'declined') return nothing;
    const now = context.now.toISOString();
    // A merge may have brought a standing with a later end under an earlier timer.
    if (isOpen(standing, now)) return { timers: [{ set: expiryTimer(customerId, standing) }] };
    const decision = world.get('decision', standing.decisionId);
    if (decision === undefined) return nothing;
    const state = next(decision, {});
    return {
      changes: [
        {
          kind: 'customer',
          state: next(customer, { standings: customer.standings.filter((one) => one !== standing) }),
        },
        { kind: 'decision', state },
      ],
      events: [
        {
          type: 'switchboard.offers.v1.OfferExpired',
          subject: state.id,
          sequence: state.version,
          data: {
            decisionId: state.id,
            offerId,
            customerId: customer.id,
            caseId: decision.caseId,
            at: now,
            incentive: standing.incentive,
          },
        },
      ],
    };
  },
};
