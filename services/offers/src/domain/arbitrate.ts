/**
 * Which offers, in which order, and why not the others. Every offer is a candidate; the first stage that drops it is
 * told. The gates stand first: whoever waits for us to keep our word is not sold to.
 */
import type { CompiledOffer, EligibilityFacts, OffersConfiguration, TriggerFacts, Verdict } from './configuration.ts';
import type { Candidate, DecidedOffer, FreeJson, Incentive, Stage, Standing } from './state.ts';

export interface Question {
  readonly now: string;
  readonly channel: string;
  /** Most offers to make. */
  readonly limit: number;
  readonly occasion: 'contact' | 'activity' | 'request';
  readonly facts: TriggerFacts;
  readonly openComplaints: number;
  readonly sla: { readonly breachedOpen: number; readonly atRiskOpen: number };
  readonly case: FreeJson | undefined;
  readonly standings: readonly Standing[];
  /** The facts of the case an open offer came up in. */
  caseOf(standing: Standing): FreeJson | undefined;
}

/** A question with what is the same for every offer that is not carried over. */
interface Judged extends Question {
  readonly eligibility: EligibilityFacts;
}

export interface Answer {
  readonly offers: readonly DecidedOffer[];
  readonly candidates: readonly Candidate[];
}

interface Dropped {
  readonly stage: Stage;
  readonly reason: string;
}

interface Passed {
  readonly offer: CompiledOffer;
  /** Set: carried over. */
  readonly standing: Standing | undefined;
  readonly incentive: Incentive | undefined;
  readonly reason: string;
}

export function arbitrate(asked: Question, { offers, windows }: OffersConfiguration): Answer {
  // One object for all offers: conditions that they share are decided once over it.
  const question = { ...asked, eligibility: eligibilityFacts(asked, asked.case) };
  const gate = gateOf(question);
  const judged = offers.map((offer) => ({ offer, verdict: gate ?? judge(offer, question, windows) }));
  const passed = judged.flatMap(({ verdict }) => ('stage' in verdict ? [] : [verdict])).sort(inRankOrder);
  const chosen = passed.slice(0, question.limit);
  const candidates = judged.map(({ offer, verdict }): Candidate => {
    if ('stage' in verdict) return { offerId: offer.id, outcome: 'dropped', ...verdict };
    const rank = passed.indexOf(verdict) + 1;
    const ranked = { offerId: offer.id, reason: `rank ${String(rank)}, ${verdict.reason}` };
    if (rank <= question.limit) return { ...ranked, outcome: 'offered', stage: 'ranking' };
    return { ...ranked, outcome: 'dropped', stage: 'limit' };
  });
  return {
    offers: chosen.map(({ offer, incentive, reason }, index) => ({
      offerId: offer.id,
      rank: index + 1,
      ...(incentive === undefined ? {} : { incentive }),
      reason,
    })),
    candidates,
  };
}

/** Whether an occasion triggers anything at all; what is carried over does not count. */
export function isTriggering(facts: TriggerFacts, { offers }: OffersConfiguration): boolean {
  return offers.some((offer) => offer.triggers(facts) === true);
}

function gateOf({ openComplaints, sla }: Question): Dropped | undefined {
  if (openComplaints > 0) {
    return { stage: 'gate-complaint', reason: `the customer has ${count(openComplaints, 'open complaint')}` };
  }
  if (sla.breachedOpen > 0) {
    return {
      stage: 'gate-promise',
      reason: `${count(sla.breachedOpen, 'promise')} to the customer broken and still open`,
    };
  }
  return undefined;
}

const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`;

function judge(offer: CompiledOffer, question: Judged, windows: OffersConfiguration['windows']): Passed | Dropped {
  const { now, standings } = question;
  const standing = standings.find(({ offerId }) => offerId === offer.id);
  const open = standing !== undefined && isOpen(standing, now) ? standing : undefined;
  return (
    validity(offer, now) ??
    channel(offer, question.channel) ??
    history(standing, { now, declined: windows.declined }) ??
    (open === undefined ? trigger(offer, question) : undefined) ??
    eligibility(offer, question, open) ?? {
      offer,
      standing: open,
      incentive: open === undefined ? incentiveOf(offer, now) : open.incentive,
      reason:
        open === undefined ? `triggered by this ${question.occasion}` : `carried over: ${open.status} at ${open.at}`,
    }
  );
}

/** Decided and neither accepted, declined nor run out: it is carried over to whatever channel comes next. */
export function isOpen({ status, until }: Standing, now: string): boolean {
  return status !== 'accepted' && status !== 'declined' && until > now;
}

/** The incentive as it is promised from now on; one that ran out is promised to nobody. */
function incentiveOf({ definition: { incentive } }: CompiledOffer, now: string): Incentive | undefined {
  return incentive?.until !== undefined && incentive.until <= now ? undefined : incentive;
}

function validity({ definition: { validFrom, validTo } }: CompiledOffer, now: string): Dropped | undefined {
  if (validFrom !== undefined && now < validFrom) return { stage: 'validity', reason: `valid from ${validFrom}` };
  if (validTo !== undefined && now >= validTo) return { stage: 'validity', reason: `was valid to ${validTo}` };
  return undefined;
}

function channel({ definition: { channels } }: CompiledOffer, name: string): Dropped | undefined {
  if (channels === undefined || channels.length === 0 || channels.includes(name)) return undefined;
  return { stage: 'channel', reason: `not made by ${name === '' ? 'an unknown channel' : name}` };
}

function history(
  standing: Standing | undefined,
  { now, declined }: { readonly now: string; readonly declined: number },
): Dropped | undefined {
  if (standing?.status === 'accepted') return { stage: 'response-history', reason: `accepted at ${standing.at}` };
  if (standing?.status !== 'declined') return undefined;
  const again = new Date(Date.parse(standing.at) + declined).toISOString();
  return now < again ? { stage: 'response-history', reason: `declined, not made again before ${again}` } : undefined;
}

function trigger(offer: CompiledOffer, { facts, occasion }: Question): Dropped | undefined {
  return unlessTrue(offer.triggers(facts), { stage: 'trigger', reason: `not triggered by this ${occasion}` });
}

function eligibilityFacts({ facts, sla }: Question, matter: FreeJson | undefined): EligibilityFacts {
  return { profile: facts.profile, case: matter, sla };
}

function eligibility(offer: CompiledOffer, question: Judged, open: Standing | undefined): Dropped | undefined {
  const facts = open === undefined ? question.eligibility : eligibilityFacts(question, question.caseOf(open));
  return unlessTrue(offer.isEligible(facts), { stage: 'eligibility', reason: 'the customer is not eligible' });
}

function unlessTrue(verdict: Verdict, dropped: Dropped): Dropped | undefined {
  if (verdict === true) return undefined;
  return verdict === false ? dropped : { ...dropped, reason: `${dropped.reason}: ${verdict.error}` };
}

/** What was begun is finished first: abandoned, then otherwise unanswered, then new; within each the most valuable. */
function inRankOrder(a: Passed, b: Passed): number {
  const worth = (one: Passed): number => one.offer.definition.value.minorUnits;
  return urgency(a) - urgency(b) || worth(b) - worth(a) || (a.offer.id < b.offer.id ? -1 : 1);
}

function urgency({ standing }: Passed): number {
  if (standing === undefined) return 2;
  return standing.status === 'abandoned' ? 0 : 1;
}
