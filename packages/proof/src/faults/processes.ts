/** Processes that die without a word. */
import { serviceNames } from '../ledger/snapshot.ts';
import { killAndRestart, seconds, type Fault } from './fault.ts';

/** One replica of each service, at random moments. */
const killServices: Fault = {
  name: 'kill -9 of every service',
  run: async ({ fleet, chance }) => {
    const one = serviceNames.map((service) => chance.pick(fleet.of(service)));
    await killAndRestart(one, chance);
  },
};

/** The smallest of them, for short mixtures. */
const killOne: Fault = {
  name: 'kill -9 of one replica',
  run: async ({ fleet, chance }) => {
    await killAndRestart([chance.pick(fleet.replicas)], chance);
  },
};

/** Both replicas of some services at once: nobody takes over. */
const killBoth: Fault = {
  name: 'kill -9 of both replicas of a service',
  run: async ({ fleet, chance }) => {
    await killAndRestart(fleet.of(chance.pick(serviceNames)), chance);
  },
};

const killDatabase: Fault = {
  name: 'kill -9 of PostgreSQL',
  run: async ({ fleet, chance }) => {
    await fleet.postgres.kill();
    await seconds(chance.whole(1, 3));
    await fleet.postgres.restart();
  },
};

const killBroker: Fault = {
  name: 'kill -9 of the broker',
  only: 'kafka',
  run: async ({ fleet, chance }) => {
    await fleet.kafka?.kill();
    await seconds(chance.whole(1, 3));
    await fleet.kafka?.restart();
  },
};

/** Replicas leave in order and come back, while records flow. */
const rebalance: Fault = {
  name: 'rebalances under load',
  run: async ({ fleet, chance }) => {
    const leaving = serviceNames.map((service) => chance.pick(fleet.of(service)));
    await Promise.all(leaving.map((replica) => replica.stop()));
    await seconds(1);
    await Promise.all(leaving.map((replica) => replica.start()));
  },
};

export const processFaults: readonly Fault[] = [killServices, killOne, killBoth, killDatabase, killBroker, rebalance];
