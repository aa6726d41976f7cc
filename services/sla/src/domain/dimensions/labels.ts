/**
 * What a promise is in the dimensions of an operator: asked of its case as it was when the promise came to its end, or
 * was broken, and kept with it. A rule that is changed later changes nothing of that.
 */
import { askBefore } from '../policies/conditions.ts';
import type { Asking } from '../policies/conditions.ts';
import type { CaseClocks, CaseLabel } from '../cases/state.ts';
import type { ClockState } from '../clocks/state.ts';
import { UNKNOWN } from './state.ts';
import type { CompiledDimension, DimensionLabel, Dimensions } from './state.ts';

/** Characters of a value; what is longer ends in an ellipsis. */
const LONGEST = 100;

/** A clock with what it is in the dimensions, once it is over or broken; before that it is nothing. */
export function inDimensions(clock: ClockState, state: CaseClocks, dimensions: Dimensions | undefined): ClockState {
  const { dimensions: taken, ...extras } = clock.extras ?? {};
  const end = clock.metAt ?? clock.canceledAt ?? clock.breachedAt;
  if (end === undefined) return taken === undefined ? clock : { ...clock, extras };
  const asked = (dimensions?.all ?? []).filter(({ id, since }) => (taken?.[id]?.rule ?? since) === since);
  if (asked.length === 0) return clock;
  const ask = state.extras?.facts === undefined ? undefined : askBefore(state, end, situationAt(state, end));
  const told = Object.fromEntries(asked.map((dimension) => [dimension.id, labelOf(dimension, ask)]));
  return { ...clock, extras: { ...extras, dimensions: { ...taken, ...told } } };
}

function situationAt({ labels = [], status, priority, tier = '' }: CaseClocks, at: string) {
  const then = labels
    .filter((label) => label.at <= at)
    .reduce<Partial<CaseLabel>>((all, one) => ({ ...all, ...one }), {});
  const isTold = labels.some((label) => label.tier !== undefined);
  return {
    status: then.status ?? status,
    priority: then.priority ?? priority,
    tier: then.tier ?? (isTold ? '' : tier),
  };
}

function labelOf({ since: rule, expression }: CompiledDimension, ask: Asking | undefined): DimensionLabel {
  if (ask === undefined) return { why: 'unkept', rule };
  const result = expression === undefined ? { error: '' } : ask.value(expression);
  const text = 'error' in result ? undefined : textOf(result.value);
  if (text === undefined) return { why: 'failed', rule };
  return text === '' ? { why: 'empty', rule } : { value: text, rule };
}

/** As it is written in a report; `undefined`: it is no single value. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  // An absent instant reads as the beginning of time.
  return value.getTime() === 0 ? '' : value.toISOString();
}

/** What a database keeps in JSON: whole characters, and none that control. */
function shortened(text: string): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…`;
}

/** The values of a clock, by dimension; `undefined`: it was never asked. */
export function valuesOf({ extras }: Pick<ClockState, 'extras'>): Record<string, string> | undefined {
  if (extras?.dimensions === undefined) return undefined;
  const values = Object.entries(extras.dimensions).map(
    ([id, label]) => [id, 'value' in label ? label.value : UNKNOWN] as const,
  );
  return Object.fromEntries(values);
}
