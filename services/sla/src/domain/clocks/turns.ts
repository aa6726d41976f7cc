/**
 * What conditions say of a clock over time. They are asked with every fact, at its instant; of what is told late, and of
 * the time before a clock began, they are asked of the case as it was after each of its turns.
 */
import { knownSince, pastOf } from '../cases/past.ts';
import { askBefore, askOf, isDated, pathsIn, readsCustomer } from '../policies/conditions.ts';
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
  // Of before, it is not known how the case was: what was counted then stays.
  const since = [ledger.at.toISOString(), knownFrom(state, read) ?? ''].reduce((one, other) =>
    one > other ? one : other,
  );
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

/** Whether conditions say the same of a case with what is told now as without it. */
function isAnsweredAlike(turns: readonly Turn[], others: readonly Turn[], sources: readonly string[]): boolean {
  if (turns.length !== others.length) return false;
  return turns.every(({ ask }, n) => sources.every((source) => ask.holds(source) === others[n]?.ask.holds(source)));
}

/**
 * The case at an instant, and after each of its turns since.
 * @param others instants that count as turns too
 */
export function turnsSince(
  state: CaseClocks,
  since: string,
  ask: Asking,
  others: readonly string[] = [],
): readonly Turn[] {
  const labels = (state.labels ?? []).filter(isTurn);
  const facts = (pastOf(state.extras)?.turns ?? []).map(({ until: turn }) => turn);
  const after = [...labels.map(({ at }) => at), ...facts, ...others].filter((at) => at > since);
  const { status, priority } = state;
  if (after.length === 0) return [{ at: since, status, ask }];
  const tier = labels.some((label) => label.tier !== undefined) ? '' : (state.tier ?? '');
  let seen = Math.max(1, labels.filter(({ at }) => at <= since).length);
  let then = labels.slice(0, seen).reduce(turned, { status, priority, tier });
  return [since, ...[...new Set(after)].sort()].map((at) => {
    for (let label = labels[seen]; label !== undefined && label.at <= at; label = labels[(seen += 1)])
      then = turned(then, label);
    return { at, status: then.status, ask: askBefore(state, at, then) };
  });
}

/** Whether it is known what conditions say of the case since an instant. */
export function isKnownSince(state: CaseClocks, since: string, conditions: ClockConditions): boolean {
  const known = knownFrom(state, sourcesOf(conditions));
  return known !== undefined && known <= since;
}

/** Since when it is known what conditions say: as it is now it has been since the newest facts. */
function knownFrom({ extras = {} }: CaseClocks, sources: readonly string[]): string | undefined {
  const { factsAt, customerAt = factsAt } = extras;
  const past = pastOf(extras);
  const all = pathsIn(sources).map((path) => knownSince(past, path) ?? (path[0] === 'customer' ? customerAt : factsAt));
  const found = all.filter((at) => at !== undefined);
  return found.length < all.length ? undefined : found.reduce((latest, at) => (at > latest ? at : latest), '');
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

/**
 * Since when there would be a clock now, had conditions been asked from the first turn on.
 * @returns `undefined`: there would be none
 */
export function begunSince(
  turns: readonly Turn[],
  { start, stop, cancel, reset }: ClockConditions,
): string | undefined {
  let since: string | undefined;
  let wasReset = false;
  for (const { at, status, ask } of turns) {
    if (status === 'closed' || ask.holds(cancel) || ask.holds(stop)) {
      since = undefined;
      continue;
    }
    const begins = start === undefined || ask.holds(start);
    const resets = ask.holds(reset);
    if (begins && (since === undefined || (resets && !wasReset))) since = at;
    wasReset = resets;
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
  const { pause, resume } = pausing.conditions;
  const known = knownFrom(state, sourcesOf({ pause, resume })) ?? '';
  const turns = turnsSince(state, retroactivePauses ? since : begin, ask, [known]).map((turn) =>
    turn.at < known ? { ...turn, ask: withoutFacts(turn.ask) } : turn,
  );
  const { segments, held } = livedOver(turns, pausing);
  const isWhole = retroactivePauses || since === begin;
  return { since, life: { segments: isWhole ? segments : joined([{ from: since, to: begin }], segments), held } };
}

/** Of a time of which only labels are known: nothing stands still that may have counted. */
const withoutFacts = (ask: Asking): Asking => ({
  ...ask,
  holds: (source) => source !== undefined && isDated(source) && ask.holds(source),
});

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
