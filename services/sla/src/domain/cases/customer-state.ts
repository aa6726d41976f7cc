/** Customers who turned out to be one: of all others nothing is kept but what their cases have. */
import type { CustomerSnapshot } from '../policies/facts.ts';

/** A customer who became another one, or whom others became. */
export interface CustomerState {
  readonly id: string;
  readonly version: number;
  /** Who the customer became. */
  readonly mergedInto?: string;
  /** When that was; of a survivor: of when the snapshot is. */
  readonly toldAt: string;
  /** Who they became, as that one was then; a survivor as of the newest news. Without names and addresses. */
  readonly snapshot: CustomerSnapshot;
}
