/** What the incident log tells about promises: four figures, from the outcomes alone. */
import type { Incident } from '../sla/incident-log.ts';

const HOUR = 3_600_000;

/** Cases of one kind, and how many of them kept their promise. */
export interface Kept {
  readonly label: string;
  readonly cases: number;
  readonly kept: number;
}

export const shareOf = ({ cases, kept }: Kept): number => (cases === 0 ? Number.NaN : kept / cases);

const priorityOf = ({ changes }: Incident): number => changes.at(-1)?.priority ?? Number.NaN;

function tally(incidents: readonly Incident[], labelOf: (incident: Incident) => string): Kept[] {
  const found = new Map<string, { cases: number; kept: number }>();
  for (const incident of incidents) {
    const label = labelOf(incident);
    const before = found.get(label) ?? { cases: 0, kept: 0 };
    found.set(label, { cases: before.cases + 1, kept: before.kept + Number(incident.ending.madeSla) });
  }
  return [...found].map(([label, counts]) => ({ label, ...counts })).sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** By the month in which a case was closed (UTC); months with fewer cases than `least` say little and are left out. */
export function byMonth(incidents: readonly Incident[], least = 100): Kept[] {
  const months = tally(incidents, ({ ending }) => new Date(ending.closedAt).toISOString().slice(0, 7));
  return months.filter(({ cases }) => cases >= least);
}

export function byPriority(incidents: readonly Incident[]): Kept[] {
  return tally(incidents, (incident) => String(priorityOf(incident)));
}

/** The groups that had a case, one after the other. */
function groupsOf({ changes }: Incident): string[] {
  return changes.flatMap(({ team }) => team ?? []).filter((team, n, all) => all[n - 1] !== team);
}

/** By how often a case went to another group; `most` and more are one. */
export function byHandOffs(incidents: readonly Incident[], most = 8): Kept[] {
  return tally(incidents, (incident) => {
    const times = Math.max(0, groupsOf(incident).length - 1);
    return times >= most ? `${String(most)}+` : String(times);
  });
}

/** Cases whose work came back to a group that had it before, among those that ever left one. */
export function returned(incidents: readonly Incident[]): { readonly moved: number; readonly back: number } {
  const groups = incidents.map(groupsOf);
  return {
    moved: groups.filter(({ length }) => length > 1).length,
    back: groups.filter((teams) => new Set(teams).size < teams.length).length,
  };
}

/** Edges of the classes of times to resolution, hours; the last class is open. */
export const EDGES = [0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 192, 384, 768] as const;

/** By hours from opening to resolution. In the order of the classes. */
export function byHours(incidents: readonly Incident[]): Kept[] {
  const classes = [...EDGES, Infinity].map((edge) => ({ label: nameOf(edge), cases: 0, kept: 0 }));
  for (const { openedAt, ending } of incidents) {
    const hours = Math.max(0, ((ending.resolvedAt ?? ending.closedAt) - openedAt) / HOUR);
    const found = classes[EDGES.findIndex((edge) => hours <= edge)] ?? classes.at(-1);
    if (found === undefined) continue;
    found.cases += 1;
    found.kept += Number(ending.madeSla);
  }
  return classes;
}

function nameOf(edge: number): string {
  if (edge === Infinity) return `> ${String((EDGES.at(-1) ?? 0) / 24)} d`;
  if (edge < 1) return `${String(edge * 60)} min`;
  return edge < 48 ? `${String(edge)} h` : `${String(edge / 24)} d`;
}

/** 7 days from Monday, 24 hours each (UTC): cases opened then, and how many of them kept their promise. */
export function byHourOfWeek(incidents: readonly Incident[]): Kept[][] {
  const week = Array.from({ length: 7 }, () =>
    Array.from({ length: 24 }, (_, hour) => ({ label: String(hour), cases: 0, kept: 0 })),
  );
  for (const { openedAt, ending } of incidents) {
    const at = new Date(openedAt);
    const cell = week[(at.getUTCDay() + 6) % 7]?.[at.getUTCHours()];
    if (cell === undefined) continue;
    cell.cases += 1;
    cell.kept += Number(ending.madeSla);
  }
  return week;
}
