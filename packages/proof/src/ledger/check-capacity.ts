/** Who held what, when: followed through the events, and compared with what the tables say now. */
import { distinct, isRecord, text } from './count.ts';
import type { SeenEvent, Snapshot, Tables } from './snapshot.ts';

/** Channel, or `default` -> items at once. */
type Capacity = Readonly<Record<string, unknown>>;

interface Held {
  readonly itemId: string;
  readonly agentId: string;
  readonly channel: string;
  readonly isTaken: boolean;
}

const ends = new Set(['WorkRejected', 'WorkTimedOut', 'WorkWithdrawn', 'WorkRescinded', 'WorkCompleted']);

/** Everything of one agent is decided under one lock, so the history has it in the order in which it happened. */
export function checkCapacity({ history, tables }: Snapshot): string[] {
  const capacities = new Map<string, Capacity>();
  /** By item and reservation: where several are asked about an item, each of them holds it until one takes it. */
  const held = new Map<string, Held>();
  const findings: string[] = [];
  for (const event of distinct(history)) {
    if (event.service !== 'routing') continue;
    learnCapacity(event, capacities);
    const hold = `${event.subject} ${text(event.data, 'reservation', 'id') ?? ''}`;
    if (ends.has(event.type)) held.delete(hold);
    if (event.type === 'WorkAccepted') findings.push(...take(event, hold, held));
    if (event.type !== 'WorkOffered') continue;
    const offered: Held = {
      itemId: event.subject,
      agentId: text(event.data, 'reservation', 'agentId') ?? '',
      channel: text(event.data, 'item', 'channel') ?? '',
      isTaken: false,
    };
    findings.push(...heldMeanwhile(event, offered, held));
    held.set(hold, offered);
    findings.push(...tooMany(offered, [...held.values()], capacities.get(offered.agentId)));
  }
  return [...findings, ...checkTables(tables, held)];
}

/** As many at once as were asked together, and nobody once somebody took it. */
function heldMeanwhile({ data }: SeenEvent, offered: Held, held: ReadonlyMap<string, Held>): string[] {
  const others = [...held.values()].filter(({ itemId }) => itemId === offered.itemId);
  const [first] = others;
  if (first === undefined) return [];
  const reservation = data['reservation'];
  const together = isRecord(reservation) ? Number(reservation['offeredTo'] ?? 1) : 1;
  const isRight = others.length < together && others.every((one) => !one.isTaken && one.agentId !== offered.agentId);
  if (isRight) return [];
  return [`work item ${offered.itemId} was offered to ${offered.agentId} while ${first.agentId} held it`];
}

function take({ subject }: SeenEvent, hold: string, held: Map<string, Held>): string[] {
  const own = held.get(hold);
  const before = [...held.values()].find(({ itemId, isTaken }) => itemId === subject && isTaken);
  if (own !== undefined) held.set(hold, { ...own, isTaken: true });
  return before === undefined ? [] : [`work item ${subject} was taken while ${before.agentId} had taken it`];
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
  const byEvents = [...held.values()].map(({ itemId, agentId }) => `${itemId} by ${agentId}`);
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
