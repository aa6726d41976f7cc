/** What other services say about our cases. */
import type { EventType, ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { IntakeCommands } from '../../domain/commands.ts';

type ClockEvent = ReceivedEvent<Extract<EventType, `switchboard.sla.v1.Clock${string}`>>;

function notePromise({ data: { clock } }: ClockEvent) {
  const { id, version, caseId, target, startedAt, status, dueAt, metAt } = clock;
  const promise = { clockId: id, clockVersion: version, target, startedAt, status, dueAt, metAt };
  return { type: 'note-promise' as const, data: { caseId, promise } };
}

export const factReactions: Reactions<IntakeCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data }) => ({
    type: 'note-customer',
    data: { caseId: data.caseId, customerId: data.customer.id },
  }),
  'switchboard.routing.v1.WorkAccepted': ({ data }) => ({
    type: 'note-agent',
    data: { caseId: data.reservation.caseId, agentId: data.reservation.agentId },
  }),
  'switchboard.sla.v1.ClockStarted': notePromise,
  'switchboard.sla.v1.ClockPaused': notePromise,
  'switchboard.sla.v1.ClockResumed': notePromise,
  'switchboard.sla.v1.ClockRescheduled': notePromise,
  'switchboard.sla.v1.ClockBreached': notePromise,
  'switchboard.sla.v1.ClockMet': notePromise,
  'switchboard.sla.v1.ClockCanceled': notePromise,
  'switchboard.sla.v1.ClockRepaired': notePromise,
};
