/**
 * From clocks to escalations: whatever changes a clock that may be in danger sets a timer that is due at once, in the same
 * transaction. It locks no escalation there, looks at the clock as it then is, and where there are no ladders it costs
 * one comparison.
 */
import type { Change, Context, Handler, Message, TimerChange, World } from '@switchboard/hallway';
import type { Configuration } from '../configuration.ts';
import type { ClockState } from '../clocks/state.ts';
import type { SlaKinds } from '../state.ts';
import { watchTimer } from './timers.ts';

type AnyHandler = Handler<SlaKinds, Configuration, Message>;

/** The same handlers, whose changes of clocks are looked at by the ladders. */
export function watched<H extends Readonly<Record<string, AnyHandler>>>(handlers: H): H {
  const entries = Object.entries(handlers).map(([type, handler]): [string, AnyHandler] => [type, watching(handler)]);
  return Object.fromEntries(entries) as H;
}

function watching(handler: AnyHandler): AnyHandler {
  return {
    needs: (message, world) => handler.needs(message, world),
    decide: (message, world, context) => {
      const answer = handler.decide(message, world, context);
      const { ladders } = context.configuration;
      if (ladders.length === 0 || !('changes' in answer) || answer.changes === undefined) return answer;
      const least = leastRisk(ladders);
      const clocks = answer.changes.flatMap((change) => clockIn(change, world, least) ?? []);
      if (clocks.length === 0) return answer;
      return { ...answer, timers: [...(answer.timers ?? []), ...clocks.map((clock) => atOnce(clock, context))] };
    },
  };
}

/** What ladders ask of the customer has changed, and the clocks have not: those in danger are looked at at once. */
export function lookAgain(clocks: Iterable<ClockState>, context: Context<Configuration>): TimerChange[] {
  const least = leastRisk(context.configuration.ladders);
  if (context.configuration.ladders.length === 0) return [];
  return [...clocks].filter((clock) => mayBeInDanger(clock, least)).map((clock) => atOnce(clock, context));
}

function atOnce(clock: ClockState, { configuration, now }: Context<Configuration>): TimerChange {
  const ids = configuration.ladders.map(({ id }) => id);
  return watchTimer(clock, ids, now);
}

const leastRisk = (ladders: Configuration['ladders']): number =>
  Math.min(...ladders.map(({ definition }) => definition.when.atRisk ?? Infinity));

function clockIn(change: Change<SlaKinds>, world: World<SlaKinds>, least: number): ClockState | undefined {
  if (change.kind !== 'clock' || !('state' in change)) return undefined;
  const before = world.get('clock', change.state.id);
  const either = mayBeInDanger(change.state, least) || (before !== undefined && mayBeInDanger(before, least));
  return either ? change.state : undefined;
}

/** A clock that nobody was warned of, and of which no trouble is foreseen, is in no danger that a ladder knows. */
const mayBeInDanger = ({ warned, breachedAt, riskProbability = 0, extras }: ClockState, least: number): boolean =>
  extras?.quiet !== true && (warned.length > 0 || breachedAt !== undefined || riskProbability >= least);
