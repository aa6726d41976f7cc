/** The state of the day in one line, for logs and pipes. */
import { clockTime } from '../day/day-curve.ts';
import { euros, figuresOf, percent } from './figures.ts';
import type { Tally } from './tally.ts';

export function summaryLine(tally: Tally, hour: number): string {
  const { contacts, cases, work, promises, offers, queues, answers } = tally;
  const { keptShare } = figuresOf(tally, hour);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const busy = [...tally.desks.values()].reduce((sum, { tasks }) => sum + tasks.size, 0);
  return [
    clockTime(hour),
    `contacts ${String(contacts.sent)}`,
    `cases ${String(cases.open)} open ${String(cases.resolved)} resolved`,
    `work ${String(waiting)} waiting ${String(busy)} in hand ${String(work.accepted)} taken`,
    `promises ${String(promises.atRisk)} at risk ${String(promises.broken)} broken ${percent(keptShare)} kept`,
    `offers ${String(offers.shown)} shown ${String(offers.accepted)} accepted ${euros(offers.soldCents)}`,
    ...(answers.serverErrors > 0 ? [`SERVER ERRORS ${String(answers.serverErrors)}`] : []),
  ].join(' | ');
}
