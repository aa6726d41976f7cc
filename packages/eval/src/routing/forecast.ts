/** `npm run eval -- forecast`: how far forecasts of arrivals are off, the service's own against the week before. */
import path from 'node:path';
import { errorOf } from '@switchboard/routing/staffing';
import type { ForecastError, Week } from '@switchboard/routing/staffing';
import type { Scenario } from '../scenario.ts';
import { readIncidents } from '../sla/incident-log.ts';
import type { Incident } from '../sla/incident-log.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 5 January 1970 was a Monday. */
const MONDAY = 4 * DAY_MS;
/** Weeks that are forecast in a row, each from all before it, and what is known of the first of all at least. */
const HELD_OUT = 4;
const LEAST_KNOWN = 4;
/** The log was cut off: of what came later than in its first months it holds only what is left, a hundredth of it. */
const LEAST_SHARE = 0.5;

interface ForecastTrial {
  readonly intervalMs: number;
  readonly weeks: number;
  readonly wape: number;
  readonly naiveWape: number;
  readonly chanceWape: number;
  readonly bias: number;
}

/** Back from the log's last whole week, each forecast with nothing but the weeks before it. */
function forecastTrials(incidents: readonly Incident[]): ForecastTrial[] {
  return [HOUR_MS / 2, HOUR_MS, DAY_MS].map((intervalMs) => {
    const weeks = wholeWeeks(incidents, intervalMs);
    const slotsPerDay = DAY_MS / intervalMs;
    const errors: ForecastError[] = [];
    for (let end = weeks.length; end >= LEAST_KNOWN + HELD_OUT; end -= HELD_OUT) {
      const found = errorOf({ slotsPerDay, weeks: weeks.slice(0, end) });
      if (found !== undefined) errors.push(found);
    }
    const arrivals = errors.reduce((sum, error) => sum + error.arrivals, 0);
    const mean = (of: (error: ForecastError) => number): number =>
      errors.reduce((sum, error) => sum + of(error) * error.arrivals, 0) / Math.max(1, arrivals);
    return {
      intervalMs,
      weeks: errors.reduce((sum, error) => sum + error.weeks, 0),
      wape: mean(({ wape }) => wape),
      naiveWape: mean(({ naiveWape }) => naiveWape),
      chanceWape: mean(({ chanceWape }) => chanceWape),
      bias: mean(({ bias }) => bias),
    };
  });
}

function wholeWeeks(incidents: readonly Incident[], intervalMs: number): Week[] {
  const slots = WEEK_MS / intervalMs;
  const weeks = new Map<number, number[]>();
  for (const { openedAt } of incidents) {
    const week = Math.floor((openedAt - MONDAY) / WEEK_MS);
    const counts = weeks.get(week) ?? new Array<number>(slots).fill(0);
    weeks.set(week, counts);
    const slot = Math.floor((openedAt - MONDAY - week * WEEK_MS) / intervalMs);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const busiest = Math.max(0, ...[...weeks.values()].map(sumOf));
  const open = new Array<boolean>(slots).fill(true);
  return [...weeks]
    .sort(([a], [b]) => a - b)
    .map(([, counts]) => ({ counts, open }))
    .filter(({ counts }) => sumOf(counts) >= LEAST_SHARE * busiest);
}

const LOG = 'incidents/uci-incident-event-log.zip';
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

const nameOf = (intervalMs: number): string =>
  intervalMs >= DAY_MS ? 'days' : `${String(intervalMs / 60_000)} minutes`;

export const forecast: Scenario = {
  name: 'forecast',
  summary: "arrivals as the staffing forecast expects them, a week ahead, on the log's own arrivals",
  needs: LOG,
  run: async ({ data, tell }) => {
    tell(`reading ${LOG} ...`);
    const trials = forecastTrials(await readIncidents(path.join(data, LOG)));
    const rows = trials.map(({ intervalMs, weeks, wape, naiveWape, chanceWape, bias }) =>
      [nameOf(intervalMs), String(weeks), ...[wape, naiveWape, chanceWape, bias].map(percent)].join(' | '),
    );
    return {
      report: ['interval | weeks | forecast | week before | chance alone | too much', ...rows].join('\n'),
      json: {
        scenario: 'forecast',
        rows: trials.map(({ intervalMs, weeks, ...errors }) => ({
          ...{ intervalMs, weeks },
          ...Object.fromEntries(Object.entries(errors).map(([name, value]) => [name, rounded(value)])),
        })),
      },
      pictures: new Map(),
    };
  },
};
