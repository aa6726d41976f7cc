/**
 * What it costs to give an item to an agent, in ms of waiting: a worse fit is worth so much wait, and never more. So all
 * that speaks for or against a pair can be added up, and weighed against how long others wait.
 */
import { unitsInUse } from '../people/capacity.ts';
import { capacityFor } from '../people/state.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Asks } from './asks.ts';
import { workedShare } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import type { Entry } from './types.ts';
import type { Parts, Weights } from './record.ts';

/**
 * Nobody is passed over in favour of somebody who ranks more than this behind them, ms: what else a pair costs is the
 * agent's, whoever they get.
 */
export const mostOf = ({ skills, affinity, territory, tier }: Weights): number => skills + affinity + territory + tier;

export interface Situation {
  /** ms. */
  readonly now: number;
  readonly weights: Weights;
  /** Who served the customer last, where that is known. */
  readonly lastAgent: string | undefined;
  /** How much the customer's tier counts in the queue, from 0 to 1 for the one that counts most; absent: not at all. */
  readonly tier?: number | undefined;
}

/** @param more places of the agent that are taken beside what they hold */
export function partsOf({ asks, channel }: Entry, agent: Candidate, situation: Situation, more = 0): Parts {
  const { weights, now, lastAgent, tier = 0 } = situation;
  const held = agent.holds.size + more;
  const unfit = misfit(asks, agent);
  return {
    skills: weights.skills * unfit,
    load: held === 0 ? 0 : weights.load * loadOf(agent, channel, more),
    idle: weights.idle * (held > 0 ? 1 : restlessness(now - agent.idleSince)),
    affinity: lastAgent === undefined || lastAgent === agent.id ? 0 : weights.affinity,
    territory: weights.territory * foreignness(asks, agent.facts),
    worked: weights.worked * workedShare(agent, now),
    breadth: weights.breadth * agent.brings.breadth,
    tier: weights.tier * tier * unfit,
  };
}

export const sumOf = (parts: Parts): number =>
  parts.skills + parts.load + parts.idle + parts.affinity + parts.territory + parts.worked + parts.breadth + parts.tier;

/** From 0 to 1: of the agent's units where they have some, else of their places on the channel. */
function loadOf(agent: Candidate, channel: string, more: number): number {
  const held = [...agent.holds.values()];
  const taken = [...held, ...Array.from({ length: more }, () => ({ channel }))];
  const [used, most] =
    agent.units === undefined
      ? [taken.filter((one) => one.channel === channel).length, capacityFor(agent.capacity, channel)]
      : [unitsInUse(agent, taken), agent.units];
  return Math.min(1, used / Math.max(1, most));
}

const LONG_MS = 600_000;

/** 1 for who has just finished, a half after ten minutes, towards 0. */
const restlessness = (idleMs: number): number => LONG_MS / (LONG_MS + Math.max(0, idleMs));

const BEST_LEVEL = 5;

/** The share of what the case asks for that the agent lacks. A skill is lacked by as many levels as are missing to 5. */
function misfit({ reason, product, language }: Asks, { facts, brings }: Candidate): number {
  const { skills, products } = facts;
  let asked = 0;
  let missing = 0;
  if (reason !== undefined) {
    asked += 1;
    missing += lack(skills, reason);
  }
  if (product !== undefined && product !== reason) {
    asked += 1;
    missing += products.includes(product) ? 0 : lack(skills, product);
  }
  if (language !== undefined && brings.spoken.length > 0) {
    asked += 1;
    missing += brings.spoken.includes(language) ? 0 : 1;
  }
  return asked === 0 ? 0 : missing / asked;
}

/** 0 at the best level, 1 without the skill. */
const lack = (skills: AgentFacts['skills'], skill: string): number =>
  1 - (Object.hasOwn(skills, skill) ? Math.min(BEST_LEVEL, skills[skill] ?? 0) : 0) / BEST_LEVEL;

/** 1: the case names a place, the agent has territories, and none of them covers it. */
function foreignness({ places }: Asks, { territories }: AgentFacts): number {
  if (territories.length === 0 || places.length === 0) return 0;
  return places.some((place) => territories.some((territory) => place.startsWith(territory))) ? 0 : 1;
}
