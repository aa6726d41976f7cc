/** When a case was known to be broken or kept, and what was promised, as the log lets it be inferred. */
import type { Ended } from '@switchboard/sla/risk';
import type { Incident } from './incident-log.ts';
import { isDone, traitsOf } from './lives.ts';
import type { Look, Targets } from './lives.ts';

const HOUR = 3_600_000;

/** The time from opening to resolution that parts kept and missed best. */
export interface Cut {
  readonly priority: number;
  readonly hours: number;
  readonly cases: number;
  /** Cases on the wrong side of it. */
  readonly wrong: number;
}

/** Of all cuts the one with the fewest cases on its wrong side, over the cases that state when they were resolved. */
export function bestCut(incidents: readonly Incident[], priority: number): Cut {
  const own = incidents
    .filter(({ changes }) => changes.at(-1)?.priority === priority)
    .flatMap(({ openedAt, ending: { resolvedAt, madeSla } }) =>
      resolvedAt === undefined ? [] : [{ hours: (resolvedAt - openedAt) / HOUR, kept: madeSla }],
    )
    .sort((a, b) => a.hours - b.hours);
  let wrong = own.filter(({ kept }) => kept).length;
  let best = { hours: 0, wrong };
  for (const [n, { hours, kept }] of own.entries()) {
    wrong += kept ? -1 : 1;
    if (own[n + 1]?.hours !== hours && wrong < best.wrong) best = { hours, wrong };
  }
  return { priority, cases: own.length, ...best };
}

/** What was there at an instant: cases opened before it, with the changes made by then. */
export function until(incidents: readonly Incident[], at: number): Incident[] {
  return incidents.flatMap((incident) => {
    const changes = incident.changes.filter((change) => change.at <= at);
    return incident.openedAt < at && changes.length > 0 ? [{ ...incident, changes }] : [];
  });
}

/**
 * Cases as promises that ended, as far as was known at an instant. A case that was closed by then has its outcome. Of the
 * others those are known that came to their due time: broken where they were open, else kept, as the inferred target says.
 * @param incidents with the changes that had been made by then, see `until`
 */
export function endedBy(at: number, incidents: readonly Incident[], looks: readonly Look[], targets: Targets): Ended[] {
  const byCase = new Map<string, Look[]>();
  for (const look of looks) byCase.set(look.incident.id, [...(byCase.get(look.incident.id) ?? []), look]);
  return incidents.flatMap((incident) => {
    const known = outcomeBy(at, incident, targets);
    if (known === undefined) return [];
    const sights = (byCase.get(incident.id) ?? []).map(({ sight }) => sight);
    return [{ ...known, startedAt: incident.openedAt, sights }];
  });
}

function outcomeBy(
  at: number,
  { openedAt, changes, ending }: Incident,
  targets: Targets,
): Omit<Ended, 'startedAt' | 'sights'> | undefined {
  const now = changes.at(-1);
  const targetMs = targets.get(now?.priority ?? 0);
  if (now === undefined || targetMs === undefined) return undefined;
  const dueAt = openedAt + targetMs;
  const knownAt = Math.min(ending.closedAt, dueAt);
  if (knownAt > at) return undefined;
  const before = changes.filter((change) => change.at <= knownAt).at(-1) ?? now;
  const doneAt = doneSince(changes.filter((change) => change.at <= knownAt));
  const isClosed = ending.closedAt <= knownAt;
  const broken = isClosed || ending.closedAt <= at ? !ending.madeSla : doneAt === undefined;
  const endShare = broken ? 1 : Math.min(1, ((doneAt ?? knownAt) - openedAt) / targetMs);
  return { knownAt: isClosed ? knownAt : dueAt, broken, endShare, traits: traitsOf(before) };
}

/** Since when the case is resolved or closed, as its changes so far have it. */
function doneSince(changes: Incident['changes']): number | undefined {
  const open = changes.findLastIndex(({ state }) => !isDone(state));
  return changes[open + 1]?.at;
}
