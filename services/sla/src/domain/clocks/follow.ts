/** A clock takes over what is promised now, and counts or stands still. */
import { differs, pause, reschedule, resume } from './clock.ts';
import type { Moved, Promised, Scene } from './clock.ts';
import { keep, moveKey, sceneOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { reachedAt } from './measure.ts';
import { countingSince, isCounting, joined, until } from './segments.ts';
import { livedAgain, livedOver, turnsOf, turnsSince } from './turns.ts';
import type { Lived } from './turns.ts';
import type { Asking } from '../policies/conditions.ts';
import type { ClockState } from './state.ts';
import type { ClockConditions } from '../policies/state.ts';

interface Following {
  readonly key: string;
  readonly clock: ClockState;
  readonly promised: Promised;
  readonly pauses: (status: string) => boolean;
  readonly conditions?: ClockConditions | undefined;
  readonly ask: Asking;
}

export function follow(ledger: Ledger, following: Following): void {
  const { key, clock, promised, pauses, conditions, ask } = following;
  if (clock.status !== 'breached' && differs(clock, promised)) {
    const life = clock.policyId === promised.policyId ? undefined : replayed(ledger, following);
    moveKey(ledger, key, (now, scene) => reschedule(now, promised, scene, life));
  }
  const now = ledger.clocks.get(key);
  if (now === undefined) return;
  if (promised.relative === undefined && conditions?.pause !== undefined) {
    standStill(ledger, now, { key, promised, pausing: { pauses, conditions }, ask });
    return;
  }
  const paused = promised.relative === undefined && pauses(ledger.state.status);
  if (isCounting(now.segments) === paused) moveKey(ledger, key, paused ? pause : resume);
}

type Standing = Pick<Following, 'key' | 'promised' | 'ask'> & {
  readonly pausing: { readonly pauses: Following['pauses']; readonly conditions: ClockConditions };
};

/** As conditions say. What is told late changes what came after it as well. */
function standStill(ledger: Ledger, clock: ClockState, { key, promised, pausing, ask }: Standing): void {
  const turns = turnsOf(ledger, { ask, conditions: pausing.conditions });
  const life = livedAgain(clock, turns, pausing);
  if (life === undefined) return;
  const [was, is] = [isCounting(clock.segments), isCounting(life.segments)];
  const { held } = life;
  const [first, ...others] = turns;
  const at = first?.at;
  if (others.length === 0 && !is) moveKey(ledger, key, (now, scene) => pause(now, scene, held), at);
  else if (others.length === 0 && !was) moveKey(ledger, key, (now, scene) => resume(now, scene, held), at);
  else {
    const moved = relived(clock, { promised, life, scene: sceneOf(ledger) });
    if (moved !== undefined) keep(ledger, key, moved);
  }
}

interface Relived {
  readonly promised: Promised;
  readonly life: Lived;
  readonly scene: Scene;
}

/** With another life than was known. A breach that it does not come to is taken back; else what is broken stays so. */
function relived(clock: ClockState, { promised, life, scene }: Relived): Moved | undefined {
  const open = clock.status === 'breached' ? takenBack(clock, life, scene) : clock;
  if (open !== undefined) return reschedule(open, promised, scene, life);
  const [was, is] = [isCounting(clock.segments), isCounting(life.segments)];
  if (was === is) return undefined;
  return is ? resume(clock, scene) : pause(clock, scene);
}

/** As if it had not breached; `undefined`: it had used up its time by then all the same. */
function takenBack(clock: ClockState, { segments }: Lived, { calendars }: Scene): ClockState | undefined {
  const due = reachedAt(calendars, { ...clock, segments }, clock.targetMs);
  if (due instanceof Date && due.toISOString() <= (clock.breachedAt ?? '')) return undefined;
  const { reminded: _, ...extras } = clock.extras ?? {};
  return { ...clock, extras, status: 'running', breachedAt: undefined };
}

/** Another policy lets other time count, from the instant it was chosen on. */
function replayed(ledger: Ledger, { clock, promised, pauses, conditions, ask }: Following): Lived {
  const { state } = ledger;
  const at = ledger.at.toISOString();
  const since = at > clock.startedAt ? at : clock.startedAt;
  const [before, held] = [clock.segments, clock.extras?.held ?? []].map((all) => until(all, new Date(since)));
  const after =
    promised.relative !== undefined
      ? { segments: [{ from: since }], held: [] }
      : conditions?.pause === undefined
        ? { segments: countingSince(since, state, pauses), held: [] }
        : livedOver(turnsSince(state, since, ask), { conditions, pauses });
  return { segments: joined(before ?? [], after.segments), held: joined(held ?? [], after.held) };
}
