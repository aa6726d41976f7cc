/** Starts, moves, pauses, resumes and ends clocks until they say what the case and its terms ask for. */
import { choosePolicies } from '../policies/choose-policy.ts';
import { brokenPromise, cancel, differs, pause, reschedule, resume, start } from './clock.ts';
import type { Promised } from './clock.ts';
import { askOf, keptFacts, needsFacts } from '../policies/conditions.ts';
import type { Asking } from '../policies/conditions.ts';
import { owedFor, pausesIn, promisedFor, timeOf, timesOf } from './demand.ts';
import type { Owed } from './demand.ts';
import type { MatchFacts } from '../policies/facts.ts';
import { keep, moveKey, patchExtras, sceneOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { alignPromise } from './promises.ts';
import { countingSince, isCounting, joined, until } from './segments.ts';
import { allTerms, keyOf, promisedTargets, slotOf } from './slots.ts';
import { meetKey } from '../cases/stints.ts';
import type { ClockState, Stretch } from './state.ts';
import type { PlainTarget, Terms } from '../policies/state.ts';

/** Chooses the policies for the case. What they promise is made true by `align`. */
export function choose(ledger: Ledger, facts: Required<Pick<MatchFacts, 'case' | 'contact'>> & MatchFacts): void {
  const { terms: all, undecided } = choosePolicies(ledger.context.configuration, facts);
  const [terms, ...others] = all;
  inherit(ledger, all);
  const { undecided: _, ...rest } = ledger.state;
  ledger.state = { ...rest, terms, ...(undecided === undefined ? {} : { undecided }) };
  patchExtras(ledger, {
    moreTerms: others.length === 0 ? undefined : others,
    // Ladders look at them when the promise is in danger.
    facts: all.some(needsFacts) || ledger.context.configuration.ladders.length > 0 ? keptFacts(all, facts) : undefined,
  });
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

function alignTarget(ledger: Ledger, { terms, target, ask }: Aligned): void {
  const { state, context } = ledger;
  const key = keyOf(terms.policyId, target);
  const owed = owedFor(state, terms, target);
  const time = owed === undefined ? undefined : timeOf(timesOf(terms, target, owed.team), state.priority);
  if (owed === undefined) {
    // Handing the case over, or having it back from the vendor, is what was promised.
    if (target === 'ownership' || target === 'vendor') meetKey(ledger, key);
    else moveKey(ledger, key, cancel);
    return;
  }
  // What is told late ended the time before at its own instant.
  const ended = ledger.at.toISOString() < owed.since ? ledger.at.toISOString() : owed.since;
  if (isAnother(ledger.clocks.get(key), owed)) meetKey(ledger, key, ended);
  const clock = ledger.clocks.get(key);
  const promised =
    promisedFor({ terms, state, ask, configuration: context.configuration }, time) ?? brokenPromise(clock);
  if (promised === undefined) {
    moveKey(ledger, key, cancel);
    return;
  }
  const pauses = pausesIn(terms, target);
  if (clock === undefined) begin(ledger, { target, owed, promised, pauses });
  else follow(ledger, { key, clock, promised, pauses });
}

/** Whether the same is owed for another time: a clock is of one time. */
function isAnother(clock: ClockState | undefined, { since, team }: Owed): boolean {
  return clock !== undefined && (since > clock.startedAt || clock.team !== team) && !isResponse(clock);
}

/** What is unanswered is answered or withdrawn, never replaced. */
const isResponse = ({ target }: ClockState): boolean => target === 'firstResponse' || target === 'nextResponse';

interface Beginning {
  readonly target: PlainTarget;
  readonly owed: Owed;
  readonly promised: Promised;
  readonly pauses: (status: string) => boolean;
}

function begin(ledger: Ledger, { target, owed, promised, pauses }: Beginning): void {
  const { since, occurredAt, team } = owed;
  const segments = promised.relative === undefined ? countingSince(since, ledger.state, pauses) : [{ from: since }];
  const named = { ...(occurredAt === undefined ? {} : { occurredAt }), ...(team === undefined ? {} : { team }) };
  const born = { id: ledger.context.newId(), caseId: ledger.state.id, target, startedAt: since, segments, ...named };
  keep(ledger, keyOf(promised.policyId, target), start(born, promised, sceneOf(ledger)));
}

interface Following {
  readonly key: string;
  readonly clock: ClockState;
  readonly promised: Promised;
  readonly pauses: (status: string) => boolean;
}

/** The clock takes over what is promised now, and counts or stands still. */
function follow(ledger: Ledger, { key, clock, promised, pauses }: Following): void {
  if (clock.status !== 'breached' && differs(clock, promised)) {
    const segments =
      clock.policyId === promised.policyId ? clock.segments : replayed(ledger, { clock, promised, pauses });
    moveKey(ledger, key, (now, scene) => reschedule(now, promised, scene, segments));
  }
  const paused = promised.relative === undefined && pauses(ledger.state.status);
  const now = ledger.clocks.get(key);
  if (now !== undefined && isCounting(now.segments) === paused) moveKey(ledger, key, paused ? pause : resume);
}

/** Another policy lets other time count, from the instant it was chosen on. */
function replayed(
  { state, at }: Ledger,
  { clock, promised, pauses }: Pick<Following, 'clock' | 'promised' | 'pauses'>,
): readonly Stretch[] {
  const since = at.toISOString() > clock.startedAt ? at.toISOString() : clock.startedAt;
  const before = until(clock.segments, new Date(since));
  const after = promised.relative === undefined ? countingSince(since, state, pauses) : [{ from: since }];
  return joined(before, after);
}
