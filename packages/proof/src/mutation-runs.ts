/** Where a broken guarantee is to be seen: every one in the simulation, those everything stands on in the house too. */
import { faultNamed } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import { mutations } from './mutations/mutations.ts';
import type { ProveOptions } from './options.ts';

export interface MutationRun {
  readonly mutation: string;
  /** On the embedded bus, round after round until the ledger is red; a round without faults is `[]`. */
  readonly inHouse: readonly (readonly Fault[])[] | undefined;
}

const again = 'everything delivered again';
const kill = 'kill -9 of every service';
const cut = 'connections reset';

/** Mutation -> rounds of faults. */
const plans: Readonly<Record<string, readonly (readonly string[])[]>> = {
  inbox: [[], [again], [again]],
  'outbox-order': [[]],
  'aggregate-lock': [[], [cut]],
  'timer-kept': [[]],
  'offset-commit': [[kill], [kill], [kill]],
  lease: [[]],
};

export function mutationRuns({ quick, only }: Pick<ProveOptions, 'quick' | 'only'>): MutationRun[] {
  return mutations
    .filter(({ name }) => only === undefined || `mutation ${name}`.includes(only))
    .map(({ name }) => ({
      mutation: name,
      inHouse: quick ? undefined : plans[name]?.map((names) => names.map(faultNamed)),
    }));
}
