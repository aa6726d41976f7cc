/** One leased housekeeper a service: partitions come and go, what has expired leaves. */
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { releaseLease, takeLease } from './tables/leases.ts';
import { keepPartitions, partitionSize, removeExpired, type Windows } from './tables/windows.ts';

export interface HousekeepingOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly holder: string;
  readonly windows: Windows;
}

/** A machine that slept finds its partitions missing when it wakes: the clock on the wall is looked at this often, ms. */
const LONGEST_PAUSE = 30_000;
const LEASE = 2 * LONGEST_PAUSE;
/** Between two looks at the partitions, ms; there are three of them ahead. */
const PARTITIONS = 600_000;
/** Rows of a statement: far below what a statement may take. */
const AT_ONCE = 5000;

export function startHousekeeping(options: HousekeepingOptions): Loop & { close(): Promise<void> } {
  const { database, windows } = options;
  const lease = { name: 'housekeeping', holder: options.holder };
  const shortest = Math.min(partitionSize(windows.history), partitionSize(windows.inbox));
  const pause = Math.min(LONGEST_PAUSE, shortest / 2);
  let looked = 0;

  async function turn(): Promise<number> {
    if (!(await takeLease(database, lease, LEASE))) return pause;
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
      await releaseLease(database, lease).catch(() => undefined);
    },
  };
}
