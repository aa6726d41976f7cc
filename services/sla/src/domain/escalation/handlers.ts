/** Escalations: raised by what happens to clocks, moved on by timers, ended by people or when the danger is over. */
import { nothing, reject } from '@switchboard/hallway';
import type { Answer, Change, Context, Handlers, Need, OutgoingEvent, TimerChange } from '@switchboard/hallway';
import { calendarOf } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { ofCustomer } from '../clocks/ledger.ts';
import type { ClockState } from '../clocks/state.ts';
import type { SlaKinds } from '../state.ts';
import { announceDigest } from './announce.ts';
import type { EscalationCommands } from './commands.ts';
import { badness, verdictOn } from './danger.ts';
import type { Verdict } from './danger.ts';
import { acknowledge, begin, finish, step, still, undecided } from './escalate.ts';
import type { Moved, Scene } from './escalate.ts';
import { chooseLadders, factsOf, isCritical } from './ladder.ts';
import type { CompiledLadder } from './ladder.ts';
import { escalationNeeds, holderOf, peopleIn } from './needs.ts';
import type { EscalationWorld } from './needs.ts';
import { escalationId, ESCALATION_PAGE, ladderIn, pageOf } from './state.ts';
import type { Escalation, EscalationDigest } from './state.ts';
import { sweepLadder } from './sweep.ts';
import { closeTimer, digestTimer, stepTimer, watchTimer } from './timers.ts';

type Commands = Pick<
  EscalationCommands,
  'watch-clock' | 'step-escalation' | 'send-digest' | 'sweep-ladder' | 'close-ladder' | 'acknowledge-escalation'
>;
type EscalationContext = Context<Configuration>;

/** `acknowledge-escalation` answers the escalation. */
export const escalationHandlers: Handlers<SlaKinds, Configuration, Commands> = {
  'watch-clock': {
    needs: ({ data }, world) => escalationNeeds(data, world),
    decide: ({ data: { clockId, caseId, ladderIds } }, world, context) => {
      const clock = world.get('clock', clockId);
      if (clock === undefined) return nothing;
      const facts = factsOf(clock, world.get('caseClocks', caseId));
      const chosen = chooseLadders(context.configuration.ladders, facts);
      return answerOf(
        ladderIds.map((ladderId) => {
          const known = world.get('escalation', escalationId(clockId, ladderId));
          const ladder = ladderOf(context, ladderId);
          if (ladder === undefined) return known === undefined ? still : close(known, context);
          if (movedOn(ladder, world)) return { ...still, timers: [watchTimer(clock, ladderIds, context.now)] };
          const scene = sceneOf(world, context, { clock, ladder });
          const one = chosen.find((each) => each.ladder.id === ladderId);
          if (one?.error !== undefined && known === undefined)
            return undecided(born(clock, ladderId), one.error, scene);
          return reconcile(known, scene, { isChosen: one !== undefined && one.error === undefined });
        }),
      );
    },
  },
  'step-escalation': {
    needs: ({ data: { escalationId: id, clockId, caseId } }, world) =>
      escalationNeeds({ clockId, caseId, ladderIds: [ladderIn(id, clockId)] }, world),
    decide: ({ data: { escalationId: id, clockId } }, world, context) => {
      const known = world.get('escalation', id);
      const clock = world.get('clock', clockId);
      if (known === undefined || clock === undefined || !isOpen(known)) return nothing;
      return answerOf([due(known, clock, { world, context })]);
    },
  },
  'send-digest': {
    needs: ({ data }, world) => digestNeeds(data, world),
    decide: ({ data: { ladderId, due: at, after } }, world, context) => {
      const found = world.get('escalationPage', pageOf.digest(ladderId, at, after))?.found ?? [];
      const moves = found.flatMap(({ id, clockId }) => {
        const known = world.get('escalation', id);
        const clock = world.get('clock', clockId);
        const isDue = known?.status === 'held' && known.heldFor === 'digest' && known.nextAt === at;
        return isDue && clock !== undefined ? [due(known, clock, { world, context, digest: true })] : [];
      });
      const digests = digestsOf(ladderId, moves, context);
      // Some still wait, for their clocks stand still: what comes after those is not to wait for them.
      const timers = found.length < ESCALATION_PAGE ? [] : [digestTimer(ladderId, at, found.at(-1)?.id)];
      return answerOf(moves, { digests, timers });
    },
  },
  'sweep-ladder': sweepLadder,
  'close-ladder': {
    needs: ({ data: { ladderId } }, world) => {
      const page = pageOf.ladder(ladderId);
      const found = world.get('escalationPage', page)?.found ?? [];
      return [
        { kind: 'ladder', id: ladderId, mode: 'read' },
        { kind: 'escalationPage', id: page, mode: 'read' },
        ...found.map(({ id }): Need<SlaKinds> => ({ kind: 'escalation', id })),
      ];
    },
    decide: ({ data: { ladderId } }, world, context) => {
      // It may have been put again meanwhile.
      if (world.get('ladder', ladderId) !== undefined) return nothing;
      const found = world.get('escalationPage', pageOf.ladder(ladderId))?.found ?? [];
      const moves = found.map(({ id }) => {
        const known = world.get('escalation', id);
        return known === undefined ? still : close(known, context);
      });
      return answerOf(moves, { timers: found.length < ESCALATION_PAGE ? [] : [closeTimer(ladderId, context.now)] });
    },
  },
  'acknowledge-escalation': {
    needs: ({ data: { escalationId: id, agentId } }, world) => {
      const known = world.get('escalation', id);
      return [
        ...(agentId === undefined ? [] : [{ kind: 'staff', id: agentId, mode: 'read' } as const]),
        ...(known === undefined ? [] : [{ kind: 'clock', id: known.clockId, mode: 'read' } as const]),
        { kind: 'escalation', id },
      ];
    },
    decide: ({ data }, world, context) => acknowledged(data, world, context),
  },
};

