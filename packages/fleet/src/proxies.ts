/** Fault proxies between the services and their servers: one for each server and number of replica. */
import { startFaultProxy, type FaultProxy } from '@switchboard/testing';

/** By the replica's index: what is done to one leaves the other replica of every service alone. */
export interface Proxies {
  readonly postgres: readonly FaultProxy[];
  /** Empty on the embedded bus. */
  readonly kafka: readonly FaultProxy[];
}

export const noProxies: Proxies = { postgres: [], kafka: [] };

export async function startProxies(replicas: number, bus: 'kafka' | 'embedded'): Promise<Proxies> {
  const each = Array.from({ length: replicas });
  return {
    postgres: await Promise.all(each.map(() => startFaultProxy())),
    kafka: bus === 'kafka' ? await Promise.all(each.map(() => startFaultProxy())) : [],
  };
}

export async function closeProxies({ postgres, kafka }: Proxies): Promise<void> {
  await Promise.all([...postgres, ...kafka].map((proxy) => proxy.close()));
}

/** The connection string by way of the proxy, where there is one. */
export function through(proxy: FaultProxy | undefined, database: string): string {
  if (proxy === undefined) return database;
  const url = new URL(database);
  url.port = String(proxy.port);
  return url.href;
}
