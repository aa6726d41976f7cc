/** What a clock came to. It is kept when the clock ends: reports add these up and count nothing anew. */
import { versionedCalendars } from '../configuration.ts';
import type { Calendars, Configuration } from '../configuration.ts';
import { inDimensions } from '../dimensions/labels.ts';
import { measured, ownersOf } from '../explain/stretches.ts';
import type { CalendarOf, Owner, Stretch } from '../explain/stretches.ts';
import { takenAlong } from './labels.ts';
import { labelled } from './segments.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from './state.ts';

export interface ClockResult {
  /** Open time used, ms. */
  readonly elapsedMs: number;
  /** Stood still, by the clock on the wall, ms. */
  readonly pausedMs: number;
  readonly owners: readonly Owner[];
  readonly pauses: readonly PauseResult[];
  /** As they were in the end. */
  readonly team?: string | undefined;
  readonly priority?: number | undefined;
  readonly tier?: string | undefined;
  readonly channel?: string | undefined;
  readonly product?: string | undefined;
  readonly reason?: string | undefined;
  readonly language?: string | undefined;
}

/** How long it stood still for a reason while a team held the work, ms. */
export interface PauseResult {
  readonly reason?: string | undefined;
  readonly team?: string | undefined;
  readonly pausedMs: number;
}

/** Sums up a clock that is over. @param segments with an end each */
export function resultOf(segments: readonly Stretch[], calendarOf: CalendarOf): ClockResult {
  const end = new Date(segments.at(-1)?.to ?? segments.at(-1)?.from ?? 0);
  const stretches = measured(segments, calendarOf, end);
  const { team, priority, tier } = segments.at(-1) ?? {};
  const pauses = new Map<string, PauseResult>();
  for (const { state, reason, team: owner, wallMs } of stretches) {
    if (state !== 'paused') continue;
    const key = JSON.stringify([reason, owner]);
    pauses.set(key, { reason, team: owner, pausedMs: wallMs + (pauses.get(key)?.pausedMs ?? 0) });
  }
  return {
    elapsedMs: stretches.at(-1)?.elapsedMs ?? 0,
    pausedMs: stretches.at(-1)?.pausedMs ?? 0,
    owners: ownersOf(stretches),
    pauses: [...pauses.values()],
    team,
    priority,
    tier,
  };
}

/** What a clock is settled by. */
type Settling = Calendars & Pick<Configuration, 'dimensions'>;

/** A clock as it is kept: with its result once it is over, and without one as long as it is not. */
export function settled(moved: ClockState, state: CaseClocks, configuration: Settling): ClockState {
  const clock = inDimensions(moved, state, configuration.dimensions);
  const isOver = clock.metAt !== undefined || clock.canceledAt !== undefined;
  if (isOver) {
    const { channel, product, reason, language } = state.traits ?? {};
    const result = resultOf(labelled(clock, state, configuration), versionedCalendars(configuration));
    const labels = takenAlong(clock, state, clock.metAt ?? clock.canceledAt ?? '');
    const extras = labels === undefined ? clock.extras : { ...clock.extras, labels };
    return {
      ...clock,
      ...(extras === undefined ? {} : { extras }),
      result: { ...result, channel, product, reason, language },
    };
  }
  return clock.result === undefined ? clock : { ...clock, result: undefined };
}
