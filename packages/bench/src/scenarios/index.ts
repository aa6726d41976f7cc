/** The list of scenarios, in the order of `--help`. */
import type { Scenario } from '../scenario.ts';
import { journey } from './journey/journey.ts';

export const scenarios: readonly Scenario[] = [journey];
