/** Absences act: they begin, end and come again, and what they moved comes back. Asked by a timer, by day or by night. */
import { isDeepStrictEqual } from 'node:util';
import { parseDuration } from '@switchboard/calendar';
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Change, Context, Handlers, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { nextSpan, spanOf } from './absence-times.ts';
import type { RoutingCommands } from '../commands.ts';
import type { AbsenceSpan, Acting, Preferred } from './rules.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { needsOfHold, needsOfHolders, offerOfHold, offersOf, releaseAll } from '../work/release.ts';
import { absenceSnapshot, agentSnapshot } from '../snapshots.ts';
import { absenceKey } from './state.ts';
import type { Absence, Agent, Desk } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { chainOf, standInFor } from './substitutes.ts';
import type { WorkItem } from '../work/state.ts';
import { announce, isUnfinished } from '../work/work-steps.ts';

type Commands = Pick<RoutingCommands, 'turn-absence'>;
type At = Context<RoutingConfiguration>;
type RoutingWorld = World<RoutingKinds>;

/** When an absence begins, ends, or may give back: its id is the absence's. */
export const absenceTimer = 'absence';

/** How long moved work waits for the substitute, and for who is back, unless the absence says otherwise. */
const FIRST_MS = 5 * 60_000;

export interface Scene {
  readonly agent: Agent;
  readonly desk: Desk;
  readonly absence: Absence;
  readonly world: RoutingWorld;
  readonly context: At;
}

interface Parts {
  readonly changes: readonly Change<RoutingKinds>[];
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
}

export const absenceTurnHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'turn-absence': {
    needs: ({ data }, world) => needsOfTurn(data, world),
    decide: ({ data }, world, context): Answer<RoutingKinds> => {
      const agent = world.get('agent', data.agentId);
      const desk = world.get('desk', data.agentId);
      const absence = world.get('absence', absenceKey(data.agentId, data.name));
      if (agent === undefined || desk === undefined || absence === undefined) return nothing;
      return turn({ agent, desk, absence, world, context });
    },
  },
};

/** Everything is looked at first, then locked together, in the order of kinds. */
export function needsOfTurn(
  { agentId, name }: RoutingCommands['turn-absence'],
  world: RoutingWorld,
): Need<RoutingKinds>[] {
  const id = absenceKey(agentId, name);
  const absence = world.get('absence', id);
  const desk = world.get('desk', agentId);
  const own: Need<RoutingKinds>[] = [
    { kind: 'agent', id: agentId, mode: 'read' },
    { kind: 'absence', id, mode: 'read' },
    { kind: 'desk', id: agentId, mode: 'read' },
  ];
  if (absence === undefined || desk === undefined) return own;
  const moved = absence.acting?.moved ?? [];
  const items = moved.flatMap((itemId) => world.get('workItem', itemId) ?? []);
  if (items.length < moved.length)
    return [...own, ...moved.map((itemId): Need<RoutingKinds> => ({ kind: 'workItem', id: itemId, mode: 'read' }))];
  return [
    ...own.map(({ kind, id: ownId }) => ({ kind, id: ownId })),
    ...chainOf(agentId, (one) => world.get('agent', one)).map((one): Need<RoutingKinds> => ({
      kind: 'agent',
      id: one,
      mode: 'read',
    })),
    ...desk.holds.flatMap(needsOfHold),
    ...items.flatMap((item): Need<RoutingKinds>[] => [
      { kind: 'caseWork', id: item.caseId },
      { kind: 'workItem', id: item.id },
      ...needsOfHolders(item),
    ]),
  ];
}

function turn(scene: Scene): Answer<RoutingKinds> {
  const { absence, agent, context } = scene;
  const now = context.now.getTime();
  const [start, end] = [Date.parse(absence.startsAt), Date.parse(absence.endsAt)];
  const { acting } = absence;
  const isInside = start <= now && now < end;
  if (acting !== undefined && acting.isOver !== true)
    return isInside ? { timers: [at(absence, absence.endsAt)] } : finish(scene, acting);
  if (isInside) return begin(scene);
  const until = keptUntil(agent, absence, context.now);
  if (acting !== undefined && agent.status === 'available')
    return until === undefined
      ? withParts(scene, (end <= now ? following(absence, context.now) : undefined) ?? {}, giveBack(scene, acting))
      : { timers: [at(absence, sooner(absence, until, context.now))] };
  if (now < start) return { timers: [at(absence, absence.startsAt)] };
  // It passed while nobody looked. What was moved before still waits for the agent.
  const span = following(absence, context.now);
  return span === undefined ? nothing : withParts(scene, { ...span, acting }, none);
}

