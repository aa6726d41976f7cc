/** Which of routing's events one agent's desktop is told, and under which name. */
import type { PickEvent } from '@switchboard/service';

const names = {
  'switchboard.routing.v1.WorkOffered': 'reservation.created',
  'switchboard.routing.v1.WorkAccepted': 'reservation.accepted',
  'switchboard.routing.v1.WorkRejected': 'reservation.rejected',
  'switchboard.routing.v1.WorkTimedOut': 'reservation.timed-out',
  'switchboard.routing.v1.WorkWithdrawn': 'reservation.canceled',
  'switchboard.routing.v1.WorkWrappingUp': 'reservation.wrapping',
  'switchboard.routing.v1.WorkCompleted': 'reservation.completed',
} as const;

export function shownToAgent(agentId: string): PickEvent {
  return (event) => {
    switch (event.type) {
      case 'switchboard.routing.v1.WorkOffered':
      case 'switchboard.routing.v1.WorkAccepted':
      case 'switchboard.routing.v1.WorkRejected':
      case 'switchboard.routing.v1.WorkTimedOut':
      case 'switchboard.routing.v1.WorkWithdrawn':
      case 'switchboard.routing.v1.WorkWrappingUp':
      case 'switchboard.routing.v1.WorkCompleted': {
        if (event.data.reservation.agentId !== agentId) return undefined;
        const { reservation, item } = event.data;
        return { event: names[event.type], data: { at: event.time, reservation, workItem: item } };
      }
      case 'switchboard.routing.v1.AgentChanged':
      case 'switchboard.routing.v1.AgentPresenceChanged': {
        if (event.data.agent.id !== agentId) return undefined;
        const name = event.type === 'switchboard.routing.v1.AgentChanged' ? 'agent.changed' : 'agent.presence';
        return { event: name, data: { at: event.time, agent: event.data.agent } };
      }
      default:
        return undefined;
    }
  };
}
