/** Whether a broken guarantee is seen: red with the mutation where everything is green without it. */
import { openHouse } from './house.ts';
import type { MutationRun } from './mutation-runs.ts';
import { mutationArguments } from './mutations/mutations.ts';
import { runSeeds } from './simulation/run-seeds.ts';
import { failed, inWords } from './telling.ts';

/** What came of it, in words. */
export interface Sight {
  readonly caught: boolean;
  readonly words: string;
}

/** It ends with the first that is red; most mutations are seen within ten, none took a hundred. */
const MOST_SEEDS = 400;

export interface SimulatedTry {
  readonly mutation: string;
  readonly server: string;
  readonly seed: number;
}

/** Red in some seed that is green without the mutation. */
export async function simulateMutation({ mutation, server, seed }: SimulatedTry): Promise<Sight> {
  try {
    const { red, output } = await runSeeds({ server, from: seed, to: seed + MOST_SEEDS - 1, mutation });
    const [first] = red;
    if (first === undefined) return { caught: false, words: `${String(MOST_SEEDS)} seeds are green` };
    const control = await runSeeds({ server, from: first, to: first });
    if (control.red.length > 0) return { caught: false, words: `seed ${String(first)} is red without it too` };
    const [, broken = ''] = output.split('\n');
    return { caught: true, words: `seed ${String(first)}: ${broken.trim()}` };
  } catch (error) {
    return { caught: false, words: inWords(error) };
  }
}

export interface HouseTry {
  readonly root: string;
  readonly seed: number;
  readonly mutation: string;
  readonly rounds: NonNullable<MutationRun['inHouse']>;
}

/** The ledger is red; that it is green in the same rounds of a sound house is for the caller to know. */
export async function houseMutation({ root, seed, mutation, rounds }: HouseTry): Promise<Sight> {
  const nodeArguments = mutationArguments(mutation);
  const opened = openHouse({ root, bus: 'embedded', seed, nodeArguments: () => nodeArguments });
  const house = await opened.catch(() => undefined);
  // A house that does not even start is no danger to anybody, but shows nothing about the ledger either.
  if (house === undefined) return { caught: false, words: 'the house does not start' };
  try {
    for (const round of rounds) {
      const { findings } = await house.round(round).catch(failed);
      const [first] = findings;
      if (first !== undefined) return { caught: true, words: `${first.guarantee}: ${first.detail}` };
    }
    return { caught: false, words: 'the ledger stays green' };
  } finally {
    await house.stop();
  }
}
