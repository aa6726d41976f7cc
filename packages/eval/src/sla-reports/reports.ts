/** `npm run eval -- sla-reports`: what the incident log of an IT company tells about promises, as figures and pictures. */
import path from 'node:path';
import type { EvalResult, Scenario } from '../scenario.ts';
import { readIncidents } from '../sla/incident-log.ts';
import type { Incident } from '../sla/incident-log.ts';
import { byHandOffs, byHourOfWeek, byHours, byMonth, byPriority, returned, shareOf } from './figures.ts';
import type { Kept } from './figures.ts';
import { heatMap, stackedBars } from './pictures.ts';

const LOG = 'incidents/uci-incident-event-log.zip';
const PICTURES = 'services/sla/docs';
/** An hour of the week with fewer cases says nothing. */
const LEAST = 20;

export const slaReports: Scenario = {
  name: 'sla-reports',
  summary:
    'promises kept by month, time to resolution, hand-offs and hour of the week, on the incident log of an IT company',
  needs: LOG,
  run: async ({ data, tell }) => {
    tell(`reading ${LOG} ...`);
    return reportsOf(await readIncidents(path.join(data, LOG)));
  },
};

export function reportsOf(incidents: readonly Incident[]): EvalResult {
  const months = byMonth(incidents);
  const hours = byHours(incidents);
  const handOffs = byHandOffs(incidents);
  const kept = incidents.filter(({ ending }) => ending.madeSla).length;
  const pictures = {
    'attainment-by-month': stackedBars({
      title: 'Promises kept, by month',
      below: 'month of closing, of those with 100 cases or more',
      bars: months,
    }),
    'time-to-resolution': stackedBars({
      title: 'Time to resolution',
      below: 'up to so long after opening',
      bars: hours,
    }),
    'hand-offs': stackedBars({ title: 'Hand-offs against promises kept', below: 'changes of group', bars: handOffs }),
    'hour-of-week': heatMap('Promises missed, by the hour of the week', byHourOfWeek(incidents), LEAST),
  };
  const { moved, back } = returned(incidents);
  const all = { cases: incidents.length, kept, label: 'all' };
  return {
    report: [
      table('all cases', [all]),
      table('by month of closing', months),
      table('by priority', byPriority(incidents)),
      table('by changes of group', handOffs),
      table('by time to resolution', hours),
      `of ${String(moved)} cases that changed group, ${String(back)} came back to one that had them before`,
    ].join('\n\n'),
    json: {
      evaluation: 'sla-reports',
      cases: all.cases,
      keptShare: rounded(shareOf(all)),
      byMonth: shares(months),
      byPriority: shares(byPriority(incidents)),
      byHandOffs: shares(handOffs),
      moved,
      back,
    },
    pictures: new Map(Object.entries(pictures).map(([name, svg]) => [`${PICTURES}/${name}.svg`, svg])),
  };
}

const rounded = (value: number): number | null => (Number.isNaN(value) ? null : Number(value.toFixed(4)));

const shares = (all: readonly Kept[]) =>
  all.map((one) => ({ label: one.label, cases: one.cases, keptShare: rounded(shareOf(one)) }));

function table(title: string, rows: readonly Kept[]): string {
  const lines = rows.map((row) => {
    const share = row.cases === 0 ? '' : `${(100 * shareOf(row)).toFixed(1)} %`;
    return `  ${row.label.padEnd(10)} ${String(row.cases).padStart(7)} ${share.padStart(8)}`;
  });
  return [`${title}: cases, promises kept`, ...lines].join('\n');
}
