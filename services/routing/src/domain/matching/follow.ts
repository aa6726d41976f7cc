/** Keeps the matcher's memory from the service's own events. */
import type { Calendar } from '@switchboard/calendar';
import type { EventType, ReceivedEvent } from '@switchboard/contracts';
import { workRulesIn } from '../people/rules.ts';
import type { Activity, WorkRules } from '../people/rules.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import type { Queue } from '../queues/queues.ts';
import type { Capacity } from '../people/state.ts';
import type { Facts } from '../work/state.ts';
import { toldWaitsSince } from '../queues/steps.ts';
import { forgetAssigned, noteAnswered, noteAssigned } from './history.ts';
import { removeAgent, setAgent, setIdleSince, setOfferedAt, setServed } from './agents.ts';
import type { KnownAgent } from './candidate.ts';
import { waitingTerms } from './entry.ts';
import { dropHolder, forgetItem, knownVersion, setHeld, setQueue, setWaiting } from './items.ts';
import type { Memory } from './types.ts';
import { setCalendars, setTeam } from './roster.ts';

export type CompileQueue = (
  id: string,
  definition: QueueDefinition,
  version: number | undefined,
  calendars: ReadonlyMap<string, Calendar>,
) => Queue;

type Of<T extends string> = ReceivedEvent<Extract<EventType, `switchboard.routing.v1.${T}`>>;
type HoldEvent = Of<'WorkOffered' | 'WorkAccepted' | 'WorkWrappingUp' | 'WorkPaused' | 'WorkWaking' | 'WorkResumed'>;
type EndEvent = Of<
  'WorkRejected' | 'WorkTimedOut' | 'WorkWithdrawn' | 'WorkRescinded' | 'WorkCompleted' | 'WorkCanceled'
>;

type Follow = { readonly [T in EventType]?: (memory: Memory, event: ReceivedEvent<T>, compile: CompileQueue) => void };

// WorkMoved is left out: the WorkQueued behind it has everything. Calendars are gathered below.
const follows: Follow = {
  'switchboard.routing.v1.AgentChanged': changed,
  'switchboard.routing.v1.AgentPresenceChanged': (memory, event) => {
    const { agent, from } = event.data;
    if (agent.status === 'available' && from !== 'available') memory.history.came.set(agent.id, Date.parse(event.time));
    changed(memory, event);
  },
  'switchboard.routing.v1.AgentRemoved': (memory, { data }) => {
    removeAgent(memory, data.agentId);
  },
  'switchboard.routing.v1.QueueChanged': (memory, { data: { id, version, definition, removed } }, compile) => {
    const { calendars } = memory.roster;
    const queue = removed ? undefined : compile(id, definition as unknown as QueueDefinition, version, calendars);
    setQueue(memory, id, queue);
  },
  'switchboard.routing.v1.TeamChanged': (memory, { data: { team } }) => {
    setTeam(memory, team.id, workRulesIn(team as WorkRules));
  },
  'switchboard.routing.v1.TeamRemoved': (memory, { data }) => {
    setTeam(memory, data.teamId, undefined);
  },
  'switchboard.routing.v1.WorkPaused': hold,
  'switchboard.routing.v1.WorkWaking': hold,
  'switchboard.routing.v1.WorkResumed': hold,
  'switchboard.routing.v1.WorkQueued': wait,
  'switchboard.routing.v1.WorkOffered': hold,
  'switchboard.routing.v1.WorkAccepted': hold,
  'switchboard.routing.v1.WorkWrappingUp': hold,
  'switchboard.routing.v1.WorkRejected': end,
  'switchboard.routing.v1.WorkTimedOut': end,
  'switchboard.routing.v1.WorkWithdrawn': end,
  'switchboard.routing.v1.WorkRescinded': end,
  'switchboard.routing.v1.WorkCompleted': end,
  'switchboard.routing.v1.WorkCanceled': end,
};

/**
 * `compile` turns a queue's definition into its functions. Calendars go first, all at once: nothing before them depends on
 * what they were, and everything that waits is lined up afresh for them.
 */
export function follow(memory: Memory, events: readonly ReceivedEvent[], compile: CompileQueue): void {
  const calendars = events.filter(isCalendar);
  if (calendars.length > 0)
    setCalendars(memory, new Map(calendars.map(({ data: { id, definition } }) => [id, definition])));
  for (const event of events) {
    const known = follows[event.type] as
      ((memory: Memory, event: ReceivedEvent, compile: CompileQueue) => void) | undefined;
    known?.(memory, event, compile);
  }
}

