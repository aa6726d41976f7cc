/** The evaluation for people and for machines. */
import type { Evaluation, Row } from './evaluate.ts';
import type { Cut } from './outcomes.ts';

const HALF = 0.5;
const DAY = 86_400_000;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export function textReport(found: Evaluation): string {
  const { span, learnedFrom, tested, cuts, urgent, lead, ready } = found;
  const { auc } = ready.model.quality;
  return [
    `cases ${String(found.cases)}, opened ${day(span.from)} to ${day(span.to)}; the first 70 % of them, in order of opening, end on ${day(span.cutAt)}`,
    `(the log thins out: ${String(tested.afterMay)} cases were opened after May 2016, so 70 % of the calendar would leave next to nothing to test on)`,
    ...cuts.map(
      ({ learned, all }) =>
        `target of priority ${String(learned.priority)}: ${cutText(learned)}, closed before the cut; over the whole log ${cutText(all)}`,
    ),
    ...urgent.map(
      ({ priority, cases, kept }) =>
        `priority ${String(priority)}: ${String(kept)} kept of ${String(cases)}: counted only`,
    ),
    `learned from ${String(learnedFrom.cases)} promises known by the cut (${percent(learnedFrom.broken / learnedFrom.cases)} broken), seen ${String(learnedFrom.sights)} times, with a half-life of ${String(ready.model.halfLife / DAY)} days; AUC on the newest of them before they were learned from: ${auc.toFixed(3)}`,
    `tested on ${String(tested.cases)} promises opened later`,
    '',
    tableOf(found.rows),
    '',
    'The same promises of both priorities, learned anew each week from what had ended by then (the service does it each day):',
    '',
    tableOf(found.anew),
    '',
    `false alarms: at 90 % of the broken found, as a share of those that flagging all that are open gives (aim: ${percent(HALF)}).`,
    `beforehand: at the threshold that found 90 % in the newest part of the training time.`,
    ...lead.map(
      ({ level, broken, found, kept, falseAlarms, medianHours }) =>
        `told at ${percent(level)}, learned anew each week: ${String(found)} of ${String(broken)} broken ones, the median ${medianHours.toFixed(1)} h before they were due, and ${String(falseAlarms)} of ${String(kept)} kept ones`,
    ),
  ].join('\n');
}

const cutText = ({ hours, cases, wrong }: Cut): string =>
  `${hours.toFixed(1)} h (${String(wrong)} of ${String(cases)} cases on the wrong side, ${percent(wrong / cases)})`;

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['prio', ({ priority }) => (priority === undefined ? '3+4' : String(priority))],
  ['used', ({ share }) => `${String(Math.round(100 * share))} %`],
  ['lead h', ({ leadHours }) => leadHours.toFixed(0)],
  ['open', ({ open }) => String(open)],
  ['base rate', ({ baseRate }) => percent(baseRate)],
  ['AUC', ({ auc }) => auc.toFixed(3)],
  ['Brier (base)', ({ brier, brierOfBaseRate }) => `${brier.toFixed(3)} (${brierOfBaseRate.toFixed(3)})`],
  ['calib. error', ({ calibrationError }) => calibrationError.toFixed(3)],
  ['precision at recall 0.90', ({ atRecall }) => percent(atRecall.precision)],
  ['false alarms', ({ falseAlarmShare }) => percent(falseAlarmShare)],
  [
    'beforehand: recall, precision',
    ({ chosenBefore: { recall, precision } }) => `${percent(recall)}, ${percent(precision)}`,
  ],
];

function tableOf(rows: readonly Row[]): string {
  const cells = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((own) => own[at]?.length ?? 0)));
  const lines = cells.map((own) => `| ${own.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`;
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
}

export function jsonReport(found: Evaluation): object {
  const { cases, span, cuts, urgent, learnedFrom, tested, lead, rows, anew } = found;
  return {
    scenario: 'sla',
    cases,
    trainedUntil: new Date(span.cutAt).toISOString(),
    targets: cuts.map(({ learned, all }) => ({
      priority: learned.priority,
      hours: rounded(learned.hours),
      wrongShare: rounded(learned.wrong / learned.cases),
      overAllHours: rounded(all.hours),
    })),
    countsOnly: urgent,
    learnedFrom: { ...learnedFrom, halfLifeDays: found.ready.model.halfLife / DAY },
    testedOn: tested.cases,
    rows: rows.map(jsonRow),
    learnedAnew: anew.map(jsonRow),
    lead: lead.map((one) => ({ ...one, medianHours: rounded(one.medianHours) })),
    aim: {
      falseAlarmShare: HALF,
      reached: rows.filter(({ priority }) => priority === undefined).every((row) => row.falseAlarmShare <= HALF),
    },
  };
}

function jsonRow(row: Row): object {
  return {
    priority: row.priority ?? 'all',
    share: row.share,
    leadHours: rounded(row.leadHours),
    open: row.open,
    broken: row.broken,
    baseRate: rounded(row.baseRate),
    auc: rounded(row.auc),
    brier: rounded(row.brier),
    brierOfBaseRate: rounded(row.brierOfBaseRate),
    calibrationError: rounded(row.calibrationError),
    precisionAtRecall90: rounded(row.atRecall.precision),
    falseAlarms: row.atRecall.falseAlarms,
    falseAlarmsFlaggingAll: row.open - row.broken,
    falseAlarmShare: rounded(row.falseAlarmShare),
    chosenBefore: {
      threshold: rounded(row.chosenBefore.threshold),
      recall: rounded(row.chosenBefore.recall),
      precision: rounded(row.chosenBefore.precision),
      falseAlarms: row.chosenBefore.falseAlarms,
    },
  };
}
