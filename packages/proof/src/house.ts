/** A fleet under proof: clients, faults, drain and checker, round after round over the same data. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet, type Fleet, type FleetOptions } from '@switchboard/fleet';
import { createChance } from './chance.ts';
import type { Fault } from './faults/fault.ts';
import { check } from './ledger/check.ts';
import { startLoad } from './ledger/clients.ts';
import { createCaller } from './ledger/caller.ts';
import { collect } from './ledger/collect.ts';
import { drain } from './ledger/drain.ts';
import { openLedger, type OpenLedger } from './ledger/entries.ts';
import { setUp } from './ledger/setup.ts';
import type { Finding } from './ledger/snapshot.ts';
import { readTopics, type TopicReader } from './ledger/topics.ts';

export interface HouseOptions extends Pick<FleetOptions, 'root' | 'bus' | 'dataDir' | 'postgres' | 'nodeArguments'> {
  readonly seed: number;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** From the first message to the verdict, ms. */
  readonly tookMs: number;
  /** From the end of the faults until nothing was under way any more, ms. */
  readonly drainMs: number;
}

export interface House {
  readonly fleet: Fleet;
  readonly ledger: OpenLedger;
  /** Clients at work, the faults among them; then all is mended, drains, and is checked. */
  round(faults: readonly Fault[]): Promise<Verdict>;
  stop(): Promise<void>;
}

/** Clients work before the first fault, and after the last, ms. */
const warmUpMs = 2_000;

export async function openHouse(options: HouseOptions): Promise<House> {
  const { seed } = options;
  const fleet = await startFleet({
    ...options,
    replicas: 2,
    proxied: true,
    // A lost replica is noticed as soon as the bus allows.
    env: { GROUP_TIMEOUT: '6000' },
  });
  const bus = fleet.openBus('ledger');
  let reader: TopicReader;
  try {
    await setUp(createCaller(fleet, createChance(seed, 'set-up'), AbortSignal.timeout(60_000)));
    reader = await readTopics(bus, fleet.prefix, 'ledger');
  } catch (error) {
    await bus.close();
    await fleet.stop();
    throw error;
  }
  const ledger = openLedger();
  const quietAt: string[] = [];
  let rounds = 0;
  return {
    fleet,
    ledger,
    async round(faults) {
      const started = performance.now();
      rounds += 1;
      const load = startLoad({ fleet, bus, ledger, seed, name: `${String(seed)}-${String(rounds)}` });
      await sleep(warmUpMs);
      for (const fault of faults) {
        await fault.run({ fleet, bus, ledger, chance: createChance(seed, `${fault.name} ${String(rounds)}`) });
      }
      await sleep(warmUpMs);
      const mended = performance.now();
      const stuck = await load.finish().then(() => [], inWords);
      const left = await drain({ fleet, reader });
      const snapshot = await collect({
        adminUrl: fleet.adminUrl,
        reader,
        acknowledged: ledger,
        quietAt,
        calm: faults.length === 0,
      });
      quietAt.push(snapshot.takenAt);
      const findings = [
        ...[...stuck, ...left].map((detail) => ({ guarantee: 'the house comes to rest', detail })),
        ...check(snapshot),
      ];
      return { findings, tookMs: performance.now() - started, drainMs: performance.now() - mended };
    },
    async stop() {
      await reader.close().catch(() => undefined);
      await bus.close().catch(() => undefined);
      await fleet.stop();
    },
  };
}

const inWords = (error: unknown): string[] => [error instanceof Error ? error.message : String(error)];
