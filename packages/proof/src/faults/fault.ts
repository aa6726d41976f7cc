/** What a fault is, and the tools faults share. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@switchboard/bus';
import type { Fleet, Replica } from '@switchboard/fleet';
import type { Chance } from '../chance.ts';
import type { OpenLedger } from '../ledger/entries.ts';

/** Everything a fault may lay hands on. */
export interface Scene {
  readonly fleet: Fleet;
  readonly bus: Bus;
  readonly chance: Chance;
  readonly ledger: OpenLedger;
}

/** What goes wrong for a while. When it returns all is as it was: everything runs and can be reached. */
export interface Fault {
  readonly name: string;
  /** The one bus it concerns (default: both). */
  readonly only?: 'kafka' | 'embedded';
  run(scene: Scene): Promise<void>;
}

/** Kills replicas one after the other at random moments, and starts them again side by side. */
export async function killAndRestart(replicas: readonly Replica[], chance: Chance): Promise<void> {
  for (const replica of replicas) {
    await sleep(chance.whole(0, 800));
    await replica.kill();
  }
  await Promise.all(replicas.map((replica) => replica.start()));
}

export const seconds = (count: number): Promise<void> => sleep(count * 1000);
