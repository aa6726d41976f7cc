/** What happened, and what it cost and earned. */
import { AGENT_HOUR_COST } from '../company/agents.ts';
import { CLOSES, clockTime } from '../day/day-curve.ts';
import { euros, figuresOf, percent, seconds } from './figures.ts';
import type { Tally } from './tally.ts';

export interface Closing {
  readonly tally: Tally;
  readonly hour: number;
  readonly seed: number;
  /** Real time the day took. */
  readonly tookMs: number;
}

export function summary({ tally, hour, seed, tookMs }: Closing): string {
  const over = hour >= CLOSES ? 'is over' : `was ended at ${clockTime(hour)}`;
  const lines = [...happened(tally), ...earned(tally, hour), ...complaints(tally)];
  const width = Math.max(...lines.map(([label]) => label.length));
  return [
    '',
    `The day at Fernklang Telecom ${over} (seed ${String(seed)}, ${seconds(tookMs)} of real time).`,
    '',
    ...lines.map(([label, text]) => `  ${label.padEnd(width)}   ${text}`),
    '',
  ].join('\n');
}

type Line = readonly [label: string, text: string];

function happened(tally: Tally): Line[] {
  const { contacts, cases, work, queues } = tally;
  const channels = [...contacts.byChannel].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${n(count)}`);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  return [
    ['Contacts', `${n(contacts.sent)} came in: ${channels.join(', ')}${refused(contacts.refused)}`],
    [
      'Cases',
      `${n(cases.opened)} opened, ${n(cases.joined)} contacts joined an open one, ${n(cases.reopened)} opened a resolved one again; ` +
        `${n(cases.resolved)} times resolved, ${n(cases.open)} left open`,
    ],
    [
      'Work',
      `${n(work.offered)} times offered to agents: ${n(work.accepted)} accepted, ${n(work.rejected)} rejected, ${n(work.missed)} missed; ${n(waiting)} still waiting`,
    ],
    ...together(tally),
    ['Waiting', `${seconds(figuresOf(tally, CLOSES).averageWait)} on average, ${seconds(work.longestWait)} at most`],
  ];
}

/** What was more than one person's work, or at another time. */
function together({ plan, callbacks }: Tally): Line[] {
  const by = plan.by.size === 0 ? '' : ` by ${[...plan.by].join(', ')}`;
  return [
    ...(plan.steps === 0 ? [] : [['Plan', `a line mended in ${n(plan.done)} of ${n(plan.steps)} steps${by}`] as const]),
    ...(callbacks.asked === 0
      ? []
      : [['Callbacks', `${n(callbacks.asked)} asked for, ${n(callbacks.reached)} called back`] as const]),
  ];
}

function earned(tally: Tally, hour: number): Line[] {
  const { promises, offers } = tally;
  const figures = figuresOf(tally, hour);
  const { salesPerHour } = figures;
  return [
    [
      'Promises',
      `${percent(figures.keptShare)} kept: ${n(promises.kept)} of ${n(promises.kept + promises.broken)}; ${n(promises.running)} still running`,
    ],
    [
      'Offers',
      `${n(offers.shown)} shown, ${percent(figures.answeredShare)} answered: ${n(offers.accepted)} accepted, ${n(offers.declined)} declined; ${n(offers.abandoned)} abandoned`,
    ],
    ['Response', `${percent(figures.acceptedShare)} of the offers shown were accepted`],
    ['Earned', `${euros(offers.soldCents)} of contract value sold`],
    [
      'Cost',
      `${euros(figures.cost)}: ${figures.agentHours.toFixed(1)} agent-hours of the played day at ${euros(AGENT_HOUR_COST)} (assumed)`,
    ],
    ['Sales per agent-hour', salesPerHour === undefined ? '–' : euros(salesPerHour)],
  ];
}

function complaints({ answers }: Tally): Line[] {
  const told: Line[] = [];
  if (answers.later > 0) told.push(['Asked to wait', `${n(answers.later)} times (429 or 503), and tried again`]);
  if (answers.serverErrors > 0)
    told.push(['Server errors', `${n(answers.serverErrors)}; the last complaint: ${answers.lastComplaint}`]);
  return told;
}

function refused(count: number): string {
  return count === 0 ? '' : `; ${n(count)} were refused`;
}

const n = (count: number): string => count.toLocaleString('en-IE');
