/** Which of routing's events one agent's desktop is told, and under which name. */
import type { EventType } from '@switchboard/contracts';
import type { PickEvent } from '@switchboard/service';

const names = new Map<EventType, string>([
  ['switchboard.routing.v1.WorkOffered', 'reservation.created'],
  ['switchboard.routing.v1.WorkAccepted', 'reservation.accepted'],
  ['switchboard.routing.v1.WorkRejected', 'reservation.rejected'],
  ['switchboard.routing.v1.WorkTimedOut', 'reservation.timeout'],
  ['switchboard.routing.v1.WorkWithdrawn', 'reservation.canceled'],
  ['switchboard.routing.v1.WorkRescinded', 'reservation.rescinded'],
  ['switchboard.routing.v1.WorkPaused', 'reservation.paused'],
  ['switchboard.routing.v1.WorkWaking', 'reservation.waking'],
  ['switchboard.routing.v1.WorkResumed', 'reservation.resumed'],
  ['switchboard.routing.v1.WorkWrappingUp', 'reservation.wrapping'],
  ['switchboard.routing.v1.WorkCompleted', 'reservation.completed'],
  ['switchboard.routing.v1.AgentChanged', 'agent.changed'],
  ['switchboard.routing.v1.AgentPresenceChanged', 'agent.presence'],
]);

export function shownToAgent(agentId: string): PickEvent {
  return ({ type, data, time: at }) => {
    const event = names.get(type);
    if (event === undefined) return undefined;
    if ('reservation' in data && data.reservation.agentId === agentId)
      return { event, data: { at, reservation: data.reservation, workItem: data.item } };
    if ('agent' in data && data.agent.id === agentId) return { event, data: { at, agent: data.agent } };
    return undefined;
  };
}
