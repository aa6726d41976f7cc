/**
 * One look for what the loops of a quiet service wait for. Each loop looks by itself while there is something to do, and is
 * poked by what its own process does; what other replicas leave, and what only becomes due, is seen here and poked. So a
 * service with nothing to do asks one question instead of one for each loop.
 */
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { lookAround, type Sight } from './tables/sight.ts';

/** What a quiet loop does not see by itself is noticed within this time, ms. */
const LOOK = 500;
/** Timers that are due within this time are somebody's to wait for: longer than a look and the pause before it, ms. */
export const AHEAD = 750;

export interface WatchOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Kinds of timers that are looked for. */
  readonly timerKinds: readonly string[];
  onSight(sight: Sight): void;
}

export function startWatch({ database, logger, timerKinds, onSight }: WatchOptions): Loop {
  async function turn(): Promise<number> {
    onSight(await lookAround(database, { timerKinds, aheadMs: AHEAD }));
    return LOOK;
  }
  return startLoop({ name: 'watch', logger, turn });
}
