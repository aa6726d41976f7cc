/** One leased housekeeper a service: partitions come and go, what has expired leaves. */
import type { Leases } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { keepPartitions, partitionSize, removeExpired, type Windows } from './tables/windows.ts';

export interface HousekeepingOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly leases: Leases;
  readonly windows: Windows;
}

/** A machine that slept finds its partitions missing when it wakes: the clock on the wall is looked at this often, ms. */
const LONGEST_PAUSE = 30_000;
const LEASE = 'housekeeping';
/** Between two looks at the partitions, ms; there are three of them ahead. */
const PARTITIONS = 600_000;
/** Rows of a statement: far below what a statement may take. */
const AT_ONCE = 5000;

export function startHousekeeping(options: HousekeepingOptions): Loop & { close(): Promise<void> } {
  const { database, windows, leases } = options;
  const shortest = Math.min(partitionSize(windows.history), partitionSize(windows.inbox));
  const pause = Math.min(LONGEST_PAUSE, shortest / 2);
  let looked = 0;

  async function turn(): Promise<number> {
    if ((await leases.own(LEASE)) === 'elsewhere') return pause;
    const now = Date.now();
    if (Math.abs(now - looked) >= Math.min(PARTITIONS, shortest / 2)) {
      await keepPartitions(database, windows);
      looked = now;
    }
    return (await removeExpired(database, windows, AT_ONCE)) ? 0 : pause;
  }

  const loop = startLoop({ name: 'housekeeping', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      await leases.release(LEASE);
    },
  };
}