/** The unanswered offers go back, and by the absence's policy what is accepted: first of all to the substitute. */
function begin(scene: Scene): Answer<RoutingKinds> {
  const { agent, desk, absence, world, context } = scene;
  const offers = desk.holds.map((hold) => offerOfHold(desk, hold, world));
  const open = offers.filter(({ reservation }) => reservation.status === 'pending');
  const accepted = offers.filter(({ reservation }) => reservation.status === 'accepted');
  const held = absence.definition.work === 'move' ? accepted : [];
  const spans = withSpan(agent, absence, context.now);
  const lookUp = (id: string) => (id === agent.id ? { absences: spans } : world.get('agent', id));
  const substitute = standInFor(agent.id, lookUp, context.now.getTime());
  const preferred = substitute === undefined ? undefined : first(substitute, scene);
  const released = releaseAll(
    [...open, ...held],
    { ending: { as: 'canceled', reason: 'agent-absent' }, preferred },
    context,
  );
  const moved = [...new Set([...(absence.acting?.moved ?? []), ...held.map(({ item }) => item.id)])];
  return withParts(
    scene,
    { acting: { since: context.now.toISOString(), moved } },
    { ...released, desks: released.desks },
  );
}

/** The time is over. What was moved waits for the agent, if they are not there yet. */
function finish(scene: Scene, acting: Acting): Answer<RoutingKinds> {
  const { agent, absence, context } = scene;
  const again = following(absence, context.now);
  // The next time has begun while nobody looked: who has the work keeps it.
  if (again !== undefined && Date.parse(again.startsAt) <= context.now.getTime())
    return begin({ ...scene, absence: { ...absence, ...again } });
  const span = again ?? {};
  if (acting.moved.length === 0) return withParts(scene, span, none);
  const until = keptUntil(agent, absence, context.now);
  if (agent.status === 'available' && until === undefined) return withParts(scene, span, giveBack(scene, acting));
  return withParts(scene, { ...span, acting: { ...acting, isOver: true } }, none, until);
}

/** The end of what else keeps the agent away at this moment; `undefined`: nothing does. */
export function keptUntil({ absences = [] }: Agent, { name }: Absence, now: Date): string | undefined {
  const ends = absences.flatMap(({ absenceId, startsAt, endsAt }) =>
    absenceId !== name && Date.parse(startsAt) <= now.getTime() && now.getTime() < Date.parse(endsAt) ? [endsAt] : [],
  );
  return ends.sort().at(-1);
}

/** An absence has one timer: it may come again before another one is over. */
const sooner = ({ startsAt }: Absence, until: string, now: Date): string =>
  now.getTime() < Date.parse(startsAt) && startsAt < until ? startsAt : until;

const first = (agentId: string, { absence, context }: Scene): Preferred => {
  const ms = parseDuration(absence.definition.substituteFirst ?? '') ?? FIRST_MS;
  return { agentId, until: new Date(context.now.getTime() + ms).toISOString() };
};

type Released = Parts & { readonly desks: ReadonlyMap<string, Desk> };
const none: Released = { changes: [], events: [], timers: [], desks: new Map() };

/** What waits, is offered to others or was accepted by them comes to the agent first; what is done stays done. */
export function giveBack(scene: Scene, { moved }: Acting): Released {
  const { agent, world, context } = scene;
  const preferred: Preferred = { ...first(agent.id, scene), isBack: true };
  const items = moved
    .flatMap((id) => world.get('workItem', id) ?? [])
    .filter((item) => isUnfinished(item) && !isSomebodysAgain(item, scene));
  const offers = items.flatMap((item) => {
    const work = world.get('caseWork', item.caseId);
    if (work === undefined) return [];
    return offersOf(item, work, world).filter(
      ({ desk, reservation: { status } }) => desk.id !== agent.id && (status === 'pending' || status === 'accepted'),
    );
  });
  const released = releaseAll(offers, { ending: { as: 'canceled', reason: 'agent-back' }, preferred }, context);
  const waiting = items.flatMap((item) => {
    const work = world.get('caseWork', item.caseId);
    if (item.status !== 'pending' || work === undefined) return [];
    const { configuration } = context;
    const queue = queueOf(configuration, item.queueId) ?? configuration.fallback;
    return [announce({ ...item, preferred }, work, queue, { now: context.now, reason: 'chosen-again' })];
  });
  return {
    desks: released.desks,
    changes: [...released.changes, ...waiting.map(({ item }) => ({ kind: 'workItem', state: item }) as const)],
    events: [...released.events, ...waiting.flatMap(({ events }) => events)],
    timers: released.timers,
  };
}

