/** What became of an offer: shown, taken, refused, begun and left. */
import { next, reject } from '@switchboard/hallway';
import type { Handler, Message, OutgoingEvent, Rejection } from '@switchboard/hallway';
import { isOpen } from './arbitrate.ts';
import type { OffersCommands, RecordedResponse } from './commands.ts';
import type { OffersConfiguration } from './configuration.ts';
import { needsToResolve, resolve } from './customers.ts';
import { noExpiry } from './expiry.ts';
import type { CustomerState, DecisionState, OfferResponse, OffersKinds, Outcome, Standing } from './state.ts';

const types = {
  presented: 'switchboard.offers.v1.OfferPresented',
  accepted: 'switchboard.offers.v1.OfferAccepted',
  declined: 'switchboard.offers.v1.OfferDeclined',
  abandoned: 'switchboard.offers.v1.OfferAbandoned',
} as const satisfies Record<Outcome, OutgoingEvent['type']>;

const isFinal = (outcome: Standing['status']): boolean => outcome === 'accepted' || outcome === 'declined';

/** Records a response once; an answer that was given is not taken back. */
export const recordResponse: Handler<
  OffersKinds,
  OffersConfiguration,
  Message<'record-response', OffersCommands['record-response']>
> = {
  needs({ data: { decisionId } }, world) {
    // Read first, for whose it is: customers are locked before decisions.
    const decision = world.get('decision', decisionId);
    if (decision === undefined) return [{ kind: 'decision', id: decisionId, mode: 'read' }];
    return [...needsToResolve(world, decision.customerId), { kind: 'decision', id: decisionId }];
  },
  decide({ data }, world, context) {
    const { decisionId, offerId, outcome, by } = data;
    const decision = world.get('decision', decisionId);
    if (decision === undefined) return reject('not-found', 'unknown-id', `There is no decision ${decisionId}`);
    if (!decision.offers.some((offer) => offer.offerId === offerId)) {
      return reject('not-found', 'unknown-id', `The decision did not offer ${offerId}`, [
        { field: 'offerId', reason: 'was not offered by this decision' },
      ]);
    }
    const last = decision.responses.findLast((one) => one.offerId === offerId);
    if (last?.outcome === outcome) return { reply: { response: last, repeated: true } satisfies RecordedResponse };
    const now = context.now.toISOString();
    const customer = resolve(world, decision.customerId);
    const standing = customer?.standings.find((one) => one.offerId === offerId);
    const refusal = refused(last, standing, now);
    if (customer === undefined || standing === undefined || refusal !== undefined) return refusal ?? over();
    const response: OfferResponse = { offerId, outcome, ...(by === undefined ? {} : { by }), at: now };
    const state = next(decision, { responses: [...decision.responses, response] });
    return {
      changes: [
        { kind: 'customer', state: answered(customer, { ...standing, status: outcome, at: now, decisionId }) },
        { kind: 'decision', state },
      ],
      events: [said(state, { response, customer, standing })],
      timers: isFinal(outcome) ? [noExpiry(customer.id, offerId)] : [],
      reply: { response, repeated: false } satisfies RecordedResponse,
    };
  },
};

function refused(last: OfferResponse | undefined, standing: Standing | undefined, now: string): Rejection | undefined {
  if (last !== undefined && isFinal(last.outcome)) return contradicted(`it was ${last.outcome} at ${last.at}`);
  if (standing !== undefined && isFinal(standing.status)) {
    return contradicted(`it was ${standing.status} by decision ${standing.decisionId}`);
  }
  return standing === undefined || !isOpen(standing, now) ? over() : undefined;
}

const contradicted = (why: string): Rejection =>
  reject('conflict', 'conflict', `The offer was answered: ${why}`, [{ field: 'outcome', reason: why }]);
const over = (): Rejection =>
  reject('conflict', 'conflict', 'The offer ran out', [{ field: 'offerId', reason: 'is no longer open' }]);

function answered(customer: CustomerState, standing: Standing): CustomerState {
  const others = customer.standings.filter(({ offerId }) => offerId !== standing.offerId);
  return next(customer, { standings: [...others, standing] });
}

function said(
  { id, version, caseId }: DecisionState,
  { response, customer, standing }: { response: OfferResponse; customer: CustomerState; standing: Standing },
): OutgoingEvent {
  const { offerId, outcome, by, at } = response;
  return {
    type: types[outcome],
    subject: id,
    sequence: version,
    data: { decisionId: id, offerId, customerId: customer.id, caseId, by, at, incentive: standing.incentive },
  };
}
