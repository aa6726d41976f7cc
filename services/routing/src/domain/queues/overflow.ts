/** What waits in one queue and is to wait in another: because of the time, or of how both stand. */
import type { RoutingCommands } from '../commands.ts';
import { isJudged, standAll } from '../matching/lines.ts';
import type { Entry, Memory } from '../matching/types.ts';
import { allOf, compare, firstOf, someOf } from '../matching/shelf.ts';
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
  for (const entry of leavingOf(memory, now, live)) {
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

/**
 * What time alone sends on is known. Where figures decide it is asked for who stands first in each line, the others go the
 * same way; and for those of whom nothing is known.
 */
function leavingOf(memory: Memory, now: number, live: Live): Entry[] {
  const { queues, singles, leaving, judged } = memory;
  const known = someOf(leaving, MOST);
  const asked = [...queues.values()].filter((queue) => leads(queue) && isJudged(queue));
  if (asked.length === 0) return known;
  const lines = asked.flatMap((queue) => [...(judged.get(queue.id) ?? [])].map((line) => ({ queue, line })));
  const lined = lines.flatMap(({ queue, line: { shelf } }) => {
    const first = firstOf(shelf);
    return first === undefined || stepOf(queue, first, now, live).moveTo === undefined ? [] : someOf(shelf, MOST);
  });
  const ids = new Set(asked.map(({ id }) => id));
  return [...known, ...lined, ...allOf(singles).filter(({ queueId }) => ids.has(queueId))].sort(compare);
}
