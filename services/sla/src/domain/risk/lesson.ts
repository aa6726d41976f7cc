/** A clock that ended, looked at again as it was on its way. */
import type { Configuration } from '../configuration.ts';
import { elapsedMs, reachedAt } from '../clocks/measure.ts';
import type { Ended } from './fit.ts';
import { queuesAt } from './queues.ts';
import type { Stay } from './queues.ts';
import { sightOf } from './sight.ts';
import type { Life, Moment, Traits } from './sight.ts';
import type { StaffingState } from './staffing.ts';
import { lifeOf, modelKey, momentOf } from './life.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from '../clocks/state.ts';

/** Shares of the target at which a life is looked at. */
const LOOKS = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9] as const;

/** Plain data: it goes to another thread. Who waited before it is put in when all are there. */
export interface Lesson extends Omit<Ended, 'sights'> {
  /** Kind of promise. */
  readonly key: string;
  readonly traits: Traits;
  readonly stays: readonly Stay[];
  readonly life: Life;
  readonly moments: readonly Moment[];
}

interface House {
  readonly configuration: Configuration;
  readonly staffing: ReadonlyMap<string, StaffingState>;
}

/** `undefined` for a clock that says nothing of kept or broken promises. */
export function lessonOf(clock: ClockState, state: CaseClocks, { configuration, staffing }: House): Lesson | undefined {
  const end = clock.breachedAt ?? clock.metAt;
  if (end === undefined || clock.targetMs <= 0) return undefined;
  const broken = clock.breachedAt !== undefined;
  const life = lifeOf(clock, state, configuration);
  const stays = staysOf(life, end);
  const used = elapsedMs(configuration, clock, new Date(end));
  return {
    key: modelKey(clock),
    startedAt: Date.parse(clock.startedAt),
    knownAt: Date.parse(end),
    broken,
    endShare: broken ? 1 : Math.min(1, used / clock.targetMs),
    traits: sightOf(life, momentOf(clock, new Date(end), configuration, {})).traits,
    stays,
    life,
    moments: LOOKS.flatMap((share) => {
      const at = reachedAt(configuration, clock, share * clock.targetMs);
      if (!(at instanceof Date) || at.toISOString() >= end) return [];
      const team = stays.findLast(({ from }) => from <= at.getTime())?.team;
      return [momentOf(clock, at, configuration, { staffing: team === undefined ? undefined : staffing.get(team) })];
    }),
  };
}

function staysOf({ segments }: Life, end: string): Stay[] {
  return segments.flatMap(({ team, from, to = end }) => {
    if (team === undefined || from >= end) return [];
    const until = to < end ? to : end;
    return [{ team, from: Date.parse(from), to: Date.parse(until), done: until === end }];
  });
}

/** Lessons of one kind as the model learns them. */
export function endedOf(lessons: readonly Lesson[]): Ended[] {
  const queues = queuesAt(
    lessons,
    lessons.map(({ moments }) => moments.map(({ at }) => at)),
  );
  return lessons.map(({ life, moments, startedAt, knownAt, broken, endShare, traits }, n) => ({
    startedAt,
    knownAt,
    broken,
    endShare,
    traits,
    sights: moments.map((moment, look) => sightOf(life, { ...moment, ...queues[n]?.[look] })),
  }));
}
