/** Aggregates as the events carry them. */
import type { EventData } from '@switchboard/contracts';
import { loadOf } from './state.ts';
import type { Absence, Agent, CaseWork, Desk, Reservation, TeamState, WorkItem } from './state.ts';

type AgentSnapshot = EventData<'switchboard.routing.v1.AgentChanged'>['agent'];
type TeamSnapshot = EventData<'switchboard.routing.v1.TeamChanged'>['team'];
type AbsenceSnapshot = EventData<'switchboard.routing.v1.AgentAbsenceChanged'>['absence'];
type Offered = EventData<'switchboard.routing.v1.WorkOffered'>;

export function agentSnapshot({ id, version, definition, status }: Agent, desk: Desk): AgentSnapshot {
  return { id, version, ...definition, status, idleSince: desk.idleSince, load: loadOf(desk) };
}

export function teamSnapshot({
  id,
  version,
  definition,
}: Pick<TeamState, 'id' | 'version' | 'definition'>): TeamSnapshot {
  const { name, managers, calendarId } = definition;
  return { id, version, name, managers: [...managers], calendarId };
}

export function absenceSnapshot({ name, version, agentId, definition, startsAt, endsAt }: Absence): AbsenceSnapshot {
  const { kind, timeZone, substitute, note } = definition;
  return { id: name, version, agentId, kind, startsAt, endsAt, timeZone, substitute, note };
}

export function itemSnapshot(item: WorkItem, work: CaseWork): Offered['item'] {
  const { id, version, caseId, queueId, status, agentId, channel, priority, enqueuedAt } = item;
  return {
    id,
    version,
    caseId,
    queueId,
    status,
    agentId,
    channel,
    priority,
    enqueuedAt,
    contactPoint: work.contactPoint,
    customerId: work.customer?.facts.id,
  };
}

export function reservationSnapshot(reservation: Reservation): Offered['reservation'] {
  const { id, version, workItemId, caseId, agentId, status, createdAt, expiresAt } = reservation;
  return { id, version, workItemId, caseId, agentId, status, createdAt, expiresAt };
}
