/**
 * One escalation: what can happen to it. Each change is one version, one step of its history and one event. Whom a level
 * tells is found out when it tells.
 */
import { instantAfter, parseDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { OutgoingEvent, TimerChange } from '@switchboard/hallway';
import type { ClockState } from '../clocks/state.ts';
import { announce } from './announce.ts';
import type { Verdict } from './danger.ts';
import { isOpen, nextTick, opensAt } from './hours.ts';
import type { CompiledLadder } from './ladder.ts';
import { canBeTold, earliest, resolveLevel } from './resolve.ts';
import type { Holder, People, Resolved } from './resolve.ts';
import type { Escalation, EscalationStep, HeldFor, LadderLevel, Outcome, Recipient, Skipped } from './state.ts';
import { digestTimer, noStepTimer, stepTimer } from './timers.ts';

/** Where something happens to an escalation. */
export interface Scene {
  readonly now: Date;
  readonly newId: () => string;
  readonly ladder: CompiledLadder;
  readonly clock: ClockState;
  /** That the clock counts on. */
  readonly calendar: Calendar;
  readonly holder: Holder;
  readonly people: People;
  /** Told at once, whatever the hour. */
  readonly isCritical: boolean;
  /** What is told now goes into a digest. */
  readonly digest?: boolean | undefined;
}

/** What became of it; without an escalation nothing changed but its timer. */
export interface Moved {
  readonly escalation?: Escalation;
  readonly step?: EscalationStep;
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
  /** Who was told now. */
  readonly told: readonly Recipient[];
}

export const still: Moved = { events: [], timers: [], told: [] };

type InDanger = Extract<Verdict, { readonly is: 'danger' }>;
type About = Partial<Pick<EscalationStep, 'reason' | 'agentId' | 'note' | 'until' | 'recipients' | 'skipped'>>;

/** While nobody can be told, somebody may come back sooner than was known. */
const LOOK_AGAIN_MS = 15 * 60_000;

/** A new round: the first one, or one more because the danger returned or got worse. */
export function begin(
  known: Escalation | Omit<Escalation, 'version' | keyof Round>,
  danger: InDanger,
  scene: Scene,
): Moved {
  const { round = 0, version = 0 } = known as Partial<Escalation>;
  const fresh: Escalation = {
    ...known,
    ...nothingTold,
    version,
    round: round + 1,
    startedAt: scene.now.toISOString(),
    ...inDanger(danger),
  };
  return proceed({ ...fresh, pending: { level: 1, again: false } }, scene, { released: false });
}

/** The danger is over, or nobody shall be told any more. */
export function finish(escalation: Escalation, outcome: Outcome, { now, newId }: Pick<Scene, 'now' | 'newId'>): Moved {
  const patch = { status: 'ended', outcome, endedAt: now.toISOString(), ...waitsForNothing } as const;
  const moved = change(escalation, patch, { now, newId, what: 'ended', about: { reason: outcome } });
  return { ...moved, timers: [noStepTimer(escalation.id)] };
}

/** A condition that cannot be decided does not hold; that it could not be is kept. */
export function undecided(known: Omit<Escalation, 'version' | keyof Round>, error: string, scene: Scene): Moved {
  const at = scene.now.toISOString();
  const fresh: Escalation = { ...known, ...nothingTold, version: 0, round: 1, startedAt: at, danger: 'warned' };
  const patch = { status: 'ended', outcome: 'undecided', endedAt: at, ...waitsForNothing } as const;
  return change(fresh, patch, { ...scene, what: 'ended', about: { reason: 'undecided', note: error.slice(0, 500) } });
}

/** Somebody takes care of it: nobody else is told. */
export function acknowledge(
  escalation: Escalation,
  who: { readonly agentId?: string | undefined; readonly note?: string | undefined },
  scene: Pick<Scene, 'now' | 'newId'> & { readonly danger?: InDanger | undefined },
): Moved {
  const at = scene.now.toISOString();
  const worst = scene.danger === undefined ? {} : inDanger(scene.danger);
  const patch = {
    ...worst,
    status: 'acknowledged',
    acknowledgedAt: at,
    acknowledgedBy: who.agentId,
    ...waitsForNothing,
  } as const;
  const moved = change(escalation, patch, { ...scene, what: 'acknowledged', about: who });
  return { ...moved, timers: [noStepTimer(escalation.id)] };
}

/** Its time has come: what was held is told, or nobody acknowledged in time and the next level is. */
export function step(escalation: Escalation, danger: InDanger, scene: Scene): Moved {
  const current = { ...escalation, ...inDanger(danger) };
  if (escalation.status === 'held') return proceed(current, scene, { released: true });
  const { levels } = scene.ladder.definition;
  const again = escalation.reminders < (levels[escalation.level - 1]?.repeat ?? 0);
  const level = again ? escalation.level : escalation.level + 1;
  return proceed({ ...current, pending: { level, again } }, scene, { released: false });
}

/** Tells what is pending, unless the hour is quiet or a digest gathers it. */
function proceed(escalation: Escalation, scene: Scene, { released }: { readonly released: boolean }): Moved {
  const { pending } = escalation;
  if (pending === undefined) return still;
  if (pending.level > scene.ladder.definition.levels.length) return exhausted(escalation, [], scene);
  const hold = holdFor(scene, released);
  if (hold !== undefined) return held(escalation, { ...hold, skipped: [] }, scene);
  const reminded = pending.again ? remindable(escalation, scene) : [];
  return reminded.length > 0 ? remind(escalation, reminded, scene) : climb(escalation, pending.level, scene);
}

function holdFor(scene: Scene, released: boolean): { heldFor: HeldFor; until: Date } | undefined {
  const { now, ladder, isCritical } = scene;
  if (isCritical || scene.digest === true) return undefined;
  const { digest } = ladder.definition;
  const endOfQuiet = (at: Date): Date | undefined =>
    ladder.loud === undefined || isOpen(ladder.loud, at) ? undefined : opensAt(ladder.loud, at);
  if (digest !== undefined && !released) {
    const tick = nextTick(digest.every, now);
    return { heldFor: 'digest', until: endOfQuiet(tick) ?? tick };
  }
  const until = endOfQuiet(now);
  return until === undefined ? undefined : { heldFor: 'quiet-hours', until };
}

/** Tells the first level from here on on which somebody can be told. */
function climb(escalation: Escalation, from: number, scene: Scene): Moved {
  const { levels } = scene.ladder.definition;
  const told = new Set(escalation.recipients.map(({ agentId }) => agentId));
  const skipped: Skipped[] = [];
  const backs: (Date | undefined)[] = [];
  for (const [index, level] of levels.entries()) {
    if (index + 1 < from) continue;
    const found: Resolved = resolveLevel(level.notify, index + 1, { ...scene, told });
    skipped.push(...found.skipped);
    backs.push(found.backAt);
    if (found.recipients.length > 0) return raise(escalation, { level, number: index + 1, ...found, skipped }, scene);
  }
  const until = earliest(backs);
  if (until === undefined) return exhausted(escalation, skipped, scene);
  return held(escalation, { heldFor: 'nobody-there', until, skipped }, scene);
}

interface Raising extends Resolved {
  readonly level: LadderLevel;
  readonly number: number;
}

function raise(escalation: Escalation, { level, number, recipients, skipped }: Raising, scene: Scene): Moved {
  const nextAt = deadline(level, scene);
  const patch: Partial<Escalation> = {
    status: 'raised',
    team: scene.holder.team,
    level: number,
    reminders: 0,
    recipients: [...escalation.recipients, ...recipients],
    heldFor: undefined,
    pending: undefined,
    nextAt,
  };
  const moved = change(escalation, patch, { ...scene, what: 'raised', about: { recipients, skipped } });
  return { ...moved, timers: [stepTimer(escalation, nextAt)], told: recipients };
}

function remind(escalation: Escalation, recipients: readonly Recipient[], scene: Scene): Moved {
  const level = scene.ladder.definition.levels[escalation.level - 1];
  if (level === undefined) return still;
  const nextAt = deadline(level, scene);
  const reminders = escalation.reminders + 1;
  const patch = { status: 'raised', reminders, heldFor: undefined, pending: undefined, nextAt } as const;
  const moved = change(escalation, patch, { ...scene, what: 'reminded', about: { recipients } });
  return { ...moved, timers: [stepTimer(escalation, nextAt)], told: recipients };
}

function remindable({ recipients, level }: Escalation, scene: Scene): readonly Recipient[] {
  return recipients.filter((one) => one.level === level && canBeTold(one.agentId, scene));
}

interface Holding {
  readonly heldFor: HeldFor;
  readonly until: Date;
  readonly skipped: readonly Skipped[];
}

function held(escalation: Escalation, { heldFor, until, skipped }: Holding, scene: Scene): Moved {
  const { now, ladder } = scene;
  const nextAt = until.toISOString();
  const soon = new Date(Math.min(until.getTime(), now.getTime() + LOOK_AGAIN_MS)).toISOString();
  const timers = {
    'quiet-hours': [stepTimer(escalation, nextAt)],
    'nobody-there': [stepTimer(escalation, soon)],
    digest: [noStepTimer(escalation.id), digestTimer(ladder.id, nextAt)],
  }[heldFor];
  if (escalation.heldFor === heldFor && escalation.nextAt === nextAt) return { ...still, timers };
  const about = { reason: heldFor, until: nextAt, skipped };
  return { ...change(escalation, { status: 'held', heldFor, nextAt }, { ...scene, what: 'held', about }), timers };
}

/** Every level was told, or nobody is left to tell. Whoever acknowledges it still can. */
function exhausted(escalation: Escalation, skipped: readonly Skipped[], scene: Scene): Moved {
  const reason = escalation.recipients.length === 0 ? 'nobody-told' : 'nobody-acknowledged';
  const patch = { status: 'unanswered', ...waitsForNothing } as const;
  const moved = change(escalation, patch, { ...scene, what: 'unanswered', about: { reason, skipped } });
  return { ...moved, timers: [noStepTimer(escalation.id)] };
}

function deadline({ acknowledgeWithin, workingTime }: LadderLevel, { now, calendar }: Scene): string {
  const within = parseDuration(acknowledgeWithin) ?? 0;
  const counted = workingTime ? instantAfter(calendar, now, within) : 'never';
  return (counted === 'never' ? new Date(now.getTime() + within) : counted).toISOString();
}

interface Changing extends Pick<Scene, 'now' | 'newId'> {
  readonly what: EscalationStep['what'];
  readonly about: About;
  readonly clock?: ClockState;
  readonly digest?: boolean | undefined;
}

/** The next version, its step and its event. */
function change(
  before: Escalation,
  patch: Partial<Escalation>,
  { now, newId, what, about, clock, digest }: Changing,
): Moved {
  // The case's customer may have become another one.
  const { customerId = before.customerId } = clock ?? {};
  const escalation: Escalation = { ...before, ...patch, customerId, version: before.version + 1 };
  const recorded: EscalationStep = {
    id: newId(),
    version: 1,
    escalationId: escalation.id,
    step: escalation.version,
    at: now.toISOString(),
    round: escalation.round,
    what,
    level: what === 'held' ? (escalation.pending?.level ?? escalation.level) : escalation.level,
    recipients: [],
    skipped: [],
    ...about,
  };
  return {
    escalation,
    step: recorded,
    events: [announce(escalation, recorded, { clock, digest })],
    timers: [],
    told: [],
  };
}

type Round = Pick<Escalation, 'round' | 'startedAt' | 'danger' | 'dangerValue' | keyof typeof nothingTold>;

const waitsForNothing = { heldFor: undefined, pending: undefined, nextAt: undefined };
const nothingTold = {
  ...waitsForNothing,
  status: 'held',
  level: 0,
  reminders: 0,
  recipients: [],
  acknowledgedAt: undefined,
  acknowledgedBy: undefined,
  endedAt: undefined,
  outcome: undefined,
} as const;

const inDanger = ({ danger, value }: InDanger) => ({ danger, dangerValue: value });
