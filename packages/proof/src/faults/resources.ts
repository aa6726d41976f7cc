/** What runs short or is wrong: clocks, connections, space. */
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { withAdmin } from '../ledger/collect.ts';
import { serviceNames } from '../ledger/snapshot.ts';
import { seconds, type Fault, type Scene } from './fault.ts';

/** ms: far more than any lease or timeout. */
const skewMs = 600_000;

/** One replica of each service lives ten minutes ahead, the other ten behind. */
const skew: Fault = {
  name: 'clock skew between replicas',
  run: async ({ fleet }) => {
    const hook = (ms: number): string => `${new URL('skewed-clock.ts', import.meta.url).href}?ms=${String(ms)}`;
    // All at once: replacing them in turn, twice, is what the rolling restarts are for, and takes twice as long.
    const restart = async (argumentsOf: (index: number) => readonly string[]): Promise<void> => {
      await Promise.all(fleet.replicas.map((replica) => replica.stop()));
      await Promise.all(fleet.replicas.map((replica) => replica.start({ nodeArguments: argumentsOf(replica.index) })));
    };
    await restart((index) => ['--import', hook(index === 0 ? skewMs : -skewMs)]);
    await seconds(6);
    await restart(() => []);
  },
};

/** Everybody may have a single further connection, and most of what is open is ended. */
const exhausted: Fault = {
  name: 'an exhausted pool',
  run: async ({ fleet }) => {
    await limitRoles(fleet, 2);
    await seconds(8);
    await limitRoles(fleet, 36);
  },
};

async function limitRoles(fleet: Scene['fleet'], limit: number): Promise<void> {
  await withAdmin(fleet.adminUrl, async (admin) => {
    for (const service of serviceNames) {
      const role = `${fleet.prefix}_${service.replaceAll('-', '_')}`;
      await admin.query(`alter role ${role} connection limit ${String(limit)}`);
    }
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename like $1 || '\\_%' and pid <> pg_backend_pid()`,
      [fleet.prefix],
    );
  });
}

/** Fills the disk that both servers write to; for a house that stands on a small one alone. */
export const fullDisk: Fault = {
  name: 'a full disk',
  run: async ({ fleet }) => {
    const filler = path.join(fleet.dataDir, 'filler');
    const { blocks, bsize } = statfsSync(fleet.dataDir);
    if (blocks * bsize > mostDiskBytes) throw new Error(`${fleet.dataDir} is on a disk too large to be filled`);
    fill(filler);
    await seconds(8);
    rmSync(filler);
    // As an operator would: servers that gave up are started again.
    if (!(await answers(fleet))) await fleet.postgres.restart();
    const gaveUp = fleet.kafka?.exited.then(() => true);
    if (gaveUp !== undefined && (await Promise.race([gaveUp, seconds(2).then(() => false)])))
      await fleet.kafka?.restart();
    for (const replica of fleet.replicas) {
      // It may have ended for want of room for its log; whatever runs it starts it again.
      await replica.ready().catch(() => replica.start());
    }
  },
};

/** Writes until there is no room for another byte. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 1 << 20; size >= 1; size = size >> 1) {
      try {
        for (;;) if (writeSync(handle, Buffer.alloc(size)) < size) break;
      } catch {
        // So much does not fit; perhaps half of it does.
      }
    }
  } finally {
    closeSync(handle);
  }
}

/** A disk larger than this is nobody's to fill. */
const mostDiskBytes = 4_000_000_000;

const answers = (fleet: Scene['fleet']): Promise<boolean> =>
  withAdmin(fleet.adminUrl, (admin) => admin.query('create temporary table room as select 1')).then(
    () => true,
    () => false,
  );

export const resourceFaults: readonly Fault[] = [skew, exhausted];
