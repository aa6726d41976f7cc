/** Aggregates as the events carry them. */
import type { EventData } from '@switchboard/contracts';
import { loadOf } from './people/state.ts';
import type { Absence, Agent, Desk, TeamState } from './people/state.ts';
import type { CaseWork, Reservation, WorkItem } from './work/state.ts';

type AgentSnapshot = EventData<'switchboard.routing.v1.AgentChanged'>['agent'];
type TeamSnapshot = EventData<'switchboard.routing.v1.TeamChanged'>['team'];
type AbsenceSnapshot = EventData<'switchboard.routing.v1.AgentAbsenceChanged'>['absence'];
type Offered = EventData<'switchboard.routing.v1.WorkOffered'>;

export function agentSnapshot(agent: Agent, desk: Desk): AgentSnapshot {
  const { id, version, status, statusReason, heartbeat } = agent;
  const { interrupts = {}, ...definition } = agent.definition;
  return {
    id,
    version,
    ...definition,
    interrupts: Object.fromEntries(
      Object.entries(interrupts).map(([by, channels]) => [by, { channels: [...channels] }]),
    ),
    status,
    statusReason,
    heartbeat,
    absences: (agent.absences ?? []).map(({ restores: _, ...span }) => span),
    idleSince: desk.idleSince,
    load: loadOf(desk),
  };
}

export function teamSnapshot({
  id,
  version,
  definition,
}: Pick<TeamState, 'id' | 'version' | 'definition'>): TeamSnapshot {
  const { managers, ...rest } = definition;
  return { id, version, ...rest, managers: [...managers] };
}

export function absenceSnapshot({ name, version, agentId, definition, startsAt, endsAt }: Absence): AbsenceSnapshot {
  const { kind, timeZone, substitute, note, work, substituteFirst, rule, except = [] } = definition;
  const terms = { kind, timeZone, substitute, note, work, substituteFirst, rule, except: [...except] };
  return { id: name, version, agentId, startsAt, endsAt, ...terms };
}

export function itemSnapshot(item: WorkItem, work: CaseWork): Offered['item'] {
  const { id, version, caseId, queueId, status, agentId, channel, priority, enqueuedAt, preferred } = item;
  const { kind, planStep, callbackId, terms } = item;
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
    preferred: preferred && { agentId: preferred.agentId, until: preferred.until },
    contactPoint: work.contactPoint,
    customerId: work.customer?.facts.id,
    kind,
    planStep,
    callbackId,
    offerFrom: terms?.offerFrom,
  };
}

export function reservationSnapshot(reservation: Reservation): Offered['reservation'] {
  const { id, version, workItemId, caseId, agentId, status, createdAt, expiresAt, activity, workKind } = reservation;
  const { offeredTo, reason, note } = reservation;
  return {
    ...{ id, version, workItemId, caseId, agentId, status, createdAt, expiresAt, activity, workKind },
    ...{ offeredTo, reason, note },
  };
}
