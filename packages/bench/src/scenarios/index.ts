/** The list of scenarios, in the order of `--help`. */
import type { Scenario } from '../scenario.ts';
import { decide } from './decide.ts';
import { floor } from './floor/floor.ts';
import { growth } from './growth/growth.ts';
import { idle } from './idle.ts';
import { intake } from './intake.ts';
import { journey } from './journey/journey.ts';
import { profile } from './profile.ts';
import { routing } from './routing/routing.ts';
import { sla } from './sla/sla.ts';
import { timers } from './timers.ts';

export const scenarios: readonly Scenario[] = [
  journey,
  floor,
  intake,
  timers,
  sla,
  routing,
  profile,
  decide,
  idle,
  growth,
];
