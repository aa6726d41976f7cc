/** Networks between the services and their servers. Those of one number suffer; the other replicas go on beside them. */
import type { FaultProxy, Trouble } from '@switchboard/testing';
import { seconds, type Fault, type Scene } from './fault.ts';

type Choice = (scene: Scene) => readonly FaultProxy[];

/** Of one replica number: its partners take over, and it comes back with what it was about to do. */
const some: Choice = ({ fleet: { proxies }, chance }) => {
  const index = chance.whole(0, proxies.postgres.length - 1);
  return [...proxies.postgres.slice(index, index + 1), ...proxies.kafka.slice(index, index + 1)];
};
const databases: Choice = ({ fleet }) => fleet.proxies.postgres;

function during(name: string, trouble: Trouble, { lasts, whose = some }: { lasts: number; whose?: Choice }): Fault {
  return {
    name,
    run: async (scene) => {
      const proxies = whose(scene);
      await Promise.all(proxies.map((proxy) => proxy.trouble(trouble)));
      await seconds(lasts);
      await Promise.all(proxies.map((proxy) => proxy.heal()));
    },
  };
}

/** Again and again, at random moments: also between a commit and its answer. */
function repeatedly(name: string, act: 'cut' | 'reset'): Fault {
  return {
    name,
    run: async (scene) => {
      for (let times = 0; times < 6; times += 1) {
        for (const proxy of some(scene)) proxy[act]();
        await seconds(scene.chance.whole(2, 10) / 10);
      }
    },
  };
}

/** Connections that were half open are held by nobody but their clients, who find out by their own timeouts. */
const halfOpen: Fault = {
  name: 'connections half open',
  run: async (scene) => {
    const proxies = some(scene);
    await Promise.all(proxies.map((proxy) => proxy.trouble({ kind: 'half-open' })));
    await seconds(10);
    await Promise.all(proxies.map((proxy) => proxy.heal()));
    for (const proxy of proxies) proxy.cut();
  },
};

export const networkFaults: readonly Fault[] = [
  repeatedly('connections cut', 'cut'),
  repeatedly('connections reset', 'reset'),
  halfOpen,
  during('a slow network', { kind: 'slow', bytesPerSecond: 50_000 }, { lasts: 8 }),
  during('latency', { kind: 'latency', ms: 100 }, { lasts: 8 }),
  during('a black hole', { kind: 'black-hole' }, { lasts: 12 }),
  during('a database that refuses connections for 20 s', { kind: 'refuse' }, { lasts: 20, whose: databases }),
];
