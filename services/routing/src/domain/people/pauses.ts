/** Accepted work that is set aside gives its place and its units back, and wakes only where there is room again. */
import { parseDuration } from '@switchboard/calendar';
import { next, nothing, reject } from '@switchboard/hallway';
import type { Answer, Context, Handler, Handlers, Message, Need, TimerChange, World } from '@switchboard/hallway';
import { fitsAwake } from './capacity.ts';
import type { Work } from './capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import type { Activity } from './rules.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { Agent, AgentDefinition, Hold } from './state.ts';
import type { CaseWork, Reservation, WorkItem } from '../work/state.ts';
import type { RoutingKinds } from '../state.ts';
import type { Offer } from '../work/work-steps.ts';

type Pausing = `${'pause' | 'resume' | 'idle' | 'touch' | 'wake'}-reservation`;
type Commands = Pick<RoutingCommands, Pausing>;
type At = Context<RoutingConfiguration>;
type Scene = Offer & { readonly agent: Agent; readonly hold: Hold };

/** Nothing was heard of the customer for too long. */
export const idleTimer = 'work-idle';
/** Something was heard: due at once, since the case's own decision does not hold what the agent holds. */
export const touchTimer = 'work-touched';

/** What an item counts as beside its channel. */
export const kindOf = (item: Pick<WorkItem, 'kind'>, work: Pick<CaseWork, 'case'>): string | undefined =>
  item.kind ?? work.case.reason;

/** How long the customer may be silent until the work is paused, ms. */
export function idleMsOf({ idleAfter = {} }: AgentDefinition, { channel, kind }: Work): number | undefined {
  for (const name of [kind, channel, 'default'])
    if (name !== undefined && Object.hasOwn(idleAfter, name)) return parseDuration(idleAfter[name] ?? '');
  return undefined;
}

const SECOND_MS = 1000;
const MOST_IDLE_MS = 7 * 86_400_000;

/** Silence that could not be waited for, each with its field. */
export function idleFaults({ idleAfter = {} }: Pick<AgentDefinition, 'idleAfter'>) {
  return Object.entries(idleAfter).flatMap(([name, text]) => {
    const ms = parseDuration(text) ?? 0;
    const isFit = ms >= SECOND_MS && ms <= MOST_IDLE_MS;
    return isFit ? [] : [{ field: `idleAfter.${name}`, reason: 'must be from one second to seven days' }];
  });
}

/** The wait for silence begins anew. */
export function idleFrom({ id, idleMs }: Pick<Reservation, 'id' | 'idleMs'>, now: Date): TimerChange[] {
  if (idleMs === undefined) return [];
  return [{ set: { kind: idleTimer, id, due: new Date(now.getTime() + idleMs) } }];
}

function needs(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const reservation = world.get('reservation', id);
  if (reservation === undefined) return [{ kind: 'reservation', id, mode: 'read' }];
  return [
    { kind: 'caseWork', id: reservation.caseId, mode: 'read' },
    { kind: 'agent', id: reservation.agentId, mode: 'read' },
    { kind: 'desk', id: reservation.agentId },
    { kind: 'workItem', id: reservation.workItemId },
    { kind: 'reservation', id },
  ];
}

/** Accepted work that an agent holds; `undefined`: it is none, or no more. */
function sceneOf(id: string, world: World<RoutingKinds>): Scene | undefined {
  const reservation = world.get('reservation', id);
  if (reservation?.status !== 'accepted') return undefined;
  const desk = world.get('desk', reservation.agentId);
  const agent = world.get('agent', reservation.agentId);
  const work = world.get('caseWork', reservation.caseId);
  const item = world.get('workItem', reservation.workItemId);
  const hold = desk?.holds.find(({ reservationId }) => reservationId === id);
  if (!desk || !agent || !work || !item || !hold) return undefined;
  return { reservation, desk, agent, work, item, hold };
}

/** An agent's own action. */
function action<T extends Pausing>(
  act: (scene: Scene, context: At) => Answer<RoutingKinds>,
): Handler<RoutingKinds, RoutingConfiguration, Message<T, Commands['pause-reservation']>> {
  return {
    needs: ({ data }, world) => needs(data.reservationId, world),
    decide: ({ data }, world, context) => {
      const reservation = world.get('reservation', data.reservationId);
      if (reservation === undefined)
        return reject('not-found', 'unknown-id', `There is no reservation ${data.reservationId}`);
      if (data.onlyAgent !== undefined && data.onlyAgent !== reservation.agentId)
        return reject('forbidden', 'forbidden', 'The reservation is for another agent');
      const scene = sceneOf(reservation.id, world);
      if (scene !== undefined) return act(scene, context);
      const { status } = reservation;
      return reject(
        'conflict',
        'reservation-not-open',
        `A reservation that is ${status} is neither paused nor resumed`,
      );
    },
  };
}

