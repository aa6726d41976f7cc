/**
 * A bus in memory that does what a real one may: it delivers again, moves partitions between members while batches are
 * in hand, forgets commits of those it moved away, stores what it then says it has not.
 */
import type { Bus, IncomingRecord, OutgoingRecord } from '@switchboard/bus';
import type { Chance } from '../chance.ts';
import { connectionLost } from './faults.ts';
import { createGroup, type Group, type Place } from './group.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

export interface SimulatedBus {
  /** The bus as one process sees it. */
  portFor(life: Life): Bus;
  /** Another service's relay: what it publishes is there at once. */
  produce(records: readonly OutgoingRecord[]): void;
  records(topic: string): readonly IncomingRecord[];
  /** Gives the partitions to other members, whatever these have in hand. */
  rebalance(): void;
  /** Records not yet committed. */
  lag(): number;
  /** Who published when, in ms of virtual time. */
  readonly publishings: { readonly life: Life; readonly at: number }[];
}

const PARTITIONS = 2;

export interface BusOptions {
  readonly chance: Chance;
  readonly scheduler: Scheduler;
}

export function createSimulatedBus(options: BusOptions): SimulatedBus {
  const places = new Map<string, Place[]>();
  const publishings: SimulatedBus['publishings'] = [];
  const placesOf = (topic: string): Place[] => {
    let found = places.get(topic);
    if (found === undefined) {
      found = Array.from({ length: PARTITIONS }, () => ({ topic, log: [], committed: 0, owner: undefined, epoch: 0 }));
      places.set(topic, found);
    }
    return found;
  };
  const group = createGroup({ ...options, placesOf });
  const produce = (records: readonly OutgoingRecord[]): void => {
    for (const record of records) append(placesOf(record.topic), record);
    group.tell();
  };
  return {
    publishings,
    produce,
    records: (topic) => placesOf(topic).flatMap(({ log }) => log),
    rebalance: group.rebalance,
    lag: group.lag,
    portFor: (life) => ({
      ...portOf(life, { ...options, group }),
      publish: (records) =>
        options.scheduler.act(life, { kind: 'publish', meet: partly(records, { ...options, produce }) }, () => {
          publishings.push({ life, at: Date.now() });
          produce(records);
          return Promise.resolve();
        }),
    }),
  };
}

function append(places: readonly Place[], { topic, key, value, headers }: OutgoingRecord): void {
  const partition = key === null ? 0 : (Buffer.from(key).at(-1) ?? 0) % places.length;
  const place = places[partition];
  if (place === undefined) return;
  const at = { offset: String(place.log.length), timestamp: new Date() };
  place.log.push({ topic, partition, key: key === null ? null : Buffer.from(key), value, headers, ...at });
}

/** Takes the first few, then breaks. */
function partly(
  records: readonly OutgoingRecord[],
  { chance, produce }: { chance: Chance; produce: SimulatedBus['produce'] },
) {
  return (fault: string): Promise<void> | undefined => {
    if (fault !== 'partial') return undefined;
    produce(records.slice(0, chance.whole(0, records.length)));
    return Promise.reject(connectionLost());
  };
}

function portOf(life: Life, { scheduler, group }: { scheduler: Scheduler; group: Group }): Omit<Bus, 'publish'> {
  const step = <T>(work: () => T): Promise<T> => scheduler.act(life, { kind: 'other' }, () => Promise.resolve(work()));
  return {
    ensureTopics: () => step(() => undefined),
    subscribe: (options) => step(() => ({ close: group.join(life, options), lag: () => Promise.resolve(group.lag()) })),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
