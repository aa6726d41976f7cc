/** How many promises a team had when, and how fast it finished them: for lives as far as they are at hand. */

const DAY = 86_400_000;
/** How far back what was finished is counted. */
export const PACE_DAYS = 7;

/** A time with one team, ms since 1970. */
export interface Stay {
  readonly team: string;
  readonly from: number;
  readonly to: number;
  /** It was finished there, not handed on. */
  readonly done: boolean;
}

export interface Queued {
  readonly startedAt: number;
  readonly stays: readonly Stay[];
}

export interface Queue {
  /** Began earlier. */
  readonly ahead: number;
  /** All of them, with this one. */
  readonly backlog: number;
  /** Finished within `PACE_DAYS`. */
  readonly finished: number;
}

/** More are as good as so many: whoever looks while it runs counts no further. */
export const MOST = { ahead: 500, backlog: 1000, finished: 2000 } as const;

interface Step {
  readonly at: number;
  readonly of: number;
  readonly team: string;
  readonly what: 'comes' | 'looks' | 'leaves' | 'ends';
  readonly look: number;
}

/** In one and the same millisecond. */
const order = { comes: 0, looks: 1, leaves: 2, ends: 2 } as const;

/**
 * Goes through time once, so that no look sees what is later than itself.
 * @param looks instants at which to look, for each of the promises
 * @returns for each promise and instant its queue; `undefined` where it was with no team
 */
export function queuesAt(all: readonly Queued[], looks: readonly (readonly number[])[]): (Queue | undefined)[][] {
  const found = looks.map((own) => own.map((): Queue | undefined => undefined));
  const teams = new Map<string, Team>();
  for (const { of, at, team, what, look } of stepsOf(all, looks)) {
    let own = teams.get(team);
    if (own === undefined) teams.set(team, (own = { waiting: new Map(), finished: [], from: 0 }));
    const startedAt = all[of]?.startedAt ?? 0;
    if (what === 'comes') own.waiting.set(of, startedAt);
    else if (what === 'looks') (found[of] ?? [])[look] = queueOf(own, startedAt, at);
    else {
      own.waiting.delete(of);
      if (what === 'ends') own.finished.push(at);
    }
  }
  return found;
}

function stepsOf(all: readonly Queued[], looks: readonly (readonly number[])[]): Step[] {
  const steps = all.flatMap(({ stays }, of): Step[] => [
    ...stays.flatMap(({ team, from, to, done }): Step[] => [
      { at: from, of, team, what: 'comes', look: 0 },
      { at: to, of, team, what: done ? 'ends' : 'leaves', look: 0 },
    ]),
    ...(looks[of] ?? []).flatMap((at, look): Step[] => {
      const stay = stays.findLast(({ from, to }) => from <= at && at <= to);
      return stay === undefined ? [] : [{ at, of, team: stay.team, what: 'looks', look }];
    }),
  ]);
  return steps.sort((a, b) => a.at - b.at || order[a.what] - order[b.what]);
}

interface Team {
  /** Start by number. */
  readonly waiting: Map<number, number>;
  /** Instants, ascending; those before `from` are too old. */
  readonly finished: number[];
  from: number;
}

function queueOf(team: Team, startedAt: number, at: number): Queue {
  let ahead = 0;
  for (const other of team.waiting.values()) if (other < startedAt) ahead += 1;
  while ((team.finished[team.from] ?? Infinity) <= at - PACE_DAYS * DAY) team.from += 1;
  return {
    ahead: Math.min(MOST.ahead, ahead),
    backlog: Math.min(MOST.backlog, team.waiting.size),
    finished: Math.min(MOST.finished, team.finished.length - team.from),
  };
}