/** What time, the customer or the matcher does. */
function happening<T extends Pausing>(
  act: (scene: Scene, context: At) => Answer<RoutingKinds>,
): Handler<RoutingKinds, RoutingConfiguration, Message<T, { readonly reservationId: string }>> {
  return {
    needs: ({ data }, world) => needs(data.reservationId, world),
    decide: ({ data }, world, context) => {
      const scene = sceneOf(data.reservationId, world);
      return scene === undefined ? nothing : act(scene, context);
    },
  };
}

const activityOf = ({ hold }: Scene): Activity => hold.activity ?? 'active';

export const pauseHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'pause-reservation': action((scene, context) =>
    activityOf(scene) === 'paused' ? { reply: scene.reservation } : become(scene, 'paused', 'requested', context),
  ),
  'resume-reservation': action((scene, context) =>
    activityOf(scene) === 'paused' ? wake(scene, 'requested', context) : { reply: scene.reservation },
  ),
  'idle-reservation': happening((scene, context) =>
    activityOf(scene) === 'active' ? become(scene, 'paused', 'idle', context) : nothing,
  ),
  'touch-reservation': happening((scene, context) => {
    if (activityOf(scene) === 'paused') return wake(scene, 'contact', context);
    return { timers: idleFrom(scene.reservation, context.now) };
  }),
  'wake-reservation': happening((scene, context) =>
    activityOf(scene) === 'waking' && hasRoom(scene) ? become(scene, 'active', 'room', context) : nothing,
  ),
};

/** First come, first awake: nothing overtakes what waits already. */
function hasRoom({ agent, desk, hold }: Scene): boolean {
  const first = desk.holds.find(({ activity }) => activity === 'waking');
  if (first !== undefined && first.reservationId !== hold.reservationId) return false;
  return fitsAwake(
    agent.definition,
    desk.holds.filter(({ reservationId }) => reservationId !== hold.reservationId),
    hold,
  );
}

const wake = (scene: Scene, reason: string, context: At): Answer<RoutingKinds> =>
  become(scene, hasRoom(scene) ? 'active' : 'waking', reason, context);

/** Time that is set aside is nobody's work. */
export function pauseEnded(
  { pausedAt, pausedMs = 0 }: Pick<Reservation, 'pausedAt' | 'pausedMs'>,
  now: Date,
): Pick<Reservation, 'pausedAt' | 'pausedMs'> {
  if (pausedAt === undefined) return {};
  return { pausedAt: undefined, pausedMs: pausedMs + Math.max(0, now.getTime() - Date.parse(pausedAt)) };
}

const told = { paused: 'WorkPaused', waking: 'WorkWaking', active: 'WorkResumed' } as const;

/** What comes to the front, or waits for it, stands behind what was there. */
function become(scene: Scene, activity: Activity, reason: string, { now }: At): Answer<RoutingKinds> {
  const { desk, hold, work } = scene;
  const others = desk.holds.filter(({ reservationId }) => reservationId !== hold.reservationId);
  const item = next(scene.item, {});
  const reservation = next(scene.reservation, {
    activity,
    ...(activity === 'active'
      ? pauseEnded(scene.reservation, now)
      : { pausedAt: scene.reservation.pausedAt ?? now.toISOString() }),
  });
  return {
    changes: [
      { kind: 'desk', state: next(desk, { holds: [...others, { ...hold, activity }] }) },
      { kind: 'workItem', state: item },
      { kind: 'reservation', state: reservation },
    ],
    events: [
      {
        type: `switchboard.routing.v1.${told[activity]}`,
        subject: item.id,
        sequence: item.version,
        data: { item: itemSnapshot(item, work), reservation: reservationSnapshot(reservation), reason },
      },
    ],
    timers: timersOf(reservation, activity, now),
    reply: reservation,
  };
}

function timersOf(reservation: Reservation, activity: Activity, now: Date): TimerChange[] {
  if (reservation.idleMs === undefined) return [];
  if (activity === 'active') return idleFrom(reservation, now);
  return [{ cancel: { kind: idleTimer, id: reservation.id } }];
}
