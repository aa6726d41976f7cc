/**
 * What a case was when: once for all its clocks. A busy case would keep ever more of it, so only the first labels are kept
 * whatever comes; of those behind them only what clocks that run reach back to, and since when what is now has been. A clock that ends
 * when there are more takes what was true during its life along with it.
 */
import type { CaseClocks, CaseLabel } from '../cases/state.ts';
import type { ClockState } from './state.ts';

/** Labels that stay whatever comes: most cases never have more. */
export const KEPT = 64;

/** Puts a label in at its instant; a fact that is told late stands before what came later. */
export function withLabel(labels: readonly CaseLabel[], label: CaseLabel): readonly CaseLabel[] {
  const index = labels.findLastIndex(({ at }) => at <= label.at) + 1;
  const before = labels[index - 1];
  if (before?.at === label.at) return labels.with(index - 1, { ...before, ...label });
  return labels.toSpliced(index, 0, label);
}

/** The newest of one label, and since when it holds. */
export function newest<N extends Exclude<keyof CaseLabel, 'at'>>(
  labels: readonly CaseLabel[],
  name: N,
): { readonly value: NonNullable<CaseLabel[N]>; readonly since: string } | undefined {
  let found: { value: NonNullable<CaseLabel[N]>; since: string } | undefined;
  for (const label of labels) {
    const value: CaseLabel[N] = label[name];
    if (value !== undefined && value !== found?.value) found = { value, since: label.at };
  }
  return found;
}

type Living = Pick<ClockState, 'startedAt' | 'extras'>;

/** The labels that tell of a clock's life: those it took along, else the case's. */
export function labelsFor({ extras }: Pick<ClockState, 'extras'>, { labels = [] }: Pick<CaseClocks, 'labels'>) {
  return extras?.labels ?? labels;
}

/** What a clock that ends takes along; nothing from a case whose labels stay. */
export function takenAlong(
  { startedAt, extras }: Living,
  { labels = [] }: Pick<CaseClocks, 'labels'>,
  end: string,
): readonly CaseLabel[] | undefined {
  if (extras?.labels !== undefined || labels.length <= KEPT) return extras?.labels;
  const before = labels.filter(({ at }) => at <= startedAt);
  const during = labels.filter(({ at }) => at > startedAt && at < end);
  return before.length === 0 ? during : [{ ...merged(before), at: startedAt }, ...during];
}

const NAMES = ['status', 'priority', 'team', 'tier'] as const;

/**
 * A case's labels without those that no clock needs any more: of each name only its last two turns are left of them.
 * @param running the clocks that are not over
 */
export function neededLabels(
  { labels, openSince }: Pick<CaseClocks, 'labels' | 'openSince'>,
  running: Iterable<Pick<ClockState, 'startedAt'>>,
): readonly CaseLabel[] | undefined {
  if (labels === undefined || labels.length <= KEPT) return labels;
  const starts = Array.from(running, ({ startedAt }) => startedAt);
  const since = [...starts, openSince ?? labels.at(-1)?.at ?? ''].reduce((least, at) => (at < least ? at : least));
  const first = labels.findIndex(({ at }) => at >= since);
  const old = labels.slice(KEPT, first);
  if (first <= KEPT || old.length <= 2 * NAMES.length) return labels;
  const turns = NAMES.flatMap((name) => lastTurns(old, name));
  return [...labels.slice(0, KEPT), ...turns.reduce<readonly CaseLabel[]>(withLabel, []), ...labels.slice(first)];
}

/** What it was in the end, since when, and what it was before: so it still shows that it was something else. */
function lastTurns(labels: readonly CaseLabel[], name: (typeof NAMES)[number]): CaseLabel[] {
  const last = newest(labels, name);
  if (last === undefined) return [];
  const before = labels.findLast((label) => label[name] !== undefined && label.at < last.since);
  return [
    ...(before === undefined ? [] : [{ at: before.at, [name]: before[name] }]),
    { at: last.since, [name]: last.value },
  ];
}

const merged = (labels: readonly CaseLabel[]): CaseLabel =>
  labels.reduce((all, label) => ({ ...all, ...label }), { at: '' });
