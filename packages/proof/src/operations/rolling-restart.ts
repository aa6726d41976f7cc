/** Every replica is replaced in turn while clients post and records flow: nothing is lost, and no request gets a 5xx. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet, type Fleet, type Replica } from '@switchboard/fleet';
import { SERVICES, type ServiceName } from '@switchboard/launcher';
import { awaitArrivals } from './arrivals.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { checkOut } from './checkout.ts';
import { startTraffic } from './traffic.ts';

export interface RollingRestartOptions {
  /** The checkout that is rolled out. */
  readonly root: string;
  readonly bus: 'kafka' | 'embedded';
  /** The version that runs before: a commit, tag or branch (default: the same checkout). */
  readonly from?: string;
  /** Default: all five. */
  readonly services?: readonly ServiceName[];
  onProgress?(text: string): void;
}

export interface RollingRestartResult {
  /** Replicas that were replaced. */
  readonly restarted: number;
  /** Requests that were answered, by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** 5xx and broken connections: none, if all is well. */
  readonly failures: readonly string[];
  /** What is missing, doubled or left lying: nothing, if all is well. */
  readonly faults: readonly string[];
}

/** What a replica is given to be seen unready, ms: two looks of the balancer, each late by a second on a busy machine. */
const DELAY = 3000;
/** What the balancer is given to see a replica ready again, ms. */
const SEEN = 500;
/** A version without that setting is taken out this long before its end, as `preStop` does, ms. */
const PRE_STOP = 1000;
/** Longest wait until everything arrived, ms. */
const REST = 90_000;

export async function rollingRestart(options: RollingRestartOptions): Promise<RollingRestartResult> {
  const { root, bus, from, onProgress } = options;
  const services = options.services ?? SERVICES.map(({ name }) => name);
  const before = from === undefined ? undefined : checkOut(root, from);
  try {
    const env = { SHUTDOWN_DELAY: String(DELAY) };
    const fleet = await startFleet({ root: before?.root ?? root, bus, replicas: 2, services, env });
    try {
      return await roll({ fleet, services, root, preStop: before === undefined ? 0 : PRE_STOP, onProgress });
    } finally {
      await fleet.stop();
    }
  } finally {
    before?.remove();
  }
}

interface Roll {
  readonly fleet: Fleet;
  readonly services: readonly ServiceName[];
  readonly root: string;
  readonly preStop: number;
  readonly onProgress: ((text: string) => void) | undefined;
}

async function roll(plan: Roll): Promise<RollingRestartResult> {
  const { fleet, services } = plan;
  const bus = fleet.openBus('traffic');
  const balancers = new Map<ServiceName, Balancer>();
  try {
    for (const service of services) {
      balancers.set(service, await startBalancer(fleet.of(service).map(({ url }) => url)));
    }
    const urls = Object.fromEntries([...balancers].map(([service, { url }]) => [service, url]));
    const traffic = startTraffic({ urls, token: fleet.token, bus, prefix: fleet.prefix });
    await sleep(1000);
    const restarted = await replaceAll(plan, balancers);
    await sleep(1000);
    await traffic.finish();
    const { acknowledged, failures, statuses } = traffic;
    const faults = await awaitArrivals({ ...fleet, services, numbers: acknowledged, withinMs: REST });
    return { restarted, statuses: Object.fromEntries(statuses), acknowledged: acknowledged.length, failures, faults };
  } finally {
    await Promise.all([...balancers.values()].map((balancer) => balancer.close()));
    await bus.close();
  }
}

/** The services side by side, the replicas of each one after the other. */
async function replaceAll(plan: Roll, balancers: ReadonlyMap<ServiceName, Balancer>): Promise<number> {
  const counts = await Promise.all(
    plan.services.map(async (service) => {
      const replicas = plan.fleet.of(service);
      for (const replica of replicas) await replace(plan, replica, balancers.get(service));
      return replicas.length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function replace({ root, preStop, onProgress }: Roll, replica: Replica, balancer?: Balancer): Promise<void> {
  if (preStop > 0) {
    balancer?.remove(replica.url);
    await sleep(preStop);
  }
  await replica.stop();
  await replica.start({ root });
  balancer?.add(replica.url);
  onProgress?.(`${replica.service} ${String(replica.index)} is replaced`);
  // The balancer has to have seen it before the other one goes.
  await sleep(SEEN);
}
