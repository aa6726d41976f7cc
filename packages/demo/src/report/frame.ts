/** The day on one screen: lines of text, made anew for every redraw. */
import { styleText } from 'node:util';
import { CLOSES, clockTime, shareOfDay } from '../day/day-curve.ts';
import { euros, figuresOf, percent, seconds } from './figures.ts';
import type { DeskTally, Tally } from './tally.ts';

export interface Now {
  readonly hour: number;
  readonly seed: number;
  readonly columns: number;
  readonly rows: number;
}

type Style = Parameters<typeof styleText>[0];
/** A piece of a line. */
type Part = string | readonly [text: string, style: Style];
type Line = readonly Part[];

/** So many lines that they fit. */
export function frame(tally: Tally, now: Now): readonly string[] {
  const lines: Line[] = [
    title(now),
    [],
    ...overview(tally, now),
    [],
    ...sideBySide(queueLines(tally), deskLines(tally)),
    [],
    ...tally.latest.map((text): Line => [
      ['  · ', 'dim'],
      [text, 'dim'],
    ]),
    ...(tally.answers.serverErrors === 0 ? [] : [[[`  ${tally.answers.lastComplaint}`, 'red'] as const]]),
  ];
  const kept = lines.slice(0, Math.max(1, now.rows - 2));
  return [...kept, [['  Ctrl-C ends the day', 'dim']] satisfies Line].map((line) => render(line, now.columns));
}

function title({ hour, seed }: Now): Line {
  const share = shareOfDay(hour);
  const filled = Math.round(share * 30);
  const open = hour < CLOSES ? '' : '  closing';
  return [
    [' Fernklang Telecom ', ['bold', 'inverse']],
    `  ${clockTime(hour)}  `,
    ['█'.repeat(filled), 'cyan'],
    ['░'.repeat(30 - filled), 'dim'],
    `  ${percent(share)}${open}   seed ${String(seed)}`,
  ];
}

function overview(tally: Tally, { hour }: Now): Line[] {
  const { contacts, cases, work, promises, offers } = tally;
  const { keptShare, acceptedShare, salesPerHour, averageWait } = figuresOf(tally, hour);
  const byChannel = [...contacts.byChannel]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${String(count)}`);
  return [
    row('Contacts', contacts.sent, byChannel.join('  ')),
    row(
      'Cases',
      cases.opened,
      `open ${n(cases.open)}  resolved ${n(cases.resolved)}  joined ${n(cases.joined)}  reopened ${n(cases.reopened)}`,
    ),
    row(
      'Work',
      work.accepted,
      `taken  rejected ${n(work.rejected)}  missed ${n(work.missed)}  wait ${seconds(averageWait)}`,
    ),
    [
      ...row('Promises', promises.running, 'running  '),
      [`at risk ${n(promises.atRisk)}`, promises.atRisk > 0 ? 'yellow' : 'dim'],
      '  ',
      [`broken ${n(promises.broken)}`, promises.broken > 0 ? 'red' : 'dim'],
      '  ',
      [`kept ${n(promises.kept)} (${percent(keptShare)})`, 'green'],
    ],
    [
      ...row('Offers', offers.shown, `shown  declined ${n(offers.declined)}  abandoned ${n(offers.abandoned)}  `),
      [`accepted ${n(offers.accepted)} (${percent(acceptedShare)})`, 'green'],
      `  sold ${euros(offers.soldCents)}`,
      salesPerHour === undefined ? '' : `  ${euros(salesPerHour)} an agent-hour`,
    ],
  ];
}

function row(label: string, count: number, text: string): Line {
  return [[`  ${label.padEnd(9)}`, 'bold'], `${n(count).padStart(6)}  `, text];
}

const LEFT = 36;

function queueLines({ queues }: Tally): Line[] {
  const shown = queues.slice(0, 9).map(({ id, waiting, longest }): Line => {
    const bar = '▇'.repeat(Math.min(8, waiting));
    const name = id
      .replace(/^demo-/u, '')
      .slice(0, 14)
      .padEnd(15);
    return [
      `  ${name}`,
      [bar.padEnd(8), longest > 3000 ? 'yellow' : 'cyan'],
      `${n(waiting).padStart(3)} ${seconds(longest).padStart(7)}`,
    ];
  });
  const body: Line[] = shown.length === 0 ? [[['  nobody waits', 'dim']]] : shown;
  return [
    [
      ['  WAITING'.padEnd(25), 'bold'],
      ['  now  longest', 'dim'],
    ],
    ...body,
  ];
}

function deskLines({ desks }: Tally): Line[] {
  const present = [...desks.values()].filter((desk) => desk.present || desk.tasks.size > 0);
  return [
    [
      ['AGENTS'.padEnd(18), 'bold'],
      ['done  now works on', 'dim'],
    ],
    ...present.map(deskLine),
  ];
}

function deskLine({ name, present, tasks, handled }: DeskTally): Line {
  const load = '■'.repeat(Math.min(6, tasks.size)).padEnd(6);
  const what = [...tasks].slice(0, 3).map(({ reason, channel }) => `${reason} (${channel})`);
  return [
    [name.slice(0, 17).padEnd(18), present ? 'reset' : 'dim'],
    `${n(handled).padStart(4)}  `,
    [load, 'cyan'],
    what.join(', '),
  ];
}

/** Two columns; the left one is as wide as its widest line may be. */
function sideBySide(left: readonly Line[], right: readonly Line[]): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => {
    const first = left[at] ?? [];
    const gap = Math.max(1, LEFT + 3 - widthOf(first));
    return [...first, ' '.repeat(gap), ...(right[at] ?? [])];
  });
}

const textOf = (part: Part): string => (typeof part === 'string' ? part : part[0]);
const widthOf = (line: Line): number => line.reduce((sum, part) => sum + textOf(part).length, 0);

/** Cut to the screen's width before it is coloured. */
function render(line: Line, columns: number): string {
  let left = columns - 1;
  return line
    .map((part) => {
      const text = textOf(part).slice(0, Math.max(0, left));
      left -= text.length;
      return typeof part === 'string' || text === '' ? text : styleText(part[1], text, { validateStream: false });
    })
    .join('');
}

const n = (count: number): string => String(count);
