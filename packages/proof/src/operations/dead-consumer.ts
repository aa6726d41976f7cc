/** A service whose consumer can never read on: the replica says that it is of no use, and its process ends. */
import { readFileSync } from 'node:fs';
import { startFleet, type Fleet, type FleetOptions } from '@switchboard/fleet';
import { eventually } from '@switchboard/testing';

export interface DeadConsumerOptions extends Pick<FleetOptions, 'root' | 'env'> {
  /** Sees to it that intake's consumer can never read on. */
  ruin(fleet: Fleet): Promise<void>;
}

export interface Death {
  /** What readiness said before the end. */
  readonly said: string;
  /** How the process ended. */
  readonly ended: string;
  readonly log: string;
}

/** @throws when readiness does not turn, or the process goes on */
export async function watchDeath({ root, env, ruin }: DeadConsumerOptions): Promise<Death> {
  const fleet = await startFleet({
    root,
    bus: 'embedded',
    services: ['intake'],
    env: { SHUTDOWN_DELAY: '2000', ...env },
  });
  try {
    const [replica] = fleet.of('intake');
    if (replica === undefined) throw new Error('intake does not run');
    const died = replica.died();
    await ruin(fleet);
    const said = await eventually(async () => {
      const answer = await fetch(`${replica.url}/health/ready`);
      if (answer.status !== 503) throw new Error(`readiness says ${String(answer.status)}`);
      return answer.text();
    });
    return { said, ended: String(await died), log: readFileSync(replica.logFile, 'utf8') };
  } finally {
    await fleet.stop();
  }
}
