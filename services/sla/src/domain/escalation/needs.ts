/** What has to be looked up before somebody can be told: the case, its clock, the ladders, and everybody they may reach. */
import type { Need, World } from '@switchboard/hallway';
import { always } from '@switchboard/calendar';
import { calendarOf } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { SlaKinds } from '../state.ts';
import { keptFacts } from './ladder.ts';
import { MOST_SUBSTITUTES } from './resolve.ts';
import type { Holder, People } from './resolve.ts';
import { escalationId } from './state.ts';
import type { LadderLevel } from './state.ts';

export type EscalationWorld = World<SlaKinds>;
type Read = Need<SlaKinds>;

const read = (kind: 'clock' | 'caseClocks' | 'ladder' | 'team' | 'staff', id: string): Read => ({
  kind,
  id,
  mode: 'read',
});

/** An escalation of each ladder, locked, and what deciding about it takes. */
export function escalationNeeds(
  {
    clockId,
    caseId,
    ladderIds,
  }: { readonly clockId: string; readonly caseId: string; readonly ladderIds: readonly string[] },
  world: EscalationWorld,
): Read[] {
  const levels = ladderIds.flatMap((id) => world.get('ladder', id)?.definition.levels ?? []);
  return [
    ...ladderIds.map((id) => read('ladder', id)),
    ...peopleNeeds(levels, world.get('caseClocks', caseId), world),
    read('caseClocks', caseId),
    read('clock', clockId),
    ...ladderIds.map((id): Read => ({ kind: 'escalation', id: escalationId(clockId, id) })),
  ];
}

/** Managers, their substitutes, the substitutes' substitutes …, and everybody's team for its working hours. */
function peopleNeeds(levels: readonly LadderLevel[], state: CaseClocks | undefined, world: EscalationWorld): Read[] {
  const holder = holderOf(state);
  const teams = new Set<string>();
  const people = new Set<string>();
  for (const { notify } of levels) {
    if ('agents' in notify) for (const id of notify.agents) people.add(id);
    else if ('assignee' in notify) addIf(people, holder.assignee);
    else addIf(teams, 'managersOf' in notify ? notify.managersOf : holder.team);
  }
  for (const id of teams) for (const { agentId } of world.get('team', id)?.team?.managers ?? []) people.add(agentId);
  let latest: readonly string[] = [...people];
  for (let depth = 0; depth < MOST_SUBSTITUTES; depth += 1) {
    latest = latest.flatMap((id) => substitutesOf(id, world)).filter((id) => !people.has(id));
    for (const id of latest) people.add(id);
  }
  for (const id of people) addIf(teams, world.get('staff', id)?.agent?.team);
  return [...[...teams].map((id) => read('team', id)), ...[...people].map((id) => read('staff', id))];
}

function addIf(set: Set<string>, id: string | undefined): void {
  if (id !== undefined) set.add(id);
}

/** Of all absences: which of them is now is known when it is decided. */
function substitutesOf(id: string, world: EscalationWorld): string[] {
  return (world.get('staff', id)?.absences ?? []).flatMap(({ span }) => span?.substitute ?? []);
}

/** Who has the case, and what chooses among managers. */
export function holderOf(state: CaseClocks | undefined): Holder {
  const { case: matter = {}, contact = {} } = keptFacts(state);
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const region = (facts: Readonly<Record<string, unknown>>): string | undefined =>
    text((facts['attributes'] as Readonly<Record<string, unknown>> | undefined)?.['region']);
  return {
    team: state?.team,
    assignee: state?.extras?.assignee?.agentId,
    product: text(matter['product']) ?? text(contact['product']),
    region: region(matter) ?? region(contact),
  };
}

export function peopleIn(world: EscalationWorld, configuration: Configuration): People {
  return {
    staff: (id) => world.get('staff', id),
    team: (id) => world.get('team', id),
    calendar: (id) => (id === '' ? always : calendarOf(configuration, id)),
  };
}
