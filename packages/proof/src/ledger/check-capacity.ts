/** Who held what, when: followed through the events, and compared with what the tables say now. */
import { distinct, isRecord, text } from './count.ts';
import type { SeenEvent, Snapshot, Tables } from './snapshot.ts';

/** Channel, or `default` -> items at once. */
type Capacity = Readonly<Record<string, unknown>>;

interface Held {
  readonly agentId: string;
  readonly channel: string;
}

const begins = new Set(['WorkOffered']);
const ends = new Set(['WorkRejected', 'WorkTimedOut', 'WorkWithdrawn', 'WorkCompleted']);

/** Everything of one agent is decided under one lock, so the history has it in the order in which it happened. */
export function checkCapacity({ history, tables }: Snapshot): string[] {
  const capacities = new Map<string, Capacity>();
  const held = new Map<string, Held>();
  const findings: string[] = [];
  for (const event of distinct(history)) {
    if (event.service !== 'routing') continue;
    learnCapacity(event, capacities);
    const itemId = event.subject;
    if (ends.has(event.type)) held.delete(itemId);
    if (!begins.has(event.type)) continue;
    const taken: Held = {
      agentId: text(event.data, 'reservation', 'agentId') ?? '',
      channel: text(event.data, 'item', 'channel') ?? '',
    };
    const before = held.get(itemId);
    if (before !== undefined)
      findings.push(`work item ${itemId} was offered to ${taken.agentId} while ${before.agentId} held it`);
    held.set(itemId, taken);
    findings.push(...tooMany(taken, [...held.values()], capacities.get(taken.agentId)));
  }
  return [...findings, ...checkTables(tables, held)];
}

function learnCapacity({ type, data }: SeenEvent, capacities: Map<string, Capacity>): void {
  if (type !== 'AgentChanged' && type !== 'AgentPresenceChanged') return;
  const agent = data['agent'];
  if (!isRecord(agent) || typeof agent['id'] !== 'string') return;
  capacities.set(agent['id'], isRecord(agent['capacity']) ? agent['capacity'] : {});
}

function tooMany({ agentId, channel }: Held, held: readonly Held[], capacity: Capacity | undefined): string[] {
  const load = held.filter((one) => one.agentId === agentId && one.channel === channel).length;
  const most = Number(capacity?.[channel] ?? capacity?.['default'] ?? 0);
  return load <= most ? [] : [`agent ${agentId} held ${String(load)} items on ${channel}, ${String(most)} at most`];
}

const open = new Set(['pending', 'accepted', 'wrapping']);

/** Events, desks and reservations tell the same about who holds what now. */
function checkTables({ routing }: Tables, held: ReadonlyMap<string, Held>): string[] {
  const byEvents = [...held].map(([itemId, { agentId }]) => `${itemId} by ${agentId}`);
  const byDesks = routing.holds.map(({ workItemId, agentId }) => `${workItemId} by ${agentId}`);
  const byReservations = routing.reservations
    .filter(({ status }) => open.has(status))
    .map(({ workItemId, agentId }) => `${workItemId} by ${agentId}`);
  return [...different('desks', byDesks, byEvents), ...different('reservations', byReservations, byEvents)];
}

function different(where: string, there: readonly string[], told: readonly string[]): string[] {
  const left = [...told];
  const extra = there.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [
    ...extra.map((one) => `work item ${one} is held according to the ${where}, not to the events`),
    ...left.map((one) => `work item ${one} is held according to the events, not to the ${where}`),
  ];
}
