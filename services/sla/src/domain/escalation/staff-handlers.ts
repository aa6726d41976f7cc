/** Agents, teams and absences as routing tells them. Older news, repeated late, changes nothing. */
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Handlers, World } from '@switchboard/hallway';
import type { Configuration } from '../configuration.ts';
import { seatAgent, unseatAgent } from '../risk/handlers.ts';
import type { SlaKinds } from '../state.ts';
import type { EscalationCommands } from './commands.ts';
import type { AbsenceNews, StaffState, TeamState } from './state.ts';

type Told = 'learn-agent' | 'forget-agent' | 'learn-team' | 'forget-team' | 'learn-absence' | 'forget-absence';
type StaffWorld = World<SlaKinds>;

/** Absences over for longer are forgotten, and so is that they were removed. */
const KEPT_MS = 30 * 86_400_000;

export const staffHandlers: Handlers<SlaKinds, Configuration, Pick<EscalationCommands, Told>> = {
  'learn-agent': {
    needs: ({ data, ...rest }, world) => [
      { kind: 'staff', id: data.agent.id },
      ...seatAgent.needs({ ...rest, type: 'seat-agent', data: seatOf(data.agent) }, world),
    ],
    decide: ({ data: { agent, at }, ...rest }, world, context) => {
      const { id, name, team, calendarId } = agent;
      const seated = seatAgent.decide({ ...rest, type: 'seat-agent', data: seatOf(agent) }, world, context);
      return bothOf(aboutAgent(world, id, at, { name, team, calendarId }), seated);
    },
  },
  'forget-agent': {
    needs: (message, world) => [{ kind: 'staff', id: message.data.agentId }, ...unseatAgent.needs(message, world)],
    decide: (message, world, context) => {
      const { agentId, at } = message.data;
      return bothOf(aboutAgent(world, agentId, at, undefined), unseatAgent.decide(message, world, context));
    },
  },
  'learn-team': {
    needs: ({ data }) => [{ kind: 'team', id: data.team.id }],
    decide: ({ data: { team, at } }, world) => {
      const managers = team.managers.map(({ agentId, products, regions }) => ({ agentId, products, regions }));
      return aboutTeam(world, team.id, at, { name: team.name, managers, calendarId: team.calendarId });
    },
  },
  'forget-team': {
    needs: ({ data }) => [{ kind: 'team', id: data.teamId }],
    decide: ({ data: { teamId, at } }, world) => aboutTeam(world, teamId, at, undefined),
  },
  'learn-absence': {
    needs: ({ data }) => [{ kind: 'staff', id: data.absence.agentId }],
    decide: ({ data: { absence, at } }, world, { now }) => {
      const { id, agentId, kind, startsAt, endsAt, substitute } = absence;
      const span = { kind, startsAt: iso(startsAt), endsAt: iso(endsAt), substitute };
      return aboutAbsence(world, agentId, { id, toldAt: at, span }, now);
    },
  },
  'forget-absence': {
    needs: ({ data }) => [{ kind: 'staff', id: data.agentId }],
    decide: ({ data: { agentId, absenceId, at } }, world, { now }) =>
      aboutAbsence(world, agentId, { id: absenceId, toldAt: at }, now),
  },
};

/** The same news says who can be told, and who is there to do the work. */
function bothOf(told: Answer<SlaKinds>, seated: Answer<SlaKinds>): Answer<SlaKinds> {
  if (!('changes' in told)) return seated;
  return 'changes' in seated ? { changes: [...(told.changes ?? []), ...(seated.changes ?? [])] } : told;
}

function seatOf({ id, version, team, status }: EscalationCommands['learn-agent']['agent']) {
  return { agentId: id, version, team, available: status === 'available' };
}

/** Instants come with any number of digits; here they are compared as text. */
const iso = (instant: string): string => new Date(instant).toISOString();

const isOlder = (toldAt: string, known: { readonly toldAt?: string }): boolean =>
  known.toldAt !== undefined && toldAt < known.toldAt;
const nobody = (id: string): StaffState => ({ id, version: 0, absences: [] });

function aboutAgent(world: StaffWorld, id: string, toldAt: string, agent: StaffState['agent']): Answer<SlaKinds> {
  const known = world.get('staff', id) ?? nobody(id);
  if (isOlder(toldAt, known)) return nothing;
  return { changes: [{ kind: 'staff', state: next(known, { toldAt, agent }) }] };
}

function aboutTeam(world: StaffWorld, id: string, toldAt: string, team: TeamState['team']): Answer<SlaKinds> {
  const known = world.get('team', id) ?? { id, version: 0 };
  if (isOlder(toldAt, known)) return nothing;
  return { changes: [{ kind: 'team', state: next<TeamState>(known, { toldAt, team }) }] };
}

function aboutAbsence(world: StaffWorld, agentId: string, news: AbsenceNews, now: Date): Answer<SlaKinds> {
  const known = world.get('staff', agentId) ?? nobody(agentId);
  const before = known.absences.find(({ id }) => id === news.id);
  if (before !== undefined && news.toldAt < before.toldAt) return nothing;
  const old = new Date(now.getTime() - KEPT_MS).toISOString();
  const others = known.absences.filter(({ id, toldAt, span }) => id !== news.id && (span?.endsAt ?? toldAt) > old);
  return { changes: [{ kind: 'staff', state: next(known, { absences: [...others, news] }) }] };
}
