/** Every policy in every situation, with the same staff and the same arrivals. */
import { simulate, simulateWaits } from '@switchboard/routing/simulation';
import type { Arrival, SimulationReport, WaitAccuracy } from '@switchboard/routing/simulation';
import type { Incident } from '../sla/incident-log.ts';
import { inOpenTime, squeezed, withPeaks } from './arrivals.ts';
import type { Timed } from './arrivals.ts';
import { LEAST_COST, policiesFor } from './policies.ts';
import type { Policy } from './policies.ts';
import { worldOf } from './world.ts';
import type { World } from './world.ts';

export interface Trial {
  readonly policy: string;
  /** One for each draw of who hands what on. */
  readonly reports: readonly SimulationReport[];
}

/** How well waits are told, with the policy that serves. */
export interface WaitTrial {
  readonly situation: string;
  readonly policy: string;
  /** One for each draw. */
  readonly accuracies: readonly WaitAccuracy[];
}

export interface Situation {
  readonly name: string;
  readonly trials: readonly Trial[];
}

export interface Evaluation {
  readonly world: World;
  readonly inOfficeHours: number;
  readonly situations: readonly Situation[];
  readonly waits: readonly WaitTrial[];
}

/** Of the log's second half, from its beginning on: a run takes seconds. */
const MOST_ITEMS = 4000;
const AGENTS = 60;
const LEAST_SHARE = 0.04;
const DRAWS = 10;
const PEAKS_AT = 0.85;
/** Who handed a case on does not get it back the same day, where there is anybody else. */
const AVOID_MS = 8 * 3_600_000;

export function evaluate(incidents: readonly Incident[], tell: (line: string) => void): Evaluation {
  const world = worldOf(incidents, { agents: AGENTS, leastShare: LEAST_SHARE });
  const open = inOpenTime(world.items);
  const timed = open.slice(0, MOST_ITEMS);
  const policies = policiesFor(world.meanHandlingMs);
  const draws = Array.from({ length: DRAWS }, (_, draw) => draw + 1);
  const all = timed.map(({ item }) => item);
  const peaks = withPeaks(all, createRandom(1));
  const wanted = [
    ...[0.7, 0.85, 0.95].map((occupancy) => ({ name: `${String(100 * occupancy)} %`, timed, occupancy })),
    { name: 'peaks', timed: peaks, occupancy: PEAKS_AT },
  ];
  const waits: WaitTrial[] = [];
  const situations = wanted.map(({ name, timed: times, occupancy }): Situation => {
    const arrivals = arrivalsAt(world, policies, { timed: times, occupancy });
    tell(`${name}, what those who wait are told ...`);
    for (const policy of policies.filter((one) => WATCHED.has(one.name)))
      waits.push({
        situation: name,
        policy: policy.name,
        accuracies: draws.map((draw) => watch(world, policy, { arrivals, draw })),
      });
    return {
      name,
      trials: policies.map((policy) => {
        tell(`${name}, ${policy.name} ...`);
        return { policy: policy.name, reports: draws.map((draw) => run(world, policy, { arrivals, draw })) };
      }),
    };
  });
  return { world, inOfficeHours: open.length, situations, waits };
}

interface Trying {
  readonly arrivals: readonly Arrival[];
  readonly draw: number;
}

function run(world: World, { queue }: Policy, { arrivals, draw }: Trying): SimulationReport {
  const { staff, workOf } = world;
  return simulate({ arrivals, staff, queues: [queue], workOf: workOf(draw), avoidMs: AVOID_MS });
}

/** Those whose order of service is most and least like the line that people imagine. */
const WATCHED: ReadonlySet<string> = new Set(['longest idle', LEAST_COST]);

function watch(world: World, { queue }: Policy, { arrivals, draw }: Trying): WaitAccuracy {
  const { staff, workOf } = world;
  return simulateWaits({ arrivals, staff, queues: [queue], workOf: workOf(draw), avoidMs: AVOID_MS }).accuracy;
}

interface Wanted {
  readonly timed: readonly Timed[];
  readonly occupancy: number;
}

/** Squeezed until the staff is that busy under longest idle. What there is to do hardly depends on how fast it comes. */
function arrivalsAt(world: World, policies: readonly Policy[], { timed, occupancy }: Wanted): Arrival[] {
  const yardstick = policies.find(({ name }) => name === 'longest idle');
  if (yardstick === undefined) throw new Error('there is no yardstick');
  let factor = 1;
  for (let round = 0; round < 2; round += 1) {
    const found = run(world, yardstick, { arrivals: squeezed(timed, factor, world.meanHandlingMs), draw: 0 });
    factor *= found.occupancy / occupancy;
  }
  return squeezed(timed, factor, world.meanHandlingMs);
}

/** Park and Miller's generator: the same numbers at every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
