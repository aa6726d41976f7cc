import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrate, isTriggering, type Question } from './arbitrate.ts';
import type { CompiledOffer, OffersConfiguration, Verdict } from './configuration.ts';
import type { OfferDefinition, Standing } from './state.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const EARLIER = '2026-11-21T12:00:00.000Z';
const LATER = '2026-12-22T12:00:00.000Z';

interface Given extends Partial<OfferDefinition> {
  readonly triggered?: Verdict;
  readonly eligible?: Verdict;
  readonly worth?: number;
}

function anOffer(
  id: string,
  { triggered = true, eligible = true, worth = 100, ...definition }: Given = {},
): CompiledOffer {
  return {
    id,
    definition: { name: id, trigger: 'true', value: { minorUnits: worth, currency: 'EUR' }, ...definition },
    triggers: () => triggered,
    isEligible: () => eligible,
  };
}

const configuration = (...offers: readonly CompiledOffer[]): OffersConfiguration => ({
  offers,
  windows: { carryOver: 30 * 86_400_000, declined: 30 * 86_400_000 },
});

function aQuestion(fields: Partial<Question> = {}): Question {
  return {
    now: NOW,
    channel: 'phone',
    limit: 3,
    occasion: 'contact',
    facts: { profile: {} },
    openComplaints: 0,
    sla: { breachedOpen: 0, atRiskOpen: 0 },
    case: undefined,
    standings: [],
    caseOf: () => undefined,
    ...fields,
  };
}

function aStanding(offerId: string, fields: Partial<Standing> = {}): Standing {
  return { offerId, decisionId: 'd', status: 'presented', at: EARLIER, until: LATER, ...fields };
}

function stageOf(offer: CompiledOffer, question: Partial<Question> = {}): string | undefined {
  return arbitrate(aQuestion(question), configuration(offer)).candidates[0]?.stage;
}

describe('why an offer is not made', () => {
  it.each([
    ['an open complaint', anOffer('o'), { openComplaints: 1 }, 'gate-complaint'],
    ['a broken promise', anOffer('o'), { sla: { breachedOpen: 1, atRiskOpen: 0 } }, 'gate-promise'],
    ['not valid yet', anOffer('o', { validFrom: LATER }), {}, 'validity'],
    ['no longer valid', anOffer('o', { validTo: NOW }), {}, 'validity'],
    ['another channel', anOffer('o', { channels: ['web'] }), {}, 'channel'],
    ['accepted', anOffer('o'), { standings: [aStanding('o', { status: 'accepted' })] }, 'response-history'],
    ['declined lately', anOffer('o'), { standings: [aStanding('o', { status: 'declined' })] }, 'response-history'],
    ['not triggered', anOffer('o', { triggered: false }), {}, 'trigger'],
    ['not to be decided', anOffer('o', { triggered: { error: 'No such key: dataGb' } }), {}, 'trigger'],
    ['not eligible', anOffer('o', { eligible: false }), {}, 'eligibility'],
    ['one too many', anOffer('o'), { limit: 0 }, 'limit'],
  ] as const)('%s', (_, offer, question, stage) => {
    expect(stageOf(offer, question)).toBe(stage);
  });

  it('says what could not be decided', () => {
    const offer = anOffer('o', { eligible: { error: 'No such key: dataGb' } });
    const { candidates } = arbitrate(aQuestion(), configuration(offer));
    expect(candidates[0]?.reason).toContain('No such key: dataGb');
  });

  it('is over for a refusal of long ago', () => {
    const standings = [aStanding('o', { status: 'declined', at: '2026-10-01T00:00:00.000Z' })];
    expect(stageOf(anOffer('o'), { standings })).toBe('ranking');
  });
});

describe('which offer stands first', () => {
  const ranked = (question: Partial<Question>, ...offers: readonly CompiledOffer[]) =>
    arbitrate(aQuestion(question), configuration(...offers)).offers.map(({ offerId }) => offerId);

  it('is the most valuable', () => {
    expect(ranked({}, anOffer('a', { worth: 1 }), anOffer('b', { worth: 2 }), anOffer('c', { worth: 2 }))).toEqual([
      'b',
      'c',
      'a',
    ]);
  });

  it('is what was abandoned, then what is unanswered, though nothing triggers them now', () => {
    const offers = [
      anOffer('new', { worth: 900 }),
      anOffer('shown', { worth: 5, triggered: false }),
      anOffer('left', { worth: 1, triggered: false }),
    ];
    const standings = [aStanding('shown'), aStanding('left', { status: 'abandoned' })];
    expect(ranked({ standings }, ...offers)).toEqual(['left', 'shown', 'new']);
  });

  it('keeps the incentive it was first made with', () => {
    const promised = { text: 'Half price', until: LATER };
    const offer = anOffer('o', { incentive: { text: 'Now less' }, triggered: false });
    const standings = [aStanding('o', { status: 'abandoned', incentive: promised })];
    expect(arbitrate(aQuestion({ standings }), configuration(offer)).offers).toMatchObject([
      { rank: 1, incentive: promised },
    ]);
  });

  it('promises no incentive that ran out', () => {
    const offer = anOffer('o', { incentive: { text: 'Half price', until: EARLIER } });
    expect(arbitrate(aQuestion(), configuration(offer)).offers[0]?.incentive).toBeUndefined();
  });

  it('carries nothing over whose time is over', () => {
    const standings = [aStanding('o', { status: 'abandoned', until: NOW })];
    expect(ranked({ standings }, anOffer('o', { triggered: false }))).toEqual([]);
  });
});

describe('a decision', () => {
  const verdict: fc.Arbitrary<Verdict> = fc.oneof(fc.boolean(), fc.constant({ error: 'no such key' }));
  const someOffers = fc
    .array(fc.record({ triggered: verdict, eligible: verdict, worth: fc.nat(9) }), { maxLength: 8 })
    .map((all) => all.map((given, index) => anOffer(`o${String(index)}`, given)));

  it('tells of every offer once, and numbers those it makes without a gap', () => {
    fc.assert(
      fc.property(someOffers, fc.integer({ min: 1, max: 4 }), fc.nat(1), (all, limit, openComplaints) => {
        const { offers, candidates } = arbitrate(aQuestion({ limit, openComplaints }), configuration(...all));
        expect(candidates.map(({ offerId }) => offerId)).toEqual(all.map(({ id }) => id));
        expect(offers.map(({ rank }) => rank)).toEqual(offers.map((_, index) => index + 1));
        expect(offers.length).toBeLessThanOrEqual(limit);
        const offered = candidates.filter(({ outcome }) => outcome === 'offered').map(({ offerId }) => offerId);
        expect(new Set(offered)).toEqual(new Set(offers.map(({ offerId }) => offerId)));
        if (openComplaints > 0) expect(offers).toEqual([]);
      }),
    );
  });

  it('is called for by a trigger alone', () => {
    expect(isTriggering({ profile: {} }, configuration(anOffer('a', { triggered: false })))).toBe(false);
    expect(isTriggering({ profile: {} }, configuration(anOffer('a', { triggered: { error: 'x' } })))).toBe(false);
    expect(isTriggering({ profile: {} }, configuration(anOffer('a', { eligible: false })))).toBe(true);
  });
});
