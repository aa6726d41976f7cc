/** What routing says about work: who talks to the customer, and which team has it; and about people. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const routingReactions: Reactions<SlaCommands> = {
  'switchboard.routing.v1.AgentPresenceChanged': ({ data }) => seat(data.agent),
  'switchboard.routing.v1.WorkQueued': ({ data, time }) => ({
    type: 'follow-work',
    data: { caseId: data.item.caseId, team: data.team ?? '', at: time, queued: true },
  }),
  'switchboard.routing.v1.WorkAccepted': ({ data, time }) => ({
    type: 'accept-work',
    data: {
      caseId: data.item.caseId,
      channel: data.item.channel,
      team: data.team,
      agentId: data.item.agentId,
      at: time,
    },
  }),
  'switchboard.routing.v1.WorkCompleted': ({ data, time }) => ({
    type: 'follow-work',
    data: { caseId: data.item.caseId, team: '', at: time },
  }),
  'switchboard.routing.v1.WorkCanceled': ({ data, time }) => ({
    type: 'follow-work',
    data: { caseId: data.item.caseId, team: '', at: time },
  }),
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

/** Who is there, and in which team. */
function seat({ id, version, team, status }: ReceivedData<'switchboard.routing.v1.AgentChanged'>['agent']) {
  return {
    type: 'seat-agent',
    data: { agentId: id, version, team, available: status === 'available' },
  } as const;
}
