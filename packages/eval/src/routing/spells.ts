/** Who worked on which case how long, and whether they handed it on: read off the log's rows. */
import type { Incident } from '../sla/incident-log.ts';

/** One agent's time with a case. */
export interface Spell {
  readonly incident: Incident;
  readonly agent: string;
  /** ms. */
  readonly from: number;
  readonly category: string;
  readonly team: string | undefined;
  /** Somebody else had it next. */
  readonly isHandedOn: boolean;
  /** Of the agent's own time, ms. */
  readonly effortMs: number;
}

/** Between two rows of one writer lies work on the second, but never more than this. */
const MOST_MS = 30 * 60_000;
/** Of a row without one before it. */
const USUAL_MS = 10 * 60_000;

/** The log states no handling times: the writer's time since their row before, on whatever case, is taken as work. */
export function effortsOf(incidents: readonly Incident[]): Map<Incident['changes'][number], number> {
  const byWriter = new Map<string, Incident['changes'][number][]>();
  for (const { changes } of incidents)
    for (const change of changes) {
      const own = byWriter.get(change.by ?? '') ?? [];
      byWriter.set(change.by ?? '', own);
      own.push(change);
    }
  const efforts = new Map<Incident['changes'][number], number>();
  for (const own of byWriter.values()) {
    own.sort((a, b) => a.at - b.at);
    for (const [n, change] of own.entries()) {
      const before = own[n - 1];
      efforts.set(change, before === undefined ? USUAL_MS : Math.min(MOST_MS, change.at - before.at));
    }
  }
  return efforts;
}

/** In order of time. */
export function spellsOf(incidents: readonly Incident[], efforts: ReadonlyMap<object, number>): Spell[] {
  return incidents.flatMap((incident) => spellsOfOne(incident, efforts)).sort((a, b) => a.from - b.from);
}

function spellsOfOne(incident: Incident, efforts: ReadonlyMap<object, number>): Spell[] {
  const spells: (Spell & { effortMs: number; isHandedOn: boolean })[] = [];
  for (const change of incident.changes) {
    const last = spells.at(-1);
    if (change.agent !== undefined && change.agent !== last?.agent) {
      if (last !== undefined) last.isHandedOn = true;
      const { agent, at: from, team, category = '' } = change;
      spells.push({ incident, agent, from, category, team, isHandedOn: false, effortMs: efforts.get(change) ?? 0 });
    } else if (last !== undefined) last.effortMs += efforts.get(change) ?? 0;
  }
  return spells;
}
