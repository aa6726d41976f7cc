/** What waits, as the matcher keeps it: as few objects as can be, since all of them are looked through by the garbage collector. */
import { standardRanking, rankOf } from '../queues/order.ts';
import type { RankingRules } from '../queues/order.ts';
import type { Avoided, Facts, WorkTerms } from '../work/state.ts';
import { asksOf } from './asks.ts';
import type { Asks } from './asks.ts';
import type { Entry, PendingWork, Watch } from './types.ts';

/** Its terms as they are waited by, ms. */
export function waitingTerms(terms: WorkTerms | undefined): Partial<PendingWork> {
  if (terms === undefined) return {};
  const { enteredAt, dueAt, preferredAgentId, ageAdjustmentMs, passed, offerFrom } = terms;
  return {
    waitsFrom: offerFrom === undefined ? undefined : Date.parse(offerFrom),
    enteredAt: enteredAt === undefined ? undefined : Date.parse(enteredAt),
    dueAt: dueAt === undefined ? undefined : Date.parse(dueAt),
    preferredAgentId,
    ageAdjustmentMs,
    passed,
  };
}

const NOBODY: readonly Avoided[] = [];
const UNWATCHED: Watch = { seen: 0, stage: 0 };

/** Not yet in its place. */
export function entryOf(work: PendingWork, ranking: RankingRules | undefined): Entry {
  const { id, version, queueId, channel, priority, enqueuedAt, dueAt, ageAdjustmentMs, avoid, facts } = work;
  const { enteredAt, preferredAgentId, passed, waitsFrom, terms, preferred } = work;
  const { tier } = facts.customer;
  const asks = shared(asksOf(facts));
  return {
    ...{ id, version, queueId, channel, priority, enqueuedAt, dueAt, ageAdjustmentMs, tier },
    ...{ enteredAt, preferredAgentId, passed, waitsFrom, terms, preferred, asks },
    avoid: avoid.length === 0 ? NOBODY : avoid,
    kind: work.kind ?? asks.reason,
    caseId: facts.case.id,
    customerId: facts.customer.id,
    packed: JSON.stringify(facts),
    group: undefined,
    line: undefined,
    shelf: undefined,
    watch: UNWATCHED,
    rank: rankOf({ enqueuedAt, priority, dueAt, ageAdjustmentMs, tier }, ranking ?? standardRanking),
    turnsAt: Infinity,
  };
}

/** As it was told. */
export function workOf({ packed: _, ...entry }: Entry): PendingWork {
  const { id, version, queueId, channel, priority, enqueuedAt, dueAt, ageAdjustmentMs, tier } = entry;
  const { enteredAt, preferredAgentId, passed, waitsFrom, avoid, terms, kind, preferred } = entry;
  return {
    ...{ id, version, queueId, channel, priority, enqueuedAt, dueAt, ageAdjustmentMs, tier },
    ...{ enteredAt, preferredAgentId, passed, waitsFrom, avoid, terms, kind, preferred },
    facts: factsOf({ packed: _ }),
  };
}

/** Asked again and again about the same item, one agent after the other. */
let last: { readonly packed: string; readonly facts: Facts } | undefined;

export function factsOf({ packed }: Pick<Entry, 'packed'>): Facts {
  if (last?.packed !== packed) last = { packed, facts: JSON.parse(packed) as Facts };
  return last.facts;
}

/** Cases ask for few things in all. */
const known = new Map<string, Asks>();
const MOST_KNOWN = 5000;

/** The same object for the same. */
function shared(asks: Asks): Asks {
  const { reason = '', product = '', language = '', places } = asks;
  const name = `${reason}\n${product}\n${language}\n${places.join('\n')}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, asks);
  return asks;
}
