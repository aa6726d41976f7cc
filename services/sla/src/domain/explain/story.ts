/**
 * A clock's story as data: every stretch with what it used up, every event with what it changed. It is told from the
 * clock's segments alone, so it stays the same however long ago the events were.
 */
import { instantAfter, parseDuration } from '@switchboard/calendar';
import type { CalendarDefinition } from '@switchboard/calendar';
import type { ClockState } from '../clocks/state.ts';
import { measured } from './stretches.ts';
import type { CalendarOf, Stretch, ToldStretch } from './stretches.ts';

export type EventKind =
  | 'started'
  | 'priority-changed'
  | 'tier-changed'
  | 'policy-changed'
  | 'target-changed'
  | 'calendar-changed'
  | 'handed-over'
  | 'paused'
  | 'resumed'
  | 'warned'
  | 'breached'
  | 'reminded'
  | 'met'
  | 'canceled';

/** Something that happened to the clock. */
export interface StoryEvent {
  readonly at: string;
  readonly kind: EventKind;
  /** Open time used up by then, ms. */
  readonly elapsedMs: number;
  /** Why it stands still. */
  readonly reason?: string | undefined;
  /** What was replaced, and by what: a priority, tier, team, policy, or calendar with its version. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Where the due time was, and where it is from then on. */
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  /** Of the target that is used up; or how much of it is left, ms. */
  readonly share?: number | undefined;
  readonly leftMs?: number | undefined;
  /** What was promised, ms of open time. */
  readonly targetMs?: number | undefined;
  /** How often it was said. */
  readonly count?: number | undefined;
  /** How long it had stood still by the clock on the wall, ms. */
  readonly stoodMs?: number | undefined;
  /** Open time left, ms; negative when it was too late. */
  readonly remainingMs?: number | undefined;
}

export interface Story {
  readonly clock: ClockState;
  /** Up to when it is told. */
  readonly at: string;
  /** Of the calendar that counted last. */
  readonly timeZone: string;
  readonly stretches: readonly ToldStretch[];
  readonly events: readonly StoryEvent[];
  /** Open time that counted: the sum over the stretches that count. */
  readonly elapsedMs: number;
  readonly remainingMs: number;
  /** Stood still, by the clock on the wall: the sum over the stretches that are paused. */
  readonly pausedMs: number;
  /** Of that, open on the calendar. */
  readonly pausedOpenMs: number;
}

/** What a story is told from. */
export interface Material {
  readonly clock: ClockState;
  /** From its start to its end, without gaps. */
  readonly segments: readonly Stretch[];
  readonly calendarOf: CalendarOf;
}

interface Telling extends Material {
  readonly stretches: readonly ToldStretch[];
}

const moment = (instant: string): Date => new Date(instant);

/** Tells the story up to an instant. */
export function tellStory(material: Material, now: Date): Story {
  const { clock, segments, calendarOf } = material;
  const stretches = measured(segments, calendarOf, now);
  const last = stretches.at(-1);
  const elapsedMs = last?.elapsedMs ?? 0;
  const paused = stretches.filter(({ state }) => state === 'paused');
  return {
    clock,
    at: now.toISOString(),
    timeZone: zoneOf(calendarOf(last?.calendarId ?? clock.calendarId, last?.calendarVersion).definition),
    stretches,
    events: eventsOf({ ...material, stretches }),
    elapsedMs,
    remainingMs: clock.targetMs - elapsedMs,
    pausedMs: last?.pausedMs ?? 0,
    pausedOpenMs: paused.reduce((sum, { openMs }) => sum + openMs, 0),
  };
}

/** The zone of a calendar; of one that is composed of others that of the first of them. */
function zoneOf(definition: CalendarDefinition | undefined): string {
  if (definition === undefined) return 'UTC';
  if ('union' in definition) return zoneOf(definition.union[0]);
  if ('intersection' in definition) return zoneOf(definition.intersection[0]);
  return 'calendar' in definition ? zoneOf(definition.calendar) : definition.timeZone;
}

/** In order of time; of the same instant, in the order in which they can follow from each other. */
function eventsOf(telling: Telling): StoryEvent[] {
  const { stretches } = telling;
  const changes = stretches.slice(1).flatMap((stretch, index) => changesAt(telling, stretch, index + 1));
  return [...startOf(telling), ...changes, ...warningsOf(telling), ...endsOf(telling)].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
}

function startOf(telling: Telling): StoryEvent[] {
  const { clock, stretches } = telling;
  const [first] = stretches;
  const targetMs = first?.targetMs ?? clock.targetMs;
  const dueTo = first === undefined ? clock.dueAt : dueIn(telling, 0);
  const started = { at: clock.startedAt, kind: 'started', elapsedMs: 0, dueTo, targetMs } as const;
  if (first?.state !== 'paused') return [started];
  return [started, { at: clock.startedAt, kind: 'paused', elapsedMs: 0, reason: first.reason }];
}

