/** Whether a clock is in the danger that a ladder is about. */
import { parseDuration } from '@switchboard/calendar';
import type { ClockState } from '../clocks/state.ts';
import type { Warning } from '../policies/state.ts';
import { dangers } from './state.ts';
import type { Danger, LadderDefinition, Outcome, When } from './state.ts';

export type Verdict =
  | { readonly is: 'danger'; readonly danger: Danger; readonly value?: number | undefined }
  /** The clock stands still, but not for long yet: nobody is told anything until then. */
  | { readonly is: 'suspended'; readonly until: Date }
  | { readonly is: 'over'; readonly outcome: Outcome };

/** How bad it is, to be compared. */
export const badness = (danger: Danger): number => dangers.indexOf(danger);

/**
 * What a ladder makes of a clock now. A broken promise stays in danger while its clock stands still; one that is not
 * broken yet cannot be while it does.
 * @param before the danger of the round, which tells what it was that went away
 */
export function verdictOn(
  { when, stopWhen }: Pick<LadderDefinition, 'when' | 'stopWhen'>,
  clock: ClockState,
  { now, before }: { readonly now: Date; readonly before?: Danger | undefined },
): Verdict {
  if (clock.metAt !== undefined) return { is: 'over', outcome: 'met' };
  if (clock.canceledAt !== undefined) return { is: 'over', outcome: 'canceled' };
  if (when.breached === true && clock.status === 'breached') return { is: 'danger', danger: 'breached' };
  const found = warnedOf(when, clock) ?? atRiskOf(when, clock.riskProbability);
  if (found === undefined) return { is: 'over', outcome: before === 'at-risk' ? 'risk-fell' : 'rescheduled' };
  if (clock.status !== 'paused') return found;
  const until = new Date(pausedSince(clock).getTime() + (parseDuration(stopWhen.pausedFor) ?? 0));
  return until > now ? { is: 'suspended', until } : { is: 'over', outcome: 'paused' };
}

/** A warning as late as the ladder asks for, or later. */
function warnedOf({ warned }: When, clock: ClockState): Extract<Verdict, { is: 'danger' }> | undefined {
  if (warned === undefined) return undefined;
  const late = clock.warned.filter((one) => isAsLate(one, warned));
  if (late.length === 0) return undefined;
  if (typeof warned === 'string') return { is: 'danger', danger: 'warned' };
  return { is: 'danger', danger: 'warned', value: Math.max(...late.filter((one) => typeof one === 'number')) };
}

/** Whether a warning comes as late as another, or later; shares and times left are not compared. */
export function isAsLate(warning: Warning, other: Warning): boolean {
  if (typeof other === 'number') return typeof warning === 'number' && warning >= other;
  return typeof warning === 'string' && (parseDuration(warning) ?? Infinity) <= (parseDuration(other) ?? 0);
}

function atRiskOf({ atRisk }: When, probability: number | undefined): Extract<Verdict, { is: 'danger' }> | undefined {
  if (atRisk === undefined || probability === undefined || probability < atRisk) return undefined;
  return { is: 'danger', danger: 'at-risk', value: probability };
}

/** Since when a clock that is paused stands still. */
function pausedSince({ segments, startedAt }: ClockState): Date {
  return new Date(segments.at(-1)?.to ?? startedAt);
}
