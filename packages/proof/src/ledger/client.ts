/** What whoever works in the house has at hand. */
import type { Bus } from '@switchboard/bus';
import type { Fleet } from '@switchboard/fleet';
import type { Chance } from '../chance.ts';
import type { Caller } from './caller.ts';
import type { OpenLedger } from './entries.ts';

export interface Client {
  readonly fleet: Fleet;
  readonly bus: Bus;
  readonly ledger: OpenLedger;
  readonly caller: Caller;
  readonly chance: Chance;
  readonly giveUp: AbortSignal;
  /** Unique within the run. */
  number(): string;
  sender(): Sender;
}

export interface Sender {
  readonly channel: string;
  readonly address: string;
  readonly contactPoint: string;
}
