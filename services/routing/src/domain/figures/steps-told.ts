/**
 * What of a wait is worth telling: one before less while they are few, a fifth more or less of a longer line or time. An
 * item of which others see nothing new costs nothing.
 */
import type { ToldWait } from './state.ts';

/** Items that waited less are told nothing: most have an agent by then, ms. */
export const UNTOLD_MS = 5_000;

const NEAR = 5;
const STEP = Math.log(1.25);
const MINUTE_MS = 60_000;

/** Which step a number of those before is on. */
const aheadStep = (ahead: number): number => (ahead <= NEAR ? ahead : NEAR + Math.round(Math.log(ahead / NEAR) / STEP));

/** Which step a time is on; below a minute there is one. */
const timeStep = (ms: number): number => (ms <= MINUTE_MS ? 0 : 1 + Math.round(Math.log(ms / MINUTE_MS) / STEP));

/** A step back and forth is not told: two are apart that differ by more than one, or are near. */
export function isWorthTelling(before: ToldWait | undefined, now: ToldWait): boolean {
  if (before === undefined) return now.estimate !== undefined || now.unknown === 'closed';
  if (before.unknown !== now.unknown || before.opensAt !== now.opensAt) return true;
  const { ahead = 0 } = now;
  const { ahead: told = 0 } = before;
  if (aheadStep(ahead) !== aheadStep(told) && (Math.min(ahead, told) <= NEAR || Math.abs(ahead - told) > told / 5))
    return true;
  return Math.abs(timeStep(now.estimate?.medianMs ?? 0) - timeStep(before.estimate?.medianMs ?? 0)) > 1;
}