function acknowledged(
  { escalationId: id, agentId, note }: EscalationCommands['acknowledge-escalation'],
  world: EscalationWorld,
  context: EscalationContext,
): Answer<SlaKinds> {
  const known = world.get('escalation', id);
  if (known === undefined) return reject('not-found', 'unknown-id', `There is no escalation ${id}`);
  if (agentId !== undefined && world.get('staff', agentId)?.agent === undefined) {
    const errors = [{ field: 'agentId', reason: `there is no agent ${agentId}` }];
    return reject('not-found', 'unknown-id', `There is no agent ${agentId}`, errors);
  }
  if (known.status === 'acknowledged') return { reply: known };
  if (known.status === 'ended') {
    return reject(
      'conflict',
      'escalation-ended',
      `The escalation ended: ${known.outcome ?? 'nobody has to do anything'}`,
    );
  }
  const clock = world.get('clock', known.clockId);
  const ladder = ladderOf(context, known.ladderId);
  const verdict = clock && ladder && verdictOn(ladder.definition, clock, { now: context.now });
  const danger = verdict?.is === 'danger' ? verdict : undefined;
  const moved = acknowledge(known, { agentId, note }, { now: context.now, newId: () => context.newId(), danger });
  return { ...answerOf([moved]), reply: moved.escalation };
}

const isOpen = ({ status }: Escalation): boolean => status === 'held' || status === 'raised';

const ladderOf = ({ configuration }: EscalationContext, id: string): CompiledLadder | undefined =>
  configuration.ladders.find((ladder) => ladder.id === id);

/** It was replaced between two looks of this batch: who was looked up is not who it tells. The next batch sees one. */
const movedOn = ({ id, version }: CompiledLadder, world: EscalationWorld): boolean =>
  world.get('ladder', id)?.version !== version;

/** A removed ladder's. */
function close(known: Escalation, context: EscalationContext): Moved {
  return known.status === 'ended'
    ? still
    : finish(known, 'ladder-removed', { now: context.now, newId: () => context.newId() });
}

function born(clock: ClockState, ladderId: string) {
  const { id: clockId, caseId, customerId, policyId, target } = clock;
  return { id: escalationId(clockId, ladderId), clockId, caseId, customerId, ladderId, policyId, target };
}

/** Makes one ladder's escalation follow what the clock is now. */
function reconcile(known: Escalation | undefined, scene: Scene, { isChosen }: { readonly isChosen: boolean }): Moved {
  const { ladder, clock, now } = scene;
  const verdict = verdictOn(ladder.definition, clock, { now, before: known?.danger });
  if (verdict.is === 'over')
    return known === undefined || known.status === 'ended' ? still : finish(known, verdict.outcome, scene);
  if (verdict.is === 'suspended') return known !== undefined && isOpen(known) ? waitUntil(known, verdict.until) : still;
  if (known === undefined) return isChosen ? begin(born(clock, ladder.id), verdict, scene) : still;
  if (isOpen(known)) return stillOpen(known, verdict, scene);
  const isNew = known.status === 'ended' || badness(verdict.danger) > badness(known.danger);
  return isNew && isChosen ? begin(known, verdict, scene) : still;
}

