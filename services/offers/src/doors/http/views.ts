/** Bodies of decisions, as the reference page describes them. */
import { identifier, openVocabulary } from '@switchboard/contracts';
import { z } from 'zod';
import type { Actor, DecidedOffer, Incentive, OfferResponse } from '../../domain/state.ts';

const money = z.object({ minorUnits: z.int(), currency: z.string() });
const incentive = z.object({ text: z.string(), value: money.optional(), until: z.string().optional() });
const actor = z.object({ kind: openVocabulary, id: identifier });
const outcome = z.enum(['presented', 'accepted', 'declined', 'abandoned']);

const response = z.object({ offerId: z.string(), outcome, by: actor.optional(), at: z.string() });

/** What is said to an offer. */
export const responseBody = z.object({ offerId: identifier, outcome, by: actor.optional() });

export const responseView = response.extend({ decisionId: z.string() });

export const decisionView = z.object({
  id: z.string(),
  customerId: z.string(),
  caseId: z.string().optional(),
  occasion: z.string().describe('contact, activity, request'),
  channel: z.string(),
  at: z.string(),
  offers: z
    .array(z.object({ offerId: z.string(), rank: z.int(), incentive: incentive.nullable(), reason: z.string() }))
    .describe('best first'),
  candidates: z
    .array(
      z.object({
        offerId: z.string(),
        outcome: z.enum(['offered', 'dropped']),
        stage: z
          .string()
          .describe(
            'gate-complaint, gate-promise, validity, channel, response-history, trigger, eligibility, limit, ranking',
          ),
        reason: z.string(),
      }),
    )
    .describe('every offer, and where it was decided'),
  responses: z.array(response),
});

type View = z.input<typeof decisionView>;

interface Shown {
  readonly id: string;
  readonly customerId: string;
  readonly caseId?: string | null | undefined;
  readonly occasion: string;
  readonly channel: string;
  readonly at: string;
  readonly offers: readonly DecidedOffer[];
  readonly candidates: readonly View['candidates'][number][];
  readonly responses: readonly OfferResponse[];
}

export function viewOf({ id, customerId, caseId, occasion, channel, at, offers, candidates, responses }: Shown): View {
  return {
    id,
    customerId,
    ...(caseId === null || caseId === undefined ? {} : { caseId }),
    occasion,
    channel,
    at,
    offers: offers.map((one) => ({
      ...one,
      incentive: one.incentive === undefined ? null : incentiveView(one.incentive),
    })),
    candidates: [...candidates],
    responses: responses.map(({ by, ...one }) => ({ ...one, ...(by === undefined ? {} : { by: actorView(by) }) })),
  };
}

const actorView = ({ kind, id }: Actor) => ({ kind, id });

function incentiveView({ text, value, until }: Incentive): z.input<typeof incentive> {
  return { text, ...(value === undefined ? {} : { value }), ...(until === undefined ? {} : { until }) };
}
