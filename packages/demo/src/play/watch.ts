/** Looks at what nobody in the play is told: what waits, and how the promises stand. */
import { bodyOf, clocks, workItems } from '../client/answers.ts';
import type { QueueTally } from '../report/tally.ts';
import { pause } from './stage.ts';
import type { Stage } from './stage.ts';

const QUEUES_MS = 700;
const PROMISES_MS = 250;
const CASES_AT_ONCE = 6;

/** Until the play is over. */
export async function watchQueues(stage: Stage): Promise<void> {
  for (;;) {
    await lookAtQueues(stage);
    await pause(stage, QUEUES_MS);
  }
}

/** What waits now, up to the 200 oldest. */
export async function lookAtQueues(stage: Stage): Promise<void> {
  const found = bodyOf(await stage.api.get('/v1/work-items?status=pending&limit=200'), workItems);
  if (found !== undefined) stage.tally.queues = byQueue(found.items, Date.now());
}

/** How many wait in each queue, and for how long. */
export function byQueue(
  items: readonly { readonly queueId: string; readonly enqueuedAt: string }[],
  now: number,
): readonly QueueTally[] {
  const queues = new Map<string, QueueTally>();
  for (const { queueId, enqueuedAt } of items) {
    const { waiting, longest } = queues.get(queueId) ?? { waiting: 0, longest: 0 };
    const waited = Math.max(0, now - Date.parse(enqueuedAt));
    queues.set(queueId, { id: queueId, waiting: waiting + 1, longest: Math.max(longest, waited) });
  }
  return [...queues.values()].sort((a, b) => b.waiting - a.waiting || (a.id < b.id ? -1 : 1));
}

/** Until the play is over. */
export async function watchPromises(stage: Stage): Promise<void> {
  for (;;) {
    await Promise.all(stage.book.due(CASES_AT_ONCE).map((caseId) => lookAtPromises(stage, caseId)));
    stage.tally.promises = stage.book.sums();
    await pause(stage, PROMISES_MS);
  }
}

/** How the promises about one case stand. */
export async function lookAtPromises(stage: Stage, caseId: string): Promise<void> {
  const isOpen = stage.openCases.has(caseId);
  const found = bodyOf(await stage.api.get(`/v1/clocks?caseId=${caseId}`), clocks);
  stage.book.read(caseId, found?.items ?? [], isOpen);
}
