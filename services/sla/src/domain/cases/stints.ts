/** Stretches in which a team held a case. One that is told late lies between others, which are cut by it. */
import { meet, meetAfterAll, start } from '../clocks/clock.ts';
import { askOf } from '../policies/conditions.ts';
import { pausesIn, promisedFor, timeOf, timesOf } from '../clocks/demand.ts';
import { moveAgain, moveClock, moveKey, patchExtras, sceneOf } from '../clocks/ledger.ts';
import type { Ledger } from '../clocks/ledger.ts';
import { countingSince } from '../clocks/segments.ts';
import { allTerms } from '../clocks/slots.ts';
import { lifeOf } from '../clocks/turns.ts';
import type { CaseClocks } from './state.ts';
import type { Terms } from '../policies/state.ts';

/** Clocks of teams that gave the case away, remembered for what is told late. */
const HANDED = 10;

/** A team gives the case away, or it is done. */
export function meetKey(ledger: Ledger, key: string, at?: string): void {
  const clock = ledger.clocks.get(key);
  if (clock === undefined) return;
  moveKey(ledger, key, meet, at);
  if (clock.target === 'ownership') remember(ledger, clock.id);
}

function remember(ledger: Ledger, clockId: string): void {
  const { handed = [] } = ledger.state.extras ?? {};
  patchExtras(ledger, { handed: [...handed, clockId].slice(-HANDED) });
}

/**
 * A team, or nobody, had the case from the ledger's instant until what is known to have come next: its label is put in
 * already. Whoever had it before gave it away then.
 */
export function tellStint(ledger: Ledger, team: string): void {
  const at = ledger.at.toISOString();
  const end = ledger.state.labels?.find(
    (label) => label.at > at && (label.team !== undefined || isDone(label.status)),
  )?.at;
  if (
    end === undefined ||
    isDone(ledger.state.labels?.findLast((label) => label.at <= at && label.status !== undefined)?.status)
  )
    return;
  for (const terms of allTerms(ledger.state)) {
    if (terms.targets.ownership === undefined) continue;
    const before = (ledger.state.extras?.handed ?? [])
      .flatMap((id) => ledger.touched.get(id) ?? ledger.world.get('clock', id) ?? [])
      .find((clock) => clock.policyId === terms.policyId && clock.startedAt < at && (clock.metAt ?? '') > at);
    if (before?.team === team) continue;
    if (before !== undefined) moveAgain(ledger, before.id, at, meetAfterAll);
    if (team !== '') addStint(ledger, terms, { team, at, end });
  }
}

interface Stint {
  readonly team: string;
  readonly at: string;
  readonly end: string;
}

function addStint(ledger: Ledger, terms: Terms, { team, at, end }: Stint): void {
  const { state, context } = ledger;
  const time = timeOf(timesOf(terms, 'ownership', team), priorityAt(state, end));
  const promised = promisedFor(
    { terms, state, ask: askOf({ ...state, team }), configuration: context.configuration },
    time,
  );
  if (promised === undefined) return;
  const relative = promised.relative !== undefined;
  const pauses = pausesIn(terms, 'ownership');
  const conditions = terms.conditionsByTarget?.ownership;
  const life =
    conditions === undefined
      ? { segments: relative ? [{ from: at }] : countingSince(at, state, pauses) }
      : lifeOf({ state, ask: askOf({ ...state, team }), begin: at, relative, conditions, pauses }).life;
  const id = context.newId();
  const born = { id, caseId: state.id, target: 'ownership' as const, team, startedAt: at, ...life };
  moveClock(ledger, start(born, promised, sceneOf(ledger)));
  moveAgain(ledger, id, end, meet);
  remember(ledger, id);
}

function priorityAt({ labels = [], priority }: CaseClocks, at: string): number {
  return labels.findLast((label) => label.priority !== undefined && label.at <= at)?.priority ?? priority;
}

export const isDone = (status: string | undefined): boolean => status === 'resolved' || status === 'closed';
