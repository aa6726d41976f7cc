/** The result as a person reads it. */
import os from 'node:os';
import { jsonReport } from './json.ts';
import { byRole } from './totals.ts';
import type { Fact, ScenarioResult } from '../scenario.ts';

/** Lines of text, each ending with a line break. */
export function tableReport(scenario: string, result: ScenarioResult): string {
  const json = jsonReport(scenario, result);
  const rows: Fact[] = [
    ['machine', `${String(os.availableParallelism())} cores, ${cpuModel()}, load generator on the same`],
  ];
  if (json.offeredPerS !== null) rows.push(['offered', `${count(json.offeredPerS)}/s`]);
  if (json.achievedPerS !== null) rows.push(['achieved', `${count(json.achievedPerS)}/s`]);
  if (result.latency !== undefined) rows.push(...latencyRows(result.latency));
  if (json.floorPerS !== null) rows.push(['floor', `${count(json.floorPerS)}/s, ratio ${String(json.ratioToFloor)}`]);
  if (json.lost !== null) rows.push(['lost', count(json.lost)]);
  if (json.duplicated !== null) rows.push(['duplicated', count(json.duplicated)]);
  rows.push(...result.facts);
  return [`\n${scenario}`, aligned(rows), processTable(result), ''].join('\n');
}

function latencyRows(latency: NonNullable<ScenarioResult['latency']>): Fact[] {
  const shown = [50, 90, 99, 99.9].map((at) => `p${String(at)} ${ms(latency.percentile(at))}`);
  return [['latency', `${shown.join('  ')}  max ${ms(latency.maxMs)}  (${count(latency.count)} values)`]];
}

function processTable({ processes }: ScenarioResult): string {
  if (processes.length === 0) return '';
  const lines = processes.map(({ name, cpuPercent, rssMb }) => [name, percent(cpuPercent), megabytes(rssMb)]);
  const totals = byRole(processes)
    .filter((total) => total.processes > 1)
    .map(({ role, cpuPercent, rssMb }) => [`all of ${role}`, percent(cpuPercent), megabytes(rssMb)]);
  return columns([['process', 'CPU (of one core)', 'memory'], ...lines, ...totals]);
}

function aligned(rows: readonly Fact[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join('');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return rows.map((row) => `  ${line(row)}\n`).join('');
}

/** 12345.6 -> `12,346`; below 100 one digit stays. */
export function count(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

export function ms(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

const percent = (value: number): string => `${value.toFixed(1)} %`;
const megabytes = (value: number): string => `${value.toFixed(0)} MB`;

function cpuModel(): string {
  return os.cpus()[0]?.model.trim() ?? 'unknown';
}