/** What was held may have become critical; and a clock that stood still goes on. */
function stillOpen(known: Escalation, danger: Extract<Verdict, { is: 'danger' }>, scene: Scene): Moved {
  const { nextAt = scene.now.toISOString() } = known;
  const isDue = nextAt <= scene.now.toISOString();
  if (known.status === 'held' && (scene.isCritical || isDue)) return step(known, danger, scene);
  return known.heldFor === 'digest' ? still : { ...still, timers: [stepTimer(known, nextAt)] };
}

interface Deciding {
  readonly world: EscalationWorld;
  readonly context: EscalationContext;
  readonly digest?: boolean;
}

/** Its timer fired: look at the clock once more, then move on. */
function due(known: Escalation, clock: ClockState, { world, context, digest }: Deciding): Moved {
  const ladder = ladderOf(context, known.ladderId);
  if (ladder === undefined) return close(known, context);
  if (movedOn(ladder, world)) return waitUntil(known, context.now);
  const scene = { ...sceneOf(world, context, { clock, ladder }), digest };
  const verdict = verdictOn(ladder.definition, clock, { now: context.now, before: known.danger });
  if (verdict.is === 'over') return finish(known, verdict.outcome, scene);
  if (verdict.is === 'suspended') return waitUntil(known, verdict.until);
  const { nextAt = '' } = known;
  if (nextAt > context.now.toISOString() && known.heldFor !== 'nobody-there')
    return { ...still, timers: [stepTimer(known, nextAt)] };
  return step(known, verdict, scene);
}

const waitUntil = (known: Escalation, until: Date): Moved => ({
  ...still,
  timers: [stepTimer(known, until.toISOString())],
});

interface Staged {
  readonly clock: ClockState;
  readonly ladder: CompiledLadder;
}

function sceneOf(world: EscalationWorld, context: EscalationContext, { clock: known, ladder }: Staged): Scene {
  const { now, configuration } = context;
  const state = world.get('caseClocks', known.caseId);
  const clock = ofCustomer(known, state);
  return {
    now,
    newId: () => context.newId(),
    ladder,
    clock,
    calendar: calendarOf(configuration, clock.calendarId),
    holder: holderOf(state),
    people: peopleIn(world, configuration),
    isCritical: isCritical(ladder, factsOf(clock, state)),
  };
}

function digestNeeds(
  { ladderId, due: at, after }: EscalationCommands['send-digest'],
  world: EscalationWorld,
): Need<SlaKinds>[] {
  const page = pageOf.digest(ladderId, at, after);
  const found = world.get('escalationPage', page)?.found ?? [];
  return [
    { kind: 'escalationPage', id: page, mode: 'read' },
    { kind: 'ladder', id: ladderId, mode: 'read' },
    ...found.flatMap(({ clockId, caseId }) => escalationNeeds({ clockId, caseId, ladderIds: [ladderId] }, world)),
  ];
}

/** One for each person who was told something now. */
function digestsOf(ladderId: string, moves: readonly Moved[], context: EscalationContext): readonly Digest[] {
  const items = moves.flatMap(({ escalation, told }) =>
    escalation === undefined ? [] : told.map((recipient) => ({ escalation, recipient })),
  );
  return [...Map.groupBy(items, ({ recipient }) => recipient.agentId)].map(([agentId, own]) => {
    const escalationIds = own.map(({ escalation }) => escalation.id);
    const state = { id: context.newId(), version: 1, ladderId, agentId, at: context.now.toISOString(), escalationIds };
    return { state, event: announceDigest({ ...state, items: own }) };
  });
}

interface Digest {
  readonly state: EscalationDigest;
  readonly event: OutgoingEvent;
}

interface More {
  readonly digests?: readonly Digest[];
  readonly timers?: readonly TimerChange[];
}

function answerOf(moves: readonly Moved[], { digests = [], timers = [] }: More = {}) {
  return {
    changes: [
      ...moves.flatMap(({ escalation, step: recorded }): Change<SlaKinds>[] => [
        ...(escalation === undefined ? [] : [{ kind: 'escalation', state: escalation } as const]),
        ...(recorded === undefined ? [] : [{ kind: 'escalationStep', state: recorded } as const]),
      ]),
      ...digests.map(({ state }): Change<SlaKinds> => ({ kind: 'escalationDigest', state })),
    ],
    events: [...moves.flatMap((move) => move.events), ...digests.map(({ event }) => event)],
    timers: [...moves.flatMap((move) => move.timers), ...timers],
  };
}
