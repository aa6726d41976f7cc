/** Promises that ended, made up: team `slow` breaks most of what it has, `quick` next to nothing. */
import type { Ended } from '../domain/risk/fit.ts';
import { sightOf } from '../domain/risk/sight.ts';

const HOUR = 3_600_000;
export const ORIGIN = Date.parse('2026-06-01T00:00:00.000Z');

/** A deterministic stream of numbers from 0 to 1 (Park and Miller). */
export function stream(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export interface Made {
  readonly n: number;
  readonly team: 'slow' | 'quick';
  readonly broken: boolean;
  /** Share of ten hours used when it ended. */
  readonly endShare: number;
}

/** Ten hours were promised. */
export const TARGET_HOURS = 10;

export function makePromises(count: number, seed = 5): Made[] {
  const next = stream(seed);
  return Array.from({ length: count }, (_, n) => {
    const team = next() < 0.5 ? 'slow' : 'quick';
    const broken = next() < (team === 'slow' ? 0.8 : 0.1);
    return { n, team, broken, endShare: broken ? 1 : 0.3 + 0.7 * next() };
  });
}

const SHARES = [0.1, 0.25, 0.5, 0.75];

/** One an hour, each seen at the shares at which it was open. */
export function endedPromises(count: number, seed = 5): Ended[] {
  return makePromises(count, seed).map(({ n, team, broken, endShare }) => {
    const startedAt = ORIGIN + n * HOUR;
    return {
      startedAt,
      knownAt: startedAt + endShare * TARGET_HOURS * HOUR,
      broken,
      endShare,
      traits: { team },
      sights: SHARES.filter((share) => share < endShare).map((share) => sightAt(team, share, startedAt)),
    };
  });
}

/** A promise of a team at a share of its ten hours. */
export function sightAt(team: string, share: number, startedAt = ORIGIN, targetHours = TARGET_HOURS) {
  const targetMs = targetHours * HOUR;
  const at = startedAt + share * targetMs;
  const from = new Date(startedAt).toISOString();
  return sightOf(
    { startedAt: from, targetMs, segments: [{ from, state: 'counting', team, priority: 3 }], traits: {} },
    { at, elapsedMs: share * targetMs, dueInMs: (1 - share) * targetMs, hourOfWeek: Math.floor(at / HOUR) % 168 },
  );
}