const isCalendar = (event: ReceivedEvent): event is Of<'CalendarAdopted'> =>
  event.type === 'switchboard.routing.v1.CalendarAdopted';

function changed(memory: Memory, { data }: Of<'AgentChanged' | 'AgentPresenceChanged'>): void {
  setAgent(memory, knownAgent(data.agent));
}

function wait(memory: Memory, { data }: Of<'WorkQueued'>): void {
  const { item, caseFacts, contactFacts, customerFacts, avoid, terms } = data;
  if (item.version <= knownVersion(memory, item.id)) return;
  setWaiting(memory, {
    id: item.id,
    version: item.version,
    queueId: item.queueId,
    channel: item.channel,
    priority: item.priority,
    enqueuedAt: Date.parse(item.enqueuedAt),
    ...waitingTerms(terms),
    kind: item.kind,
    preferred: item.preferred && { agentId: item.preferred.agentId, until: item.preferred.until ?? '' },
    avoid: avoid.map(({ agentId, until }) => ({ agentId, until: until ?? '' })),
    terms,
    facts: { case: caseFacts, contact: contactFacts, customer: customerFacts } as unknown as Facts,
  });
}

function hold(memory: Memory, event: HoldEvent): void {
  const { item, reservation } = event.data;
  if (item.version < knownVersion(memory, item.id)) return;
  const at = Date.parse(event.time);
  const { id, version, channel } = item;
  const { agentId, id: reservationId, workKind: kind } = reservation;
  const activity = reservation.activity as Activity | undefined;
  setHeld(memory, { id, version, channel, kind, activity, reservationId }, agentId, at);
  const { fairness, answerWithinMs } = memory.queues.get(item.queueId) ?? {};
  if (event.type === 'switchboard.routing.v1.WorkOffered') {
    setOfferedAt(memory, agentId, at);
    if (fairness !== undefined) noteAssigned(memory.history, agentId, item.id, { queueId: item.queueId, at });
  }
  if (event.type !== 'switchboard.routing.v1.WorkAccepted') return;
  worked(memory, agentId, event.time);
  setServed(memory, agentId, [item.caseId, item.customerId]);
  if (answerWithinMs !== undefined)
    noteAnswered(memory.history, item.queueId, item.id, { at, waitedMs: at - toldWaitsSince(item) });
}

function end(memory: Memory, event: EndEvent): void {
  const { item } = event.data;
  if (item.version < knownVersion(memory, item.id)) return;
  const at = Date.parse(event.time);
  // Others are still asked about it, or one of them took it.
  const isHeld = item.status === 'reserved' || item.status === 'assigned';
  if (isHeld && 'reservation' in event.data) dropHolder(memory, item, { agentId: event.data.reservation.agentId, at });
  else forgetItem(memory, item.id, at);
  if (event.type === 'switchboard.routing.v1.WorkCompleted') worked(memory, event.data.reservation.agentId, event.time);
  else if ('reservation' in event.data) forgetAssigned(memory.history, event.data.reservation.agentId, item.id);
}

const worked = (memory: Memory, agentId: string, at: string): void => {
  setIdleSince(memory, agentId, Date.parse(at));
};

type ReadAgent = Of<'AgentChanged'>['data']['agent'];

/** An agent as the matcher looks at them. */
function knownAgent(agent: ReadAgent): KnownAgent {
  const { id, version, team, skills, languages, territories, products, status, idleSince } = agent;
  const capacity: Capacity = { ...agent.capacity, default: agent.capacity.default ?? 1 };
  const interrupts = Object.entries(agent.interrupts).map(
    ([by, over]) => [by, (over as { readonly channels?: readonly string[] }).channels ?? []] as const,
  );
  return {
    id,
    version,
    facts: { id, team, skills, languages, territories, products },
    capacity,
    units: agent.units,
    weights: agent.weights,
    interrupts: Object.fromEntries(interrupts),
    work: workRulesIn(agent as WorkRules),
    absences: agent.absences,
    isAvailable: status === 'available',
    idleSince: idleSince === undefined ? 0 : Date.parse(idleSince),
  };
}
