/**
 * What agents answer in a replay. Where an agent was offered that very item, they answer as they did, after as long: what is
 * recorded is a fact. Whom a scenario asks instead was never asked, so they answer by chance: accept, reject or miss as often
 * as they did in the time that is replayed (with ten offers answered as everybody's were, so that three offers do not make a
 * habit), after as long as they usually take. The chance is a hash of item, agent and how often they were asked: the same in
 * every scenario, so that two differ by what was changed, not by luck.
 */
import { shareOf } from '../matching/draw.ts';
import { quantile } from './measure.ts';
import type { Answer, Simulation } from './types.ts';

/** An offer that was answered, or missed. What was taken back before says nothing. */
export interface RecordedOffer {
  readonly itemId: string;
  readonly agentId: string;
  /** ms; of what was missed: unused. Absent: not known. */
  readonly afterMs?: number | undefined;
  readonly says: Answer['says'];
}

/** Everybody's answers count as much beside an agent's own as so many of theirs. */
const PRIOR = 10;

interface Habit {
  readonly counts: Readonly<Record<Answer['says'], number>>;
  /** Median, ms; absent: never seen. */
  readonly acceptMs?: number | undefined;
  readonly rejectMs?: number | undefined;
}

/** `undefined`: no offer was ever answered, so that everybody accepts at once. */
export function answersBy(offers: readonly RecordedOffer[]): Simulation['answerOf'] {
  if (offers.length === 0) return undefined;
  const facts = Map.groupBy(offers, ({ itemId, agentId }) => `${itemId} ${agentId}`);
  const house = habitOf(offers);
  const habits = new Map([...Map.groupBy(offers, ({ agentId }) => agentId)].map(([id, own]) => [id, habitOf(own)]));
  return ({ id }, agentId, nth) => {
    const pair = `${id} ${agentId}`;
    // Somebody who is like another one has their habits.
    const own = habits.get(agentId) ?? habits.get(modelOf(agentId));
    const fact = facts.get(pair)?.[nth];
    if (fact !== undefined) return { says: fact.says, afterMs: fact.afterMs ?? usualMs(fact.says, own, house) };
    const says = drawn(shareOf(`${pair} ${String(nth)}`), own, house);
    return { says, afterMs: usualMs(says, own, house) };
  };
}

/** Of `bert+2`, bert. */
export const likeIn = (like: string, n: number): string => `${like}+${String(n)}`;
const modelOf = (agentId: string): string => agentId.replace(/\+\d+$/u, '');

function habitOf(offers: readonly RecordedOffer[]): Habit {
  const counts = { accept: 0, reject: 0, nothing: 0 };
  for (const { says } of offers) counts[says] += 1;
  return { counts, acceptMs: medianMs(offers, 'accept'), rejectMs: medianMs(offers, 'reject') };
}

function medianMs(offers: readonly RecordedOffer[], which: Answer['says']): number | undefined {
  const times = offers.flatMap(({ says, afterMs = [] }) => (says === which ? afterMs : [])).sort((a, b) => a - b);
  return times.length === 0 ? undefined : quantile(times, 0.5);
}

function drawn(chance: number, own: Habit | undefined, house: Habit): Answer['says'] {
  const shareIn = (says: Answer['says']): number => {
    const all = house.counts.accept + house.counts.reject + house.counts.nothing;
    const usual = house.counts[says] / all;
    if (own === undefined) return usual;
    const asked = own.counts.accept + own.counts.reject + own.counts.nothing;
    return (own.counts[says] + PRIOR * usual) / (asked + PRIOR);
  };
  const nothing = shareIn('nothing');
  if (chance < nothing) return 'nothing';
  return chance < nothing + shareIn('reject') ? 'reject' : 'accept';
}

/** Who never rejected takes as long for it as others; where nobody's time is known, as long as for accepting. */
function usualMs(says: Answer['says'], own: Habit | undefined, house: Habit): number {
  const accepting = own?.acceptMs ?? house.acceptMs ?? 0;
  return says === 'reject' ? (own?.rejectMs ?? house.rejectMs ?? accepting) : accepting;
}
