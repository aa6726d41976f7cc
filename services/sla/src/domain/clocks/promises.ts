/**
 * Step promises: clocks of their own, whose conditions are looked at with every change of the case. One begins when
 * `start` holds and neither `stop` nor `cancel` does.
 */
import { brokenPromise, cancel, differs, meet, pause, reschedule, resume, start } from './clock.ts';
import { askBefore } from '../policies/conditions.ts';
import type { Asking } from '../policies/conditions.ts';
import { promisedFor, timeOf } from './demand.ts';
import { keep, moveKey, patchExtras, sceneOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { isCounting } from './segments.ts';
import { keyOf, slotOf } from './slots.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { Stretch } from './state.ts';
import type { StepPromise, Terms } from '../policies/state.ts';

interface Aligned {
  readonly terms: Terms;
  readonly promise: StepPromise;
  readonly ask: Asking;
}

export function alignPromise(ledger: Ledger, { terms, promise, ask }: Aligned): void {
  const { state, context } = ledger;
  const key = keyOf(terms.policyId, slotOf(promise.name));
  const time = timeOf(promise.target, state.priority);
  const promised =
    promisedFor({ terms, state, ask, configuration: context.configuration }, time, promise.warnAt) ??
    brokenPromise(ledger.clocks.get(key));
  if (promised === undefined || ask.holds(promise.cancel)) {
    moveKey(ledger, key, cancel);
    return;
  }
  if (ask.holds(promise.stop)) {
    moveKey(ledger, key, meet);
    return;
  }
  // Nobody does anything for a closed case any more.
  if (state.status === 'closed') {
    moveKey(ledger, key, cancel);
    return;
  }
  if (comesToReset(ledger, { key, promise, ask })) moveKey(ledger, key, meet);
  const clock = ledger.clocks.get(key);
  if (clock === undefined) {
    if (ask.holds(promise.start)) {
      const { since, segments } = beginning(ledger, { promise, ask });
      const born = { target: 'promise' as const, name: promise.name, startedAt: since, segments };
      keep(ledger, key, start({ id: context.newId(), caseId: state.id, ...born }, promised, sceneOf(ledger)));
    }
    return;
  }
  if (clock.status !== 'breached' && differs(clock, promised)) {
    moveKey(ledger, key, (now, scene) => reschedule(now, promised, scene));
  }
  const counting = isCounting(clock.segments);
  const paused = promised.relative === undefined && isPaused(promise, { ask, counting, status: state.status });
  if (counting === paused) moveKey(ledger, key, paused ? pause : resume);
}

/** `reset` counts when it comes to hold, not for as long as it does. */
function comesToReset(
  ledger: Ledger,
  { key, promise, ask }: { key: string; promise: StepPromise; ask: Asking },
): boolean {
  if (promise.reset === undefined) return false;
  const held = ledger.state.extras?.reset ?? [];
  const holds = ask.holds(promise.reset);
  if (holds === held.includes(key)) return false;
  const now = holds ? [...held, key] : held.filter((other) => other !== key);
  patchExtras(ledger, { reset: now.length === 0 ? undefined : now });
  return holds && ask.holds(promise.start);
}

interface Standing {
  readonly ask: Asking;
  readonly counting: boolean;
  readonly status: string;
}

function isPaused(
  { pause: pauses, resume: resumes, pauseIn = [] }: StepPromise,
  { ask, counting, status }: Standing,
): boolean {
  if (pauseIn.includes(status)) return true;
  if (resumes === undefined) return ask.holds(pauses);
  if (ask.holds(resumes)) return false;
  return !counting || ask.holds(pauses);
}

/** A promise may count from an earlier instant, with or without what paused since. */
function beginning(
  { state, at }: Ledger,
  { promise, ask }: Pick<Aligned, 'promise' | 'ask'>,
): { readonly since: string; readonly segments: readonly Stretch[] } {
  const now = at.toISOString();
  const from = promise.startFrom === undefined ? undefined : ask.instant(promise.startFrom)?.toISOString();
  const since = from !== undefined && from < now ? from : now;
  const isRelative = typeof promise.target === 'object' && 'businessDays' in promise.target;
  if (isRelative) return { since, segments: [{ from: since }] };
  const past = promise.retroactivePauses === true ? countedBefore(state, promise, { since, now }) : [{ from: since }];
  const counting = !isPaused(promise, { ask, counting: true, status: state.status });
  if (isCounting(past) === counting) return { since, segments: past };
  const last = past.at(-1);
  if (counting || last === undefined) return { since, segments: [...past, { from: now }] };
  const ended = last.from < now ? [{ ...last, to: now }] : [];
  return { since, segments: [...past.slice(0, -1), ...ended] };
}

/** What would have counted, had the promise been there: the case is asked as it was after each of its turns. */
function countedBefore(
  state: CaseClocks,
  promise: StepPromise,
  { since, now }: { readonly since: string; readonly now: string },
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let then: { status: string; priority: number } = { status: state.status, priority: state.priority };
  const turn = (at: string): void => {
    const counting = isCounting(stretches);
    const paused = isPaused(promise, {
      ask: askBefore(state, then),
      counting: counting || stretches.length === 0,
      status: then.status,
    });
    if (paused && counting) stretches.push({ from: stretches.pop()?.from ?? at, to: at });
    else if (!paused && !counting) stretches.push({ from: at });
  };
  const turns = (state.labels ?? []).filter(({ at }) => at <= now);
  const known = turns.findLast(({ at, status }) => at <= since && status !== undefined) ?? turns[0];
  for (const label of [...turns.filter(({ at }) => at <= since), { at: since, ...statusOf(known) }]) {
    then = { status: label.status ?? then.status, priority: label.priority ?? then.priority };
  }
  turn(since);
  for (const { at, status, priority } of turns.filter((label) => label.at > since)) {
    then = { status: status ?? then.status, priority: priority ?? then.priority };
    turn(at);
  }
  return stretches;
}

const statusOf = (label: { readonly status?: string } | undefined): { readonly status?: string } =>
  label?.status === undefined ? {} : { status: label.status };
