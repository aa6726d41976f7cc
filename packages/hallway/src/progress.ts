/** How far a consumer is behind in time, from what it has in hand and whether anything moves. */
import type { IncomingRecord } from '@switchboard/bus';

export interface Progress {
  /** These are in hand; call what comes back when they are handled, or were given back. */
  begin(records: readonly IncomingRecord[]): (handled: boolean) => void;
  /**
   * Age of the oldest record in hand; or, where records wait and nothing moves, the time since something last did. Seconds.
   * @param lag records that the whole group has not handled
   */
  age(lag: number): number;
}

export function createProgress(): Progress {
  const inHand = new Map<object, number>();
  let moved = Date.now();
  let lastLag = 0;
  return {
    begin(records) {
      const batch = {};
      inHand.set(batch, Math.min(...records.map(({ timestamp }) => timestamp.getTime())));
      return (handled) => {
        inHand.delete(batch);
        if (handled) moved = Date.now();
      };
    },
    age(lag) {
      const now = Date.now();
      // Others of the group work as well: what they handle makes the lag smaller.
      if (lag === 0 || lag < lastLag) moved = now;
      lastLag = lag;
      return Math.max(0, now - Math.min(moved, ...inHand.values())) / 1000;
    },
  };
}
