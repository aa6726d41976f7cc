/** What sla says about when answers are due, and its calendars, by which agents may work. Other promises are not kept by who takes the work sooner. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Command, Reactions } from '@switchboard/hallway';
import type { RoutingCommands } from '../../domain/commands.ts';

type Clock = ReceivedData<'switchboard.sla.v1.ClockStarted'>['clock'];

const answers = new Set(['firstResponse', 'nextResponse']);

function promised({ id, version, caseId, target, startedAt, dueAt }: Clock): Command<RoutingCommands> | undefined {
  if (!answers.has(target) || dueAt === undefined) return undefined;
  return { type: 'follow-promise', data: { caseId, promise: { clockId: id, version, startedAt, dueAt } } };
}

export const slaReactions: Reactions<RoutingCommands> = {
  'switchboard.sla.v1.ClockStarted': ({ data }) => promised(data.clock),
  'switchboard.sla.v1.ClockResumed': ({ data }) => promised(data.clock),
  'switchboard.sla.v1.ClockRescheduled': ({ data }) => promised(data.clock),
  'switchboard.sla.v1.ClockRepaired': ({ data }) => promised(data.clock),
  'switchboard.sla.v1.CalendarChanged': ({ data: { id, version, definition, removed } }) => ({
    type: 'adopt-calendar',
    data: { id, toldVersion: version, source: removed ? undefined : definition },
  }),
};