/** What is different from the stretch before. Where the due time moved, the last difference carries it. */
function changesAt(telling: Telling, stretch: ToldStretch, index: number): StoryEvent[] {
  const { clock, stretches } = telling;
  const before = stretches[index - 1];
  if (before === undefined) return [];
  const common = { at: stretch.from, elapsedMs: before.elapsedMs };
  const changed = (kind: EventKind, from: string | undefined, to: string | undefined): StoryEvent[] =>
    from === to ? [] : [{ ...common, kind, from, to }];
  const differences = [
    ...changed('handed-over', before.team, stretch.team),
    ...changed('tier-changed', before.tier, stretch.tier),
    ...changed('priority-changed', before.priority?.toString(), stretch.priority?.toString()),
    ...changed('policy-changed', before.policyId, stretch.policyId),
    ...retargeted(before, stretch, common),
    ...changed('calendar-changed', calendarName(before), calendarName(stretch)),
    ...standing(telling, common, index),
  ];
  const broken = clock.breachedAt !== undefined && clock.breachedAt <= stretch.from;
  const [dueFrom, dueTo] = broken ? [] : [dueIn(telling, index - 1), dueIn(telling, index)];
  if (dueTo === undefined || dueFrom === dueTo) return differences;
  return differences.map((event, at) => (at === differences.length - 1 ? { ...event, dueFrom, dueTo } : event));
}

/** Another time, though neither another priority nor another policy says so: its terms were changed. */
function retargeted(
  before: ToldStretch,
  { priority, policyId, targetMs }: ToldStretch,
  common: Pick<StoryEvent, 'at' | 'elapsedMs'>,
): StoryEvent[] {
  const said = before.priority !== priority || before.policyId !== policyId;
  return said || before.targetMs === targetMs ? [] : [{ ...common, kind: 'target-changed', targetMs }];
}

const calendarName = ({ calendarId, calendarVersion }: Stretch): string =>
  calendarVersion === undefined ? calendarId : `${calendarId}@${String(calendarVersion)}`;

/** Whether it began to stand still, or to count again: after how long, and for what reason it had stood. */
function standing({ stretches }: Telling, common: Pick<StoryEvent, 'at' | 'elapsedMs'>, index: number): StoryEvent[] {
  const [before, stretch] = [stretches[index - 1], stretches[index]];
  if (before === undefined || stretch === undefined) return [];
  if (stretch.state === 'paused') {
    const goesOn = before.state === 'paused' && before.reason === stretch.reason;
    return goesOn ? [] : [{ ...common, kind: 'paused', reason: stretch.reason }];
  }
  if (before.state === 'counting') return [];
  const counted = stretches.slice(0, index).findLast(({ state }) => state === 'counting');
  const stoodMs = before.pausedMs - (counted?.pausedMs ?? 0);
  return [{ ...common, kind: 'resumed', reason: before.reason, stoodMs }];
}

/** When the promise is due while a stretch lasts; `undefined` where it stands still, or never is. */
function dueIn(telling: Telling, index: number): string | undefined {
  const { clock, stretches, calendarOf } = telling;
  const stretch = stretches[index];
  if (stretch?.state !== 'counting') return undefined;
  if (clock.dueAt !== undefined && isDecisive(telling, index)) return clock.dueAt;
  const targetMs = stretch.targetMs ?? clock.targetMs;
  const used = stretch.elapsedMs - stretch.openMs;
  const calendar = calendarOf(stretch.calendarId, stretch.calendarVersion);
  const due = instantAfter(calendar, moment(stretch.from), Math.max(0, targetMs - used));
  return due instanceof Date ? due.toISOString() : undefined;
}

/** Whether the clock's due time is that of the stretch: nothing that counts came after it, or it was broken by then. */
function isDecisive({ clock: { breachedAt }, stretches }: Telling, index: number): boolean {
  return !stretches
    .slice(index + 1)
    .some(({ state, from }) => state === 'counting' && (breachedAt === undefined || from < breachedAt));
}

/** What was used up before the promise became what it is was warned of when it became so. */
function warningsOf({ clock, stretches, calendarOf }: Telling): StoryEvent[] {
  const targetMs = stretches.at(-1)?.targetMs;
  const since = stretches.findLast((one) => one.targetMs !== targetMs)?.to ?? clock.startedAt;
  return clock.warned.flatMap((warning): StoryEvent[] => {
    const leftMs = typeof warning === 'string' ? (parseDuration(warning) ?? 0) : undefined;
    const share = typeof warning === 'string' ? undefined : warning;
    const elapsedMs = share === undefined ? clock.targetMs - (leftMs ?? 0) : Math.ceil(clock.targetMs * share);
    const stretch = stretches.find((one) => one.state === 'counting' && one.elapsedMs >= elapsedMs);
    if (stretch === undefined) return [];
    const calendar = calendarOf(stretch.calendarId, stretch.calendarVersion);
    const at = instantAfter(calendar, moment(stretch.from), elapsedMs - (stretch.elapsedMs - stretch.openMs));
    if (!(at instanceof Date)) return [];
    const told = [at.toISOString(), since].sort().at(-1) ?? since;
    return [{ at: told, kind: 'warned', elapsedMs, share, leftMs }];
  });
}

/** Broken, met, withdrawn. */
function endsOf({ clock, stretches }: Telling): StoryEvent[] {
  const elapsedMs = stretches.at(-1)?.elapsedMs ?? 0;
  const remainingMs = clock.targetMs - elapsedMs;
  const { breachedAt, metAt, canceledAt, extras } = clock;
  const reminded = extras?.reminded;
  return [
    ...(breachedAt === undefined
      ? []
      : [{ at: breachedAt, kind: 'breached' as const, elapsedMs: Math.min(elapsedMs, clock.targetMs) }]),
    ...(reminded === undefined ? [] : [{ ...reminded, kind: 'reminded' as const, elapsedMs }]),
    ...(metAt === undefined ? [] : [{ at: metAt, kind: 'met' as const, elapsedMs, remainingMs }]),
    ...(canceledAt === undefined ? [] : [{ at: canceledAt, kind: 'canceled' as const, elapsedMs, remainingMs }]),
  ];
}
