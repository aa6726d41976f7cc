/** What waits in one queue and is to wait in another: because of the time, or of how both stand. */
import type { RoutingCommands } from '../commands.ts';
import { isJudged, standAll } from '../matching/lines.ts';
import type { Memory } from '../matching/memory.ts';
import { allOf, compare } from '../matching/shelf.ts';
import type { Course, Live } from './steps.ts';
import { stepOf } from './steps.ts';

/** Items moved by one run; the next one goes on. */
const MOST = 500;

const leads = ({ targets, closedTo, stale }: Course): boolean =>
  closedTo !== undefined || stale?.to !== undefined || targets?.some(({ overflow }) => overflow !== undefined) === true;

/** The moves to make now. Each is decided again under lock, and refused where the item changed meanwhile. */
export function movesOf(memory: Memory, now: number, live: Live): RoutingCommands['move-work'][] {
  standAll(memory, now, live);
  const moves: RoutingCommands['move-work'][] = [];
  // What one move does to the figures is seen by the next run alone: until then nothing more leaves by them.
  const judged = new Set<string>();
  for (const entry of leavingOf(memory)) {
    if (moves.length >= MOST) break;
    const queue = memory.queues.get(entry.queueId);
    if (queue === undefined || judged.has(queue.id)) continue;
    const { moveTo, index } = stepOf(queue, entry, now, live);
    if (moveTo === undefined) continue;
    moves.push({ workItemId: entry.id, itemVersion: entry.version, to: moveTo });
    if (moveTo.reason === 'overflow' && queue.targets?.[index]?.overflow?.while !== undefined) judged.add(queue.id);
  }
  return moves;
}

/** What time alone sends on is known; what waits where figures decide has to be asked each time. */
function leavingOf({ queues, singles, leaving }: Memory) {
  const asked = new Set([...queues.values()].filter((queue) => leads(queue) && isJudged(queue)).map(({ id }) => id));
  const known = allOf(leaving).slice(0, MOST);
  if (asked.size === 0) return known;
  return [...known, ...allOf(singles).filter(({ queueId }) => asked.has(queueId))].sort(compare);
}
