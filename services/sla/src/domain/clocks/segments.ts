/**
 * A clock's life as segments: every second from its start to its end, labelled with what was true then.
 *
 * What is stored is little: the stretches in which the clock counted, and once for all clocks of a case what the case
 * was when (`CaseLabel`). A fact that is told late is put in at its own instant, and every clock of the case shows it
 * there, even one that is over, unless its case was so busy that the clock took its labels along (`labels.ts`). Which version of a calendar counted follows from the instant, since versions never
 * change. Rows of before have stretches and no labels: their segments have none either.
 */
import { versionsOf } from '../configuration.ts';
import type { Calendars } from '../configuration.ts';
import { labelsFor } from './labels.ts';
import type { CaseClocks, CaseLabel } from '../cases/state.ts';
import type { ClockState, Segment, Stretch } from './state.ts';

type Promising = Pick<ClockState, 'target' | 'policyId' | 'targetMs' | 'extras'>;
type Lived = Promising & Pick<ClockState, 'segments' | 'calendarId' | 'startedAt' | 'metAt' | 'canceledAt'>;

/** A clock's segments, from the case's labels. */
export function labelled(clock: Lived, state: Pick<CaseClocks, 'labels'>, calendars: Calendars): readonly Segment[] {
  const labels = labelsFor(clock, state);
  const end = clock.metAt ?? clock.canceledAt;
  const cuts = cutsOf(clock, labels, calendars).filter((at) => end === undefined || at < end);
  const segments: Segment[] = [];
  const stretches = [...clock.segments];
  let label: Omit<CaseLabel, 'at'> = {};
  let seen = 0;
  cuts.forEach((from, n) => {
    for (; seen < labels.length && (labels[seen]?.at ?? '') <= from; seen += 1) label = { ...label, ...labels[seen] };
    while (stretches[0]?.to !== undefined && stretches[0].to <= from) stretches.shift();
    const [stretch] = stretches;
    const to = cuts[n + 1] ?? end;
    const counting = stretch !== undefined && stretch.from <= from;
    const found: Segment = {
      from,
      ...(to === undefined ? {} : { to }),
      ...stateOf(counting, label.status, { clock, from }),
      ...calendarAt(calendars, { calendarId: clock.calendarId, ...defined(stretch) }, from),
      ...peopleOf(label),
      ...promisedAt(clock, from),
    };
    const last = segments.at(-1);
    if (last !== undefined && isSame(last, found)) segments[segments.length - 1] = { ...found, from: last.from };
    else segments.push(found);
  });
  return segments;
}

/** Instants at which a segment may begin, in order, the start first. */
function cutsOf(clock: Lived, labels: readonly CaseLabel[], calendars: Calendars): string[] {
  const cuts = new Set([clock.startedAt]);
  const add = (at: string | undefined): void => {
    if (at !== undefined && at > clock.startedAt) cuts.add(at);
  };
  for (const { from, to } of [...clock.segments, ...(clock.extras?.held ?? [])]) {
    add(from);
    add(to);
  }
  for (const { at } of labels) add(at);
  for (const { until: end } of clock.extras?.before ?? []) add(end);
  const calendarIds = new Set([clock.calendarId, ...clock.segments.flatMap(({ calendarId }) => calendarId ?? [])]);
  for (const id of calendarIds) for (const { from } of versionsOf(calendars, id).slice(1)) add(from);
  return [...cuts].sort();
}

function defined(stretch: Stretch | undefined): Pick<Stretch, 'calendarId' | 'calendarVersion'> {
  const { calendarId, calendarVersion } = stretch ?? {};
  return {
    ...(calendarId === undefined ? {} : { calendarId }),
    ...(calendarVersion === undefined ? {} : { calendarVersion }),
  };
}

/** Step promises of before say nothing of their conditions. */
function stateOf(
  counting: boolean,
  status: string | undefined,
  { clock: { target, extras }, from }: { readonly clock: Promising; readonly from: string },
): Pick<Segment, 'state' | 'reason'> {
  if (counting) return { state: 'counting' };
  if (extras?.held?.some((held) => held.from <= from && (held.to === undefined || from < held.to)))
    return { state: 'paused', reason: 'condition' };
  if (status === undefined) return { state: 'paused' };
  const byCondition = target === 'promise' && (status === 'open' || status === 'new');
  return { state: 'paused', reason: byCondition ? 'condition' : status };
}

function calendarAt(
  calendars: Calendars,
  { calendarId, calendarVersion }: { readonly calendarId: string; readonly calendarVersion?: number },
  at: string,
): Pick<Segment, 'calendarId' | 'calendarVersion'> {
  if (calendarVersion !== undefined) return { calendarId, calendarVersion };
  const versions = versionsOf(calendars, calendarId);
  const inForce = versions.findLast(({ from }) => from <= at) ?? versions[0];
  return { calendarId, calendarVersion: inForce?.version ?? 1 };
}

