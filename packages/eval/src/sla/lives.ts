/**
 * The log's cases as promises: their lives in labelled segments, and how each looked at chosen instants, as the house stood
 * then. One walk through all changes in order of time: what is later than an instant is not there yet when it is looked at.
 */
import { hourOfWeek, queuesAt, sightOf } from '@switchboard/sla/risk';
import type { LifeSegment, Queue, Sight, Stay, Traits } from '@switchboard/sla/risk';
import type { Change, Incident } from './incident-log.ts';

/** How a case that was open looked when a share of its promised time had passed. */
export interface Look {
  readonly incident: Incident;
  readonly share: number;
  readonly priority: number;
  /** ms. */
  readonly dueAt: number;
  readonly sight: Sight;
}

/** Promised time by priority, ms; a priority without one is not looked at. */
export type Targets = ReadonlyMap<number, number>;

export const isDone = (state: string): boolean => state === 'Resolved' || state === 'Closed';
const isWaiting = (state: string): boolean => state.startsWith('Awaiting');

/** Looks at every case that is open when a share of its target has passed, by the priority it has then. */
export function looksAt(incidents: readonly Incident[], targets: Targets, shares: readonly number[]): Look[] {
  const glances = incidents.map((incident) =>
    [...targets].flatMap(([priority, ms]) =>
      shares.flatMap((share) => glanceAt({ incident, at: incident.openedAt + share * ms, share, priority }) ?? []),
    ),
  );
  const queues = queuesAt(
    incidents.map(({ openedAt, changes }) => ({ startedAt: openedAt, stays: staysOf(openedAt, changes) })),
    glances.map((own) => own.map(({ at }) => at)),
  );
  return glances.flatMap((own, n) => own.map((glance, look) => lookAt(glance, targets, queues[n]?.[look])));
}

interface Glance {
  readonly incident: Incident;
  /** ms. */
  readonly at: number;
  readonly share: number;
  readonly priority: number;
}

/** The newest change by then; none where the case was not there yet. What changes in the very minute has happened. */
const newestBy = ({ changes }: Incident, at: number): number => changes.findLastIndex((change) => change.at <= at);

function glanceAt(glance: Glance): Glance | undefined {
  const now = glance.incident.changes[newestBy(glance.incident, glance.at)];
  return now === undefined || isDone(now.state) || now.priority !== glance.priority ? undefined : glance;
}

function lookAt({ incident, at, share, priority }: Glance, targets: Targets, queue: Queue | undefined): Look {
  const targetMs = targets.get(priority) ?? 0;
  const { openedAt, changes } = incident;
  const past = changes.slice(0, newestBy(incident, at) + 1);
  const life = {
    startedAt: new Date(openedAt).toISOString(),
    targetMs,
    segments: segmentsOf(openedAt, past),
    traits: traitsOf(past.at(-1)),
  };
  const dueAt = openedAt + targetMs;
  const moment = { at, elapsedMs: at - openedAt, dueInMs: dueAt - at, hourOfWeek: hourOfWeek(at, 'UTC'), ...queue };
  return { incident, share, priority, dueAt, sight: sightOf(life, moment) };
}

/** How long a case was with which team while it was open. A case that goes on is there until the end of time. */
function staysOf(openedAt: number, changes: readonly Change[]): Stay[] {
  return changes.flatMap(({ at, team, state }, n) => {
    if (team === undefined || isDone(state)) return [];
    const next = changes[n + 1];
    const done = next !== undefined && isDone(next.state);
    return [{ team, from: Math.max(openedAt, at), to: next?.at ?? Infinity, done }];
  });
}

/** The segments up to the last of the changes, which goes on. */
function segmentsOf(openedAt: number, changes: readonly Change[]): LifeSegment[] {
  const segments: LifeSegment[] = [];
  for (const [n, change] of changes.entries()) {
    const next = changes[n + 1];
    const found: LifeSegment = {
      from: new Date(n === 0 ? openedAt : change.at).toISOString(),
      ...(next === undefined ? {} : { to: new Date(next.at).toISOString() }),
      ...(isWaiting(change.state) ? { state: 'paused', reason: change.state } : { state: 'counting' }),
      ...(change.team === undefined ? {} : { team: change.team }),
      priority: change.priority,
    };
    const last = segments.at(-1);
    const same = last?.state === found.state && last.team === found.team && last.priority === found.priority;
    if (last !== undefined && same) segments[segments.length - 1] = { ...found, from: last.from };
    else segments.push(found);
  }
  return segments;
}

/**
 * What the service knows of a case under other names. Symptom, place and caller were left out: with them the newest part
 * of the time that is learned from was foreseen worse.
 */
export function traitsOf(change: Change | undefined): Traits {
  const { category, subcategory, team } = change ?? {};
  const traits: Record<string, string> = {};
  for (const [trait, value] of Object.entries({ reason: category, product: subcategory, team })) {
    if (value !== undefined) traits[trait] = value;
  }
  return traits;
}
