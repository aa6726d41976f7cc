/** The list of scenarios, in the order of `--help`. */
import type { Scenario } from '../scenario.ts';

export const scenarios: readonly Scenario[] = [];
