/**
 * What conditions say of a clock over time. They are asked with every fact, at its instant; of what is told late, and of
 * the time before a clock began, they are asked of the case as it was after each of its turns.
 */
import { askBefore, askOf } from '../policies/conditions.ts';
import type { Asking, Situation } from '../policies/conditions.ts';
import { laterOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { joined, resumed, until } from './segments.ts';
import type { CaseClocks, CaseLabel } from '../cases/state.ts';
import type { ClockState, Stretch } from './state.ts';
import type { ClockConditions } from '../policies/state.ts';

/** From an instant on the case was so, until the next turn. */
export interface Turn {
  readonly at: string;
  readonly status: string;
  readonly ask: Asking;
}

/** What makes a clock stand still: statuses, and conditions beside them. */
export interface Pausing {
  readonly conditions: ClockConditions;
  readonly pauses: (status: string) => boolean;
}

/** Stretches that counted, and those in which a condition made the clock stand still. */
export interface Lived {
  readonly segments: readonly Stretch[];
  readonly held: readonly Stretch[];
}

const isTurn = ({ status, priority, tier }: CaseLabel): boolean => (status ?? priority ?? tier) !== undefined;

const turned = (then: Situation, { status, priority, tier }: Partial<CaseLabel>): Situation => ({
  status: status ?? then.status,
  priority: priority ?? then.priority,
  tier: tier ?? then.tier,
});

/**
 * What conditions are asked of when a fact is decided: the case now, since when it is so. A fact that is told late and
 * says nothing that they read was before that, and changes nothing of it. Where it does, and they read what may be told
 * late, it is the case after each of its turns since then.
 */
export function turnsOf(
  ledger: Pick<Ledger, 'at' | 'was' | 'state'>,
  { ask, conditions }: Pick<Beginning, 'ask' | 'conditions'>,
): readonly Turn[] {
  const { was, state } = ledger;
  const { factsAt, customerAt } = state.extras ?? {};
  const at = laterOf(factsAt, ledger);
  const read = sourcesOf(conditions);
  if (!read.some(readsCustomer)) return [{ at, status: state.status, ask }];
  const since = ledger.at.toISOString();
  const [before, now] = [was.extras?.facts, state.extras?.facts];
  const turns = turnsSince(state, since, ask);
  const isNews =
    before?.case !== now?.case ||
    (before?.customer !== now?.customer && !isAnsweredAlike(turns, turnsSince(was, since, askOf(was)), read));
  if (isNews) return turns;
  return [{ at: customerAt !== undefined && customerAt > at ? customerAt : at, status: state.status, ask }];
}

const sourcesOf = ({ start, stop, pause, resume, cancel, reset }: ClockConditions): readonly string[] =>
  [start, stop, pause, resume, cancel, reset].filter((source) => source !== undefined);

/** Customers change on another topic than cases, in no common order. */
const readsCustomer = (source: string): boolean => /\bcustomer\b/u.test(source);

/** Whether conditions say the same of a case with what is told now as without it. */
function isAnsweredAlike(turns: readonly Turn[], others: readonly Turn[], sources: readonly string[]): boolean {
  if (turns.length !== others.length) return false;
  return turns.every(({ ask }, n) => sources.every((source) => ask.holds(source) === others[n]?.ask.holds(source)));
}

/** The case at an instant, and after each of its turns since. */
export function turnsSince(state: CaseClocks, since: string, ask: Asking): readonly Turn[] {
  const labels = (state.labels ?? []).filter(isTurn);
  const after = labels.filter(({ at }) => at > since);
  const { status, priority } = state;
  if (after.length === 0) return [{ at: since, status, ask }];
  const before = labels.filter(({ at }) => at <= since);
  const tier = labels.some((label) => label.tier !== undefined) ? '' : (state.tier ?? '');
  let then = (before.length > 0 ? before : labels.slice(0, 1)).reduce(turned, { status, priority, tier });
  const turns = [{ at: since, status: then.status, ask: askBefore(state, then) }];
  for (const label of after) {
    then = turned(then, label);
    turns.push({ at: label.at, status: then.status, ask: askBefore(state, then) });
  }
  return turns;
}

/** Since which of the turns it has been so without a break; `undefined`: it is not so now. */
export function heldSince(turns: readonly Turn[], holds: (ask: Asking) => boolean): string | undefined {
  let since: string | undefined;
  for (const { at, ask } of turns.toReversed()) {
    if (!holds(ask)) break;
    since = at;
  }
  return since;
}

/** How a clock stood before the first turn. */
interface Before {
  readonly counting: boolean;
  /** By a condition. */
  readonly held: boolean;
}

/** What counts from the first turn on. A pause that a condition began is the condition's until the clock goes on. */
export function livedOver(
  turns: readonly Turn[],
  { conditions, pauses }: Pausing,
  before: Before = { counting: true, held: false },
): Lived {
  let { counting, held: isHeld } = before;
  let segments: readonly Stretch[] = [];
  let held: readonly Stretch[] = [];
  for (const { at, status, ask } of turns) {
    const byStatus = pauses(status);
    const byCondition = !byStatus && holdsStill(conditions, ask, counting);
    counting = !byStatus && !byCondition;
    isHeld = !counting && (isHeld || byCondition);
    segments = counting ? resumed(segments, new Date(at)) : until(segments, new Date(at));
    held = isHeld ? resumed(held, new Date(at)) : until(held, new Date(at));
  }
  return { segments, held };
}

function holdsStill({ pause, resume }: ClockConditions, ask: Asking, counting: boolean): boolean {
  if (resume === undefined) return ask.holds(pause);
  if (ask.holds(resume)) return false;
  return !counting || ask.holds(pause);
}

interface Beginning extends Pausing {
  readonly state: CaseClocks;
  readonly ask: Asking;
  /** When it begins, where nothing moves that back. */
  readonly begin: string;
  /** Due on a day: it counts throughout. */
  readonly relative: boolean;
}

/** A clock may count from an earlier instant than that at which it begins, with or without what paused since. */
export function lifeOf({ state, ask, begin, relative, ...pausing }: Beginning): { since: string; life: Lived } {
  const { startFrom, retroactivePauses = false } = pausing.conditions;
  const from = startFrom === undefined ? undefined : ask.instant(startFrom)?.toISOString();
  const since = from !== undefined && from < begin ? from : begin;
  if (relative) return { since, life: { segments: [{ from: since }], held: [] } };
  const { segments, held } = livedOver(turnsSince(state, retroactivePauses ? since : begin, ask), pausing);
  const isWhole = retroactivePauses || since === begin;
  return { since, life: { segments: isWhole ? segments : joined([{ from: since, to: begin }], segments), held } };
}

/**
 * A clock's life with what the turns say of it from the first of them on.
 * @returns `undefined` where that changes nothing
 */
export function livedAgain(
  { startedAt, segments, extras }: Pick<ClockState, 'startedAt' | 'segments' | 'extras'>,
  turns: readonly Turn[],
  pausing: Pausing,
): Lived | undefined {
  const held = extras?.held ?? [];
  const seen = turns.flatMap((turn, n) => {
    const next = turns[n + 1]?.at;
    return next !== undefined && next <= startedAt ? [] : [turn.at < startedAt ? { ...turn, at: startedAt } : turn];
  });
  const first = new Date(seen[0]?.at ?? startedAt);
  const at = first.toISOString();
  const lastedTo = ({ from, to }: Stretch): boolean => from < at && (to === undefined || to >= at);
  const counting = at === startedAt || segments.some(lastedTo);
  const after = livedOver(seen, pausing, { counting, held: !counting && held.some(lastedTo) });
  const again = {
    segments: rejoined(until(segments, first), after.segments),
    held: rejoined(until(held, first), after.held),
  };
  return isSame(again.segments, segments) && isSame(again.held, held) ? undefined : again;
}

/** Stretches cut in two at an instant are one again. */
const rejoined = (before: readonly Stretch[], after: readonly Stretch[]): readonly Stretch[] =>
  after.length === 0 ? before : joined(before, after);

function isSame(one: readonly Stretch[], other: readonly Stretch[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ from, to }, n) => {
    const twin = other[n];
    return twin?.from === from && twin.to === to;
  });
}
