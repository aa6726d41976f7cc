/**
 * What would help: a change that somebody can make, asked of the model as if it were made. Only what lowers the probability
 * clearly is said. The model knows what went together, not what causes what.
 */
import { probabilityOf } from './model.ts';
import type { Ready } from './model.ts';
import type { Reason } from './reasons.ts';
import type { Likeness } from './similar.ts';
import type { Sight } from './sight.ts';

export type HelpAction = 'resume' | 'assign-now' | 'move-to-team' | 'raise-priority' | 'work-first';

export interface Help {
  readonly action: HelpAction;
  /** The team or priority. */
  readonly to?: string;
  /** Were it so. */
  readonly probability: number;
  readonly text: string;
}

/** What has to be gained at least. */
const LEAST_GAIN = 0.05;
/** Promises a team must have ended to be named. */
const LEAST_SEEN = 15;
const MOST = 3;
/** Teams asked about. */
const MOST_TEAMS = 5;

interface Change extends Omit<Help, 'probability'> {
  readonly sight: Sight;
}

/** @param reasons of the probability, what matters most first */
export function helpFor(
  ready: Ready,
  sight: Sight,
  { probability, reasons }: { readonly probability: number; readonly reasons: readonly Reason[] },
): Help[] {
  // Nothing can be gained, and most promises are so.
  if (probability < LEAST_GAIN) return [];
  const best = new Map<HelpAction, Help>();
  const changes = [...changesOf(ready, sight), ...(isKeptWaiting(sight, reasons) ? [assigned(sight)] : [])];
  for (const { sight: changed, ...change } of changes) {
    const then = probabilityOf(ready, changed);
    if (probability - then < LEAST_GAIN || then >= (best.get(change.action)?.probability ?? 1)) continue;
    best.set(change.action, { ...change, probability: Math.round(then * 1000) / 1000 });
  }
  return [...best.values()].sort((a, b) => a.probability - b.probability).slice(0, MOST);
}

/** What is no reason any more once somebody has the work. */
const endsWithAssignment = new Set(['ahead', 'waitDays', 'aheadPerHour', 'quietHours']);

/** Nobody has the work yet, and that is the main reason. */
function isKeptWaiting({ waiting }: Sight, reasons: readonly Reason[]): boolean {
  const main = reasons.find(({ weight }) => weight > 0);
  return waiting === true && main !== undefined && endsWithAssignment.has(main.feature);
}

function assigned(sight: Sight): Change {
  return {
    action: 'assign-now',
    text: 'assign it to somebody now',
    sight: withNumbers(beforeOthers(sight), { quietHours: 0 }),
  };
}

/** No older promise is worked on before it. */
function beforeOthers(sight: Sight): Sight {
  const { ahead, waitDays, aheadPerHour } = sight.numbers;
  return withNumbers(sight, {
    ...(ahead === undefined ? {} : { ahead: 0 }),
    ...(waitDays === undefined ? {} : { waitDays: 0 }),
    ...(aheadPerHour === undefined ? {} : { aheadPerHour: 0 }),
  });
}

function changesOf(ready: Ready, sight: Sight): Change[] {
  const { numbers, traits } = sight;
  const changes: Change[] = [];
  if (numbers.pausedNow === 1) {
    changes.push({
      action: 'resume',
      text: 'let it go on',
      sight: withNumbers(sight, { pausedNow: 0, quietHours: 0 }),
    });
  }
  if ((numbers.ahead ?? 0) > 0) {
    const text = 'let the team do it before the older ones';
    changes.push({ action: 'work-first', text, sight: beforeOthers(sight) });
  }
  const { priority } = numbers;
  if (priority !== undefined && priority > 1) {
    const to = String(priority - 1);
    const raised = withNumbers(sight, { priority: priority - 1, priorityChanges: (numbers.priorityChanges ?? 0) + 1 });
    const text = `raise its priority to ${to}`;
    changes.push({ action: 'raise-priority', to, text, sight: { ...raised, traits: { ...traits, priority: to } } });
  }
  if (traits['team'] !== undefined) changes.push(...otherTeams(ready, sight));
  return changes;
}

/**
 * Moving costs a hand-off, which the model knows; the other team's queue is taken to be as long. Of the teams that kept
 * more of such promises the best few are asked about: there may be hundreds.
 */
function otherTeams({ model, memory }: Ready, sight: Sight): Change[] {
  const { traits, numbers } = sight;
  const moved = withNumbers(sight, { handOffs: (numbers.handOffs ?? 0) + 1, hoursWithTeam: 0, quietHours: 0 });
  const reason = traits['reason'];
  const likenessOf = (team: string): Likeness => {
    const [trait, value] = reason === undefined ? ['team', team] : ['team+reason', `${team}\n${reason}`];
    return memory.recall(trait, value, numbers.share ?? 0, sight.at);
  };
  const own = likenessOf(traits['team'] ?? '').share;
  return Object.keys(model.tallies['team'] ?? {})
    .map((team) => ({ team, ...likenessOf(team) }))
    .filter(({ team, count, share }) => team !== traits['team'] && count >= LEAST_SEEN && share < own)
    .sort((a, b) => a.share - b.share)
    .slice(0, MOST_TEAMS)
    .map(({ team }) => ({
      action: 'move-to-team',
      to: team,
      text: `hand it to team ${team}, which kept more of such promises`,
      sight: { ...moved, traits: { ...traits, team } },
    }));
}

function withNumbers(sight: Sight, numbers: Sight['numbers']): Sight {
  return { ...sight, numbers: { ...sight.numbers, ...numbers } };
}
