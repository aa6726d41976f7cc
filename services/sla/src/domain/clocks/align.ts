/** Starts, moves, pauses, resumes and ends clocks until they say what the case and its terms ask for. */
import { choosePolicies } from '../policies/choose-policy.ts';
import { brokenPromise, cancel, start } from './clock.ts';
import type { Promised } from './clock.ts';
import { askOf, isStopped, keptFacts, needsFacts, pathsOf } from '../policies/conditions.ts';
import type { Asking, Asks } from '../policies/conditions.ts';
import { owedFor, pausesIn, promisedFor, timeOf, timesOf } from './demand.ts';
import type { Owed } from './demand.ts';
import { follow } from './follow.ts';
import { forget, isNewlyPromised, judge } from './judge.ts';
import { keep, laterOf, moveKey, patchExtras, sceneOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { alignPromise } from './promises.ts';
import { countingSince } from './segments.ts';
import { allTerms, keyOf, promisedTargets, slotOf } from './slots.ts';
import { lifeOf } from './turns.ts';
import { endAnswered, rememberEnded } from '../cases/ended.ts';
import { pastOf, reading, stamped } from '../cases/past.ts';
import type { KeptFacts } from '../cases/state.ts';
import { isDone, meetKey } from '../cases/stints.ts';
import type { ClockState } from './state.ts';
import type { ClockConditions, PlainTarget, Target, Terms } from '../policies/state.ts';

/**
 * Chooses the policies for the case. What they promise is made true by `align`.
 * @param kept what conditions are asked of from now on, where that is not what policies are chosen by
 */
export function choose(ledger: Ledger, facts: KeptFacts, kept = facts): void {
  const { terms: all, undecided } = choosePolicies(ledger.context.configuration, facts);
  const [terms, ...others] = all;
  inherit(ledger, all);
  const { undecided: _, ...rest } = ledger.state;
  ledger.state = { ...rest, terms, ...(undecided === undefined ? {} : { undecided }) };
  patchExtras(ledger, { moreTerms: others.length === 0 ? undefined : others });
  const asking = askingOf(ledger);
  // Ladders look at them when the promise is in danger.
  const isKept = asking.some(needsFacts) || ledger.context.configuration.ladders.length > 0;
  const { extras } = ledger.state;
  const dates = {
    factsAt: isKept ? laterOf(extras?.factsAt, ledger) : undefined,
    customerAt: isKept && facts.customer !== undefined ? laterOf(extras?.customerAt, ledger) : undefined,
  };
  const past = reading(pastOf(extras), pathsOf(asking), knownAt(ledger));
  patchExtras(ledger, {
    ...dates,
    facts: isKept ? keptFacts(asking, kept) : undefined,
    past: isKept ? stamped(past, dates) : undefined,
  });
}

/**
 * Who asks the facts again and again: the policies that hold, until the customer is known all that may come to, and the
 * dimensions.
 */
export function askingOf({ state, context }: Pick<Ledger, 'state' | 'context'>): readonly Asks[] {
  const { policies, dimensions } = context.configuration;
  const others = state.customerId === undefined ? policies : [];
  const own = dimensions === undefined ? [] : [dimensions.asks];
  return [...allTerms(state), ...others.map(({ definition }) => definition), ...own];
}

/** Since when what nothing read before is known: ever since, in a case that opens, which was no other before that. */
export function knownAt({ was, at }: Pick<Ledger, 'was' | 'at'>): string {
  const instant = at.toISOString();
  if (was.version === 0) return '';
  const { factsAt = instant, customerAt = instant } = was.extras ?? {};
  return [instant, factsAt, customerAt].reduce((latest, one) => (one > latest ? one : latest));
}

/** Clocks of the first policy go over to the one that takes its place, unless that has clocks of its own. */
function inherit(ledger: Ledger, all: readonly Terms[]): void {
  const was = ledger.state.terms.policyId;
  const becomes = all[0]?.policyId ?? '';
  if (all.some(({ policyId }) => policyId === was)) return;
  for (const [key, clock] of [...ledger.clocks]) {
    if (clock.policyId !== was || clock.name !== undefined) continue;
    const taken = keyOf(becomes, clock.target);
    if (ledger.clocks.has(taken)) continue;
    ledger.clocks.delete(key);
    ledger.clocks.set(taken, clock);
  }
}

export function align(ledger: Ledger): void {
  const wanted = new Set<string>();
  const policies = allTerms(ledger.state);
  const ask = askOf(ledger.state);
  for (const terms of policies) {
    for (const target of promisedTargets(terms)) {
      wanted.add(keyOf(terms.policyId, target));
      alignTarget(ledger, { terms, target, ask });
    }
    for (const promise of terms.promises ?? []) {
      wanted.add(keyOf(terms.policyId, slotOf(promise.name)));
      alignPromise(ledger, { terms, promise, ask });
    }
  }
  for (const key of [...ledger.clocks.keys()]) if (!wanted.has(key)) moveKey(ledger, key, cancel);
}

interface Aligned {
  readonly terms: Terms;
  readonly target: PlainTarget;
  readonly ask: Asking;
}

function alignTarget(ledger: Ledger, aligned: Aligned): void {
  const { terms, target, ask } = aligned;
  const { state, context } = ledger;
  const key = keyOf(terms.policyId, target);
  const owed = owedFor(state, terms, target);
  const conditions = terms.conditionsByTarget?.[target];
  if (conditions !== undefined && isResponse(target)) endAnswered(ledger, aligned);
  if (owed === undefined) {
    leave(ledger, key, aligned);
    return;
  }
  // What is told late ended the time before at its own instant.
  const ended = ledger.at.toISOString() < owed.since ? ledger.at.toISOString() : owed.since;
  if (isAnother(ledger.clocks.get(key), owed)) meetKey(ledger, key, ended);
  const times = timesOf(terms, target, owed.team);
  const time = timeOf(times, state.priority);
  const promised =
    promisedFor({ terms, state, ask, configuration: context.configuration }, time) ??
    brokenPromise(ledger.clocks.get(key));
  if (promised === undefined) {
    moveKey(ledger, key, cancel);
    return;
  }
  const isNew = isNewlyPromised(ledger, terms, (priority) => timeOf(times, priority) !== undefined);
  const since = conditions === undefined ? owed.since : judged(ledger, key, { target, owed, conditions, ask, isNew });
  if (since === undefined) return;
  const clock = ledger.clocks.get(key);
  const pauses = pausesIn(terms, target);
  if (clock === undefined) begin(ledger, { target, owed: { ...owed, since }, promised, pauses, conditions, ask });
  else follow(ledger, { key, clock, promised, pauses, conditions, ask });
}

/** Nothing is owed any more. Handing the case over, or having it back from the vendor, is what was promised. */
function leave(ledger: Ledger, key: string, { terms, target, ask }: Aligned): void {
  const isKept = target === 'ownership' || target === 'vendor' || isStopped(terms.conditionsByTarget?.[target], ask);
  if (isKept) meetKey(ledger, key);
  else moveKey(ledger, key, cancel);
  forget(ledger, key);
}

/** Whether the same is owed for another time: a clock is of one time. */
function isAnother(clock: ClockState | undefined, { since, team }: Owed): boolean {
  if (clock === undefined || isResponse(clock.target)) return false;
  return since > (clock.extras?.owedSince ?? clock.startedAt) || clock.team !== team;
}

/** What is unanswered is answered or withdrawn, never replaced. */
const isResponse = (target: Target): boolean => target === 'firstResponse' || target === 'nextResponse';

/** What conditions say of a target. A promise of an answer that they end may turn out to have been kept before. */
function judged(
  ledger: Ledger,
  key: string,
  {
    target,
    owed,
    ...asked
  }: Pick<Beginning, 'target' | 'owed' | 'ask'> & { conditions: ClockConditions; isNew: boolean },
): string | undefined {
  const clock = ledger.clocks.get(key);
  const since = judge(ledger, { key, ...asked, owedSince: owed.since });
  if (clock !== undefined && isResponse(target) && !ledger.clocks.has(key)) rememberEnded(ledger, clock.id);
  return since;
}

interface Beginning {
  readonly target: PlainTarget;
  readonly owed: Owed;
  readonly promised: Promised;
  readonly pauses: (status: string) => boolean;
  readonly conditions: ClockConditions | undefined;
  readonly ask: Asking;
}

function begin(ledger: Ledger, beginning: Beginning): void {
  const { target, owed, promised } = beginning;
  const { occurredAt, team } = owed;
  const { since, life } = lifeFrom(ledger, beginning);
  const named = { ...(occurredAt === undefined ? {} : { occurredAt }), ...(team === undefined ? {} : { team }) };
  const moved = since < owed.since ? { owedSince: owed.since } : {};
  const born = { caseId: ledger.state.id, target, startedAt: since, ...life, ...named, ...moved };
  const clock = start({ id: ledger.context.newId(), ...born }, promised, sceneOf(ledger));
  keep(ledger, keyOf(promised.policyId, target), clock);
}

function lifeFrom({ state }: Ledger, { owed: { since }, promised, pauses, conditions, ask }: Beginning) {
  const relative = promised.relative !== undefined;
  if (conditions !== undefined) {
    // A case is not worked on while it is resolved: moved back beyond a reopening, that is no time of the promise.
    const stands = (status: string): boolean => isDone(status) || pauses(status);
    return lifeOf({ state, ask, begin: since, relative, conditions, pauses: stands });
  }
  return { since, life: { segments: relative ? [{ from: since }] : countingSince(since, state, pauses) } };
}
