/** The checker: guarantees over a snapshot, each a pure function that answers what does not hold. */
import { checkCapacity } from './check-capacity.ts';
import { checkClocks } from './check-clocks.ts';
import { checkAnswers, checkPresences } from './check-answers.ts';
import { checkActivities, checkContacts } from './check-arrivals.ts';
import { checkHistory, checkOnce, checkPublishedOnce, checkVersions } from './check-events.ts';
import { checkPlans } from './check-plans.ts';
import { checkDeadLetters, checkQuiet } from './check-quiet.ts';
import type { Finding, Snapshot } from './snapshot.ts';

/** Guarantee -> who checks it. */
const checks: Readonly<Record<string, (snapshot: Snapshot) => readonly string[]>> = {
  'every acknowledged contact is in every service, once': checkContacts,
  'every acknowledged activity is in every service, once': checkActivities,
  'every acknowledged presence change happened, once and in order': checkPresences,
  'every acknowledged answer happened, once': checkAnswers,
  'versions of an aggregate are contiguous and in order': checkVersions,
  'a message has its effect once': checkOnce,
  'what was published is in the history, once': checkHistory,
  'without a fault nothing is published twice': checkPublishedOnce,
  'nothing is left lying': checkQuiet,
  'every dead letter is explained': checkDeadLetters,
  'capacity is never exceeded and no item held twice': checkCapacity,
  'plans and callbacks are in step with their work': checkPlans,
  'every clock is as its events say': checkClocks,
};

/** Everything that does not hold; nothing where all is well. */
export function check(snapshot: Snapshot): Finding[] {
  return Object.entries(checks).flatMap(([guarantee, holds]) =>
    holds(snapshot).map((detail) => ({ guarantee, detail })),
  );
}

/** What was checked, in the order of the report. */
export const guarantees: readonly string[] = Object.keys(checks);