function peopleOf({ team, priority, tier }: Omit<CaseLabel, 'at'>): Pick<Segment, 'team' | 'priority' | 'tier'> {
  return {
    ...(team === undefined || team === '' ? {} : { team }),
    ...(priority === undefined ? {} : { priority }),
    ...(tier === undefined || tier === '' ? {} : { tier }),
  };
}

function promisedAt({ policyId, targetMs, extras }: Promising, at: string): Pick<Segment, 'policyId' | 'targetMs'> {
  const before = extras?.before?.find((promise) => at < promise.until);
  return before === undefined ? { policyId, targetMs } : { policyId: before.policyId, targetMs: before.targetMs };
}

const labelsCompared = [
  'state',
  'reason',
  'calendarId',
  'calendarVersion',
  'team',
  'priority',
  'tier',
  'policyId',
  'targetMs',
] as const;
const isSame = (a: Segment, b: Segment): boolean => labelsCompared.every((label) => a[label] === b[label]);

/** Whether the clock counts at the moment. */
export function isCounting(segments: readonly Stretch[]): boolean {
  const last = segments.at(-1);
  return last !== undefined && last.to === undefined;
}

/** What of the stretches was before an instant. */
export function until(segments: readonly Stretch[], at: Date): readonly Stretch[] {
  const end = at.toISOString();
  const last = segments.at(-1);
  if (last === undefined || (last.to !== undefined && last.to <= end)) return segments;
  return segments.flatMap((stretch) => {
    if (stretch.from >= end) return [];
    return [stretch.to === undefined || stretch.to > end ? { ...stretch, to: end } : stretch];
  });
}

/** The stretches with a new open one; it never overlaps the one before, and goes on with one that it touches. */
export function resumed(segments: readonly Stretch[], at: Date): readonly Stretch[] {
  if (isCounting(segments)) return segments;
  const last = segments.at(-1)?.to;
  const from = last !== undefined && new Date(last) > at ? last : at.toISOString();
  return joined(segments, [{ from }]);
}

/**
 * The stretches of a clock that changes its calendar at an instant: what was before keeps the old one, named from now
 * on; what comes after has the clock's.
 */
export function onOtherCalendar(
  segments: readonly Stretch[],
  { was, at }: { readonly was: string; readonly at: Date },
): readonly Stretch[] {
  const cut = at.toISOString();
  return segments.flatMap((stretch) => {
    const before = { ...stretch, calendarId: stretch.calendarId ?? was };
    if (stretch.to !== undefined && stretch.to <= cut) return [before];
    const after = {
      from: stretch.from < cut ? cut : stretch.from,
      ...(stretch.to === undefined ? {} : { to: stretch.to }),
    };
    return stretch.from < cut ? [{ ...before, to: cut }, after] : [after];
  });
}

/** The stretches since an instant in which the case's status lets time count. */
export function countingSince(
  since: string,
  { labels = [], status }: Pick<CaseClocks, 'labels' | 'status'>,
  isPaused: (status: string) => boolean,
): readonly Stretch[] {
  const known = labels.filter((label) => label.status !== undefined);
  const first = known.findLast(({ at }) => at <= since)?.status ?? known[0]?.status ?? status;
  const turns = [{ at: since, status: first }, ...known.filter(({ at }) => at > since)];
  const stretches: Stretch[] = [];
  for (const { at, status: now = status } of turns) {
    const open = isCounting(stretches);
    if (isPaused(now) && open) stretches.push({ from: stretches.pop()?.from ?? at, to: at });
    else if (!isPaused(now) && !open) stretches.push({ from: at });
  }
  return stretches;
}

/** What of the stretches lies outside others. */
export function without(segments: readonly Stretch[], others: readonly Stretch[]): readonly Stretch[] {
  return others.reduce<readonly Stretch[]>(
    (left, { from, to }) =>
      left.flatMap((stretch) => {
        const before = until([stretch], new Date(from));
        if (to === undefined || (stretch.to !== undefined && stretch.to <= to)) return before;
        return [...before, stretch.from >= to ? stretch : { ...stretch, from: to }];
      }),
    segments,
  );
}

/** Stretches one after the other; two that touch on one calendar are one. */
export function joined(first: readonly Stretch[], second: readonly Stretch[]): readonly Stretch[] {
  const last = first.at(-1);
  const next = second[0];
  if (last === undefined || next?.from !== last.to || next?.calendarId !== last.calendarId)
    return [...first, ...second];
  if (next === undefined || next.calendarVersion !== last.calendarVersion) return [...first, ...second];
  return [...first.slice(0, -1), { ...next, from: last.from }, ...second.slice(1)];
}