/** Who had it before the agent stood in for them is back already: it stays with them. */
function isSomebodysAgain({ preferred }: WorkItem, { agent, world }: Scene): boolean {
  if (preferred?.isBack !== true || preferred.agentId === agent.id) return false;
  return !chainOf(agent.id, (one) => world.get('agent', one)).includes(preferred.agentId);
}

/** The next time, where there is one. */
function following({ definition }: Absence, now: Date): Pick<Absence, 'startsAt' | 'endsAt'> | undefined {
  const span = spanOf(definition);
  return 'faults' in span || definition.rule === undefined ? undefined : nextSpan(definition, span, now);
}

type Turned = Partial<Pick<Absence, 'startsAt' | 'endsAt' | 'acting'>>;

/**
 * The absence goes on, the agent's own list follows, and what was released is saved with them. `until`: what it moved
 * goes back no sooner.
 */
function withParts(
  { agent, desk, absence, context }: Scene,
  turned: Turned,
  parts: Released,
  until?: string,
): Answer<RoutingKinds> {
  const updatedAt = context.now.toISOString();
  const state = next(absence, { acting: undefined, ...turned, updatedAt });
  const own = followAbsences(agent, parts.desks.get(agent.id) ?? desk, withSpan(agent, state, context.now));
  return {
    changes: [
      ...parts.changes,
      ...own.changes,
      { kind: 'absence', state },
      ...[...parts.desks.values()].map((each) => ({ kind: 'desk', state: each }) as const),
    ],
    events: [...parts.events, ...own.events, absenceChanged(state)],
    timers: [
      ...parts.timers,
      ...(until === undefined ? timersOf(state, context.now) : [at(state, sooner(state, until, context.now))]),
    ],
  };
}

export function absenceChanged(absence: Absence): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentAbsenceChanged',
    subject: absence.id,
    sequence: absence.version,
    data: { absence: absenceSnapshot(absence) },
  };
}

/** What an absence waits for next. */
export function timersOf(absence: Absence, now: Date): TimerChange[] {
  const { acting, startsAt, endsAt } = absence;
  if (acting !== undefined && acting.isOver !== true) return [at(absence, endsAt)];
  return Date.parse(endsAt) > now.getTime() ? [at(absence, startsAt)] : [];
}

const at = ({ id, agentId, name }: Absence, due: string): TimerChange => ({
  set: { kind: absenceTimer, id, due: new Date(due), data: { agentId, name } },
});

/** An agent's list with this absence as it is now; what is over has left it, but for what is still to be given back. */
export function withSpan(agent: Agent, absence: Absence, now: Date): readonly AbsenceSpan[] {
  const { name: absenceId, startsAt, endsAt, definition, acting } = absence;
  const { substitute } = definition;
  const restores = acting?.isOver === true;
  const span: AbsenceSpan = {
    ...{ absenceId, startsAt, endsAt },
    ...(substitute === undefined ? {} : { substitute }),
    ...(restores ? { restores } : {}),
  };
  return [...withoutSpan(agent, absenceId, now), ...(isCurrent(span, now) ? [span] : [])];
}

export const withoutSpan = ({ absences = [] }: Agent, absenceId: string, now: Date): readonly AbsenceSpan[] =>
  absences.filter((span) => span.absenceId !== absenceId && isCurrent(span, now));

const isCurrent = ({ endsAt, restores }: AbsenceSpan, now: Date): boolean =>
  restores === true || Date.parse(endsAt) > now.getTime();

/** The agent with that list, told where it is another one. */
export function followAbsences(
  agent: Agent,
  desk: Desk,
  absences: readonly AbsenceSpan[],
): Pick<Parts, 'changes' | 'events'> {
  if (isDeepStrictEqual(agent.absences ?? [], absences)) return { changes: [], events: [] };
  const state = next(agent, { absences: absences.length === 0 ? undefined : absences });
  const event: OutgoingEvent = {
    type: 'switchboard.routing.v1.AgentChanged',
    subject: agent.id,
    sequence: state.version,
    data: { agent: agentSnapshot(state, desk) },
  };
  return { changes: [{ kind: 'agent', state }], events: [event] };
}
