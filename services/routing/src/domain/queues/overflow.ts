/** What waits in one queue and is to wait in another: because of the time, or of how both stand. */
import type { RoutingCommands } from '../commands.ts';
import type { Memory } from '../matching/memory.ts';
import type { Course, Live } from './steps.ts';
import { stepOf } from './steps.ts';

/** Items moved by one run; the next one goes on. */
const MOST = 500;

const leads = ({ targets, closedTo, stale }: Course): boolean =>
  closedTo !== undefined || stale?.to !== undefined || targets?.some(({ overflow }) => overflow !== undefined) === true;

/** The moves to make now. Each is decided again under lock, and refused where the item changed meanwhile. */
export function movesOf(memory: Memory, now: number, live: Live): RoutingCommands['move-work'][] {
  const queues = new Map([...memory.queues].filter(([, queue]) => leads(queue)));
  if (queues.size === 0) return [];
  const moves: RoutingCommands['move-work'][] = [];
  // What one move does to the figures is seen by the next run alone: until then nothing more leaves by them.
  const judged = new Set<string>();
  for (const entry of memory.waiting) {
    if (moves.length >= MOST) break;
    const queue = queues.get(entry.queueId);
    if (queue === undefined || judged.has(queue.id)) continue;
    const { moveTo, index } = stepOf(queue, entry, now, live);
    if (moveTo === undefined) continue;
    moves.push({ workItemId: entry.id, itemVersion: entry.version, to: moveTo });
    if (moveTo.reason === 'overflow' && queue.targets?.[index]?.overflow?.while !== undefined) judged.add(queue.id);
  }
  return moves;
}
