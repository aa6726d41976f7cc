/** Which faults show that a guarantee is broken. */
import { faultNamed } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import type { ProveOptions } from './options.ts';

export interface MutationRun {
  readonly mutation: string;
  readonly bus: 'kafka' | 'embedded';
  /** Round after round, until the ledger is red; a round without faults is `[]`. */
  readonly faults: readonly (readonly Fault[])[];
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
  'timer-early': [[]],
  'offset-commit': [[kill], [kill], [kill]],
  lease: [[]],
  idempotency: [[], [cut], [cut]],
  'publish-unawaited': [['kill -9 of the broker']],
  'dead-letter': [['a poisonous record in every topic']],
  'outage-buried': [['a database that refuses connections for 20 s']],
  'outbox-apart': [[], [cut], [kill]],
};

/** On the embedded bus nothing can get lost between bus and database: they fail together. */
const onKafka = new Set(['publish-unawaited', 'outage-buried']);

/** Quick: those that every guarantee stands on. */
const essential = new Set(['inbox', 'outbox-order', 'aggregate-lock', 'offset-commit', 'lease', 'timer-kept']);

export function mutationRuns({ quick, only }: Pick<ProveOptions, 'quick' | 'only'>): MutationRun[] {
  return Object.entries(plans)
    .filter(([mutation]) => !quick || essential.has(mutation))
    .filter(([mutation]) => only === undefined || `mutation ${mutation}`.includes(only))
    .map(([mutation, rounds]) => ({
      mutation,
      bus: onKafka.has(mutation) ? 'kafka' : 'embedded',
      faults: rounds.map((names) => names.map(faultNamed)),
    }));
}
