/** What routing says about work: who talks to the customer, and which team has it; and about people. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const routingReactions: Reactions<SlaCommands> = {
  'switchboard.routing.v1.AgentPresenceChanged': ({ data }) => seat(data.agent),
  'switchboard.routing.v1.WorkQueued': ({ data, time }) =>
    follow(data.item, { team: data.team ?? '', at: time, queued: true }),
  'switchboard.routing.v1.WorkAccepted': ({ data: { item, team }, time }) =>
    isOfCase(item) ? accept({ ...item, team, at: time }) : undefined,
  'switchboard.routing.v1.WorkCompleted': ({ data, time }) => follow(data.item, { team: '', at: time }),
  'switchboard.routing.v1.WorkCanceled': ({ data, time }) => follow(data.item, { team: '', at: time }),
  // Whoever takes a callback has not talked to anybody yet.
  'switchboard.routing.v1.CallbackChanged': ({ data: { callback, attempt }, time }) =>
    attempt?.outcome === 'reached' ? accept({ ...callback, agentId: attempt.agentId, at: time }) : undefined,
  'switchboard.routing.v1.AgentChanged': ({ data, time }) => ({
    type: 'learn-agent',
    data: { agent: data.agent, at: time },
  }),
  'switchboard.routing.v1.AgentRemoved': ({ data, time }) => ({
    type: 'forget-agent',
    data: { agentId: data.agentId, at: time },
  }),
  'switchboard.routing.v1.TeamChanged': ({ data, time }) => ({
    type: 'learn-team',
    data: { team: data.team, at: time },
  }),
  'switchboard.routing.v1.TeamRemoved': ({ data, time }) => ({
    type: 'forget-team',
    data: { teamId: data.teamId, at: time },
  }),
  'switchboard.routing.v1.AgentAbsenceChanged': ({ data, time }) => ({
    type: 'learn-absence',
    data: { absence: data.absence, at: time },
  }),
  'switchboard.routing.v1.AgentAbsenceRemoved': ({ data, time }) => ({
    type: 'forget-absence',
    data: { agentId: data.agentId, absenceId: data.absenceId, at: time },
  }),
};

type Item = ReceivedData<'switchboard.routing.v1.WorkQueued'>['item'];

/** Who does a step of a plan, or calls back, does not hold the case. */
const isOfCase = ({ planStep, callbackId }: Pick<Item, 'planStep' | 'callbackId'>): boolean =>
  planStep === undefined && callbackId === undefined;

const follow = (item: Item, holder: Omit<SlaCommands['follow-work'], 'caseId'>) =>
  isOfCase(item) ? ({ type: 'follow-work', data: { caseId: item.caseId, ...holder } } as const) : undefined;

const accept = ({ caseId, channel, team, agentId, at }: SlaCommands['accept-work']) =>
  ({ type: 'accept-work', data: { caseId, channel, team, agentId, at } }) as const;

/** Who is there, and in which team. */
function seat({ id, version, team, status }: ReceivedData<'switchboard.routing.v1.AgentChanged'>['agent']) {
  return {
    type: 'seat-agent',
    data: { agentId: id, version, team, available: status === 'available' },
  } as const;
}
