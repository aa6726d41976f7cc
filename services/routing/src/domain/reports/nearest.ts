/** Who knows what work asks for, and who is nearest to it. */
import type { AgentFacts } from '../people/state.ts';

export const askedKinds = ['reason', 'product', 'language', 'skill'] as const;

/** What is asked for: by what a case is about, or as a level that a queue's target names. */
export interface Asked {
  readonly kind: (typeof askedKinds)[number];
  readonly name: string;
  /** Least level; absent: any. */
  readonly level?: number | undefined;
}

export interface Mate {
  readonly facts: AgentFacts;
  /** Work of the kind that they finished in the time. */
  readonly finished: number;
}

export interface Near {
  readonly agentId: string;
  /** As a skill; 0: not at all. */
  readonly level: number;
  readonly finished: number;
}

const BEST_LEVEL = 5;

/** 0 to 5. Products and languages are known or not, unless a skill of that name says more. */
export function levelOf({ skills, products, languages }: AgentFacts, { kind, name }: Asked): number {
  const skill = Object.hasOwn(skills, name) ? Math.min(BEST_LEVEL, skills[name] ?? 0) : 0;
  if (kind === 'product' && products.includes(name)) return BEST_LEVEL;
  // Who names no language is not asked about it.
  if (kind === 'language') return languages.length === 0 || languages.some((one) => isSame(one, name)) ? BEST_LEVEL : 0;
  return skill;
}

/** `de-AT` is German. */
const isSame = (one: string, other: string): boolean => primary(one) === primary(other);
const primary = (tag: string): string => tag.split('-', 1)[0]?.toLowerCase() ?? '';

const knows = (facts: AgentFacts, asked: Asked): boolean => levelOf(facts, asked) >= Math.max(1, asked.level ?? 1);

/** Of a team: how many know it, and the first few who do not, those who lack least first. */
export function nearest(asked: Asked, mates: readonly Mate[], most: number): { know: number; nearest: Near[] } {
  const lacking = mates.filter(({ facts }) => !knows(facts, asked));
  const near = lacking
    .map(({ facts, finished }) => ({ agentId: facts.id, level: levelOf(facts, asked), finished }))
    .sort((a, b) => b.level - a.level || b.finished - a.finished || (a.agentId < b.agentId ? -1 : 1));
  return { know: mates.length - lacking.length, nearest: near.slice(0, most) };
}
