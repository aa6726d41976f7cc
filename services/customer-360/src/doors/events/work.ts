/** What routing and sla say, for the timeline. */
import type { ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { Customer360Commands, Moment } from '../../domain/commands.ts';

type WorkEvent = ReceivedEvent<'switchboard.routing.v1.WorkAccepted' | 'switchboard.routing.v1.WorkCompleted'>;
type ClockEvent = ReceivedEvent<'switchboard.sla.v1.ClockWarned' | 'switchboard.sla.v1.ClockBreached'>;

const ofCase = (caseId: string, moment: Omit<Moment, 'caseId'>) => ({
  type: 'tell-of-case' as const,
  data: { caseId, moment: { ...moment, caseId } },
});

function ofWork({ id, time, data: { item, reservation } }: WorkEvent, kind: string, done: string) {
  const { agentId } = reservation;
  const data = { agentId, workItemId: item.id, queueId: item.queueId };
  return ofCase(item.caseId, {
    id,
    at: time,
    kind,
    channel: item.channel,
    summary: `${done} by agent ${agentId}`,
    data,
  });
}

/** firstResponse -> "first response". */
const words = (target: string): string => target.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);

function ofClock({ id, time, data: { clock } }: ClockEvent, kind: string, verdict: string) {
  const { target, dueAt, policyId } = clock;
  const data = { clockId: clock.id, target, dueAt, policyId };
  return ofCase(clock.caseId, { id, at: time, kind, summary: `Promise of ${words(target)} ${verdict}`, data });
}

export const workReactions = {
  'switchboard.routing.v1.WorkAccepted': (event) => ofWork(event, 'work-accepted', 'Taken'),
  'switchboard.routing.v1.WorkCompleted': (event) => ofWork(event, 'work-completed', 'Completed'),
  'switchboard.sla.v1.ClockWarned': (event) => ofClock(event, 'promise-at-risk', 'is at risk'),
  'switchboard.sla.v1.ClockBreached': (event) => ofClock(event, 'promise-breached', 'was broken'),
} as const satisfies Reactions<Customer360Commands>;
