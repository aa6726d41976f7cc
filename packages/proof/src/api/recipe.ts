/** How a good request to one route is made, beyond what its schema says. */
import type fc from 'fast-check';
import type { Hints } from './arbitrary-json.ts';
import type { Request } from './call.ts';
import type { Facts, Known } from './known.ts';

export interface Recipe {
  /** Which of the known ids serve. */
  readonly fits?: (facts: Facts) => boolean;
  /** In which collection, where that is not the path's. */
  readonly from?: string;
  /** A PUT of what must be there, or of a part of it: no new id leads the path. */
  readonly isPart?: boolean;
  readonly hints?: (known: Known) => Hints;
  /** Instead of what the schema says; `facts` are those of the id in the path. */
  readonly body?: (known: Known, facts: Facts) => fc.Arbitrary<unknown>;
  /** Body as text, where it is not JSON. */
  readonly text?: () => fc.Arbitrary<string>;
  readonly query?: () => fc.Arbitrary<Readonly<Record<string, string>>>;
  readonly finish?: (request: Request) => Request;
}
