/** Which offers are made, by the table of the README, said a second time and slowly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitrate, type Question } from './arbitrate.ts';
import type { CompiledOffer, OffersConfiguration, Verdict } from './configuration.ts';
import type { Standing } from './state.ts';

const DAY = 86_400_000;
const instants = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => `${day}T12:00:00.000Z`);
const NOW = '2026-11-22T12:00:00.000Z';
const windows: OffersConfiguration['windows'] = { carryOver: 3 * DAY, declined: DAY };

const oneOf = fc.constantFrom;
const instant = oneOf(...instants);
const verdict = oneOf<Verdict>(true, true, true, true, true, true, false, { error: 'no such key' });

interface Given {
  readonly offer: CompiledOffer;
  readonly triggered: Verdict;
  /** Over the case asked about, and over that of the standing. */
  readonly eligible: Verdict;
  readonly stillEligible: Verdict;
  readonly standing: Standing | undefined;
}

const given = fc
  .record({
    definition: fc.record(
      {
        value: fc.record({ minorUnits: fc.nat(3), currency: fc.constant('EUR') }),
        incentive: fc.record({ text: oneOf('half price', 'a month free'), until: instant }, { requiredKeys: ['text'] }),
        channels: fc.subarray(['chat', 'phone']),
        validFrom: instant,
        validTo: instant,
      },
      { requiredKeys: ['value'] },
    ),
    triggered: verdict,
    eligible: verdict,
    stillEligible: verdict,
    standing: fc.option(
      fc.record({
        decisionId: fc.constant('d'),
        caseId: fc.constant('case-before'),
        incentive: fc.constant({ text: 'as promised' }),
        status: oneOf('offered', 'presented', 'abandoned', 'accepted', 'declined'),
        at: instant,
        until: instant,
      }),
      { nil: undefined },
    ),
  })
  .map(({ definition, standing, ...verdicts }) => (id: string): Given => ({
    ...verdicts,
    standing: standing && { ...standing, offerId: id },
    offer: {
      id,
      definition: { name: id, trigger: 'true', ...definition },
      triggers: () => verdicts.triggered,
      isEligible: ({ case: matter }) => (matter?.['id'] === 'case-before' ? verdicts.stillEligible : verdicts.eligible),
    },
  }));
const givens = fc.array(given, { maxLength: 6 }).map((all) => all.map((make, n) => make(`o${String(n)}`)));
const asked = fc.record({
  channel: oneOf('chat', 'web'),
  limit: fc.integer({ min: 1, max: 4 }),
  openComplaints: oneOf(0, 0, 0, 1),
  breachedOpen: oneOf(0, 0, 0, 1),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function decided(all: readonly Given[], { breachedOpen, ...question }: Asked) {
  const standings = all.flatMap(({ standing }) => standing ?? []);
  const full: Question = {
    ...question,
    now: NOW,
    occasion: 'contact',
    facts: { profile: {} },
    sla: { breachedOpen, atRiskOpen: 0 },
    case: { id: 'case-now' },
    standings,
    caseOf: ({ caseId }) => ({ id: caseId }),
  };
  return arbitrate(full, { offers: all.map(({ offer }) => offer), windows });
}

const isCarriedOver = ({ standing }: Given): boolean =>
  standing !== undefined && ['offered', 'presented', 'abandoned'].includes(standing.status) && standing.until > NOW;

function isMade(one: Given, { channel }: Asked): boolean {
  const { validFrom = NOW, validTo = '2100', channels = [] } = one.offer.definition;
  if (validFrom > NOW || validTo <= NOW) return false;
  if (channels.length > 0 && !channels.includes(channel)) return false;
  if (one.standing?.status === 'accepted') return false;
  if (one.standing?.status === 'declined' && Date.parse(NOW) - Date.parse(one.standing.at) < DAY) return false;
  return isCarriedOver(one) ? one.stillEligible === true : one.triggered === true && one.eligible === true;
}

/** Abandoned, else unanswered, else new; the most valuable; by id. */
function rankOf(one: Given): string {
  const begun = isCarriedOver(one) ? (one.standing?.status === 'abandoned' ? 0 : 1) : 2;
  return `${String(begun)} ${String(9 - one.offer.definition.value.minorUnits)} ${one.offer.id}`;
}

test('given any offers, answers and verdicts, then those are made that pass every stage, the best first, up to the limit', () => {
  fc.assert(
    fc.property(givens, asked, (all, question) => {
      const { offers, candidates } = decided(all, question);
      const isGated = question.openComplaints > 0 || question.breachedOpen > 0;
      const passing = isGated ? [] : all.filter((one) => isMade(one, question));
      const ranked = [...passing].sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)).map(({ offer }) => offer.id);

      expect(offers.map(({ offerId }) => offerId)).toEqual(ranked.slice(0, question.limit));
      const atLimit = candidates.filter(({ stage }) => stage === 'limit').map(({ offerId }) => offerId);
      expect(atLimit.sort()).toEqual(ranked.slice(question.limit).sort());
    }),
    { numRuns: 1000 },
  );
});

test('given any offers, then what was promised is kept, and nothing is promised whose time is over', () => {
  fc.assert(
    fc.property(givens, asked, (all, question) => {
      for (const { offerId, incentive } of decided(all, question).offers) {
        const one = all.find(({ offer }) => offer.id === offerId);
        if (one !== undefined && isCarriedOver(one)) expect(incentive).toEqual(one.standing?.incentive);
        else if (incentive !== undefined) {
          expect(incentive).toEqual(one?.offer.definition.incentive);
          expect(incentive.until === undefined || incentive.until > NOW).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('given another order of the definitions, or one offer fewer, then the others are judged as before', () => {
  fc.assert(
    fc.property(givens, asked, fc.nat(), (all, question, n) => {
      const before = decided(all, { ...question, limit: 99 });
      expect(decided([...all].reverse(), { ...question, limit: 99 }).offers).toEqual(before.offers);
      const rest = all.filter((_, index) => index !== n % Math.max(1, all.length));
      const without = decided(rest, { ...question, limit: 99 });
      const stages = new Map(before.candidates.map(({ offerId, stage }) => [offerId, stage]));
      for (const { offerId, stage } of without.candidates) expect(stage).toBe(stages.get(offerId));
    }),
    { numRuns: 600 },
  );
});
