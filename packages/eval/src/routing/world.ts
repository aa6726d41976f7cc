/**
 * The log as a world to match in: who can do what is learned from its first half, what comes in and how well work goes is
 * taken from its second half.
 */
import type { Arrival, Simulation, Staff, Work } from '@switchboard/routing/simulation';
import { shareOf } from '@switchboard/routing/simulation';
import type { Incident } from '../sla/incident-log.ts';
import { effortsOf, spellsOf } from './spells.ts';
import type { Spell } from './spells.ts';

export interface WorldOptions {
  /** Agents in all, dealt out to the teams by their share of the work. */
  readonly agents: number;
  /** Teams with less of the work are left out. */
  readonly leastShare: number;
}

export interface World {
  readonly items: readonly Item[];
  readonly staff: readonly Staff[];
  /** Each draw is another fate of the same work. */
  workOf(draw: number): Simulation['workOf'];
  /** Of one agent with one item, ms. */
  readonly meanHandlingMs: number;
  /** What a spell that is handed on takes of one that finishes the case. */
  readonly wasted: number;
  /** By level of experience, 0 to 5: share of the spells that were handed on, in the second half. */
  readonly handedOn: readonly { readonly spells: number; readonly share: number }[];
  readonly teams: number;
  readonly leftOut: number;
}

/** What comes in, at an instant of its own; ms. */
export interface Item extends Omit<Arrival, 'enqueuedAt' | 'promisedBy' | 'dueAt'> {
  readonly at: number;
}

/** Cases of a kind that somebody finished -> level. */
const LEVELS = [1, 3, 10, 30, 100];
const levelOf = (finished: number): number => LEVELS.filter((least) => finished >= least).length;

type Experience = Map<string, Map<string, number>>;

const finishedOf = (known: Experience, agent: string, category: string): number => known.get(agent)?.get(category) ?? 0;

function learn(known: Experience, { agent, category, isHandedOn }: Spell): void {
  if (isHandedOn) return;
  const own = known.get(agent) ?? new Map<string, number>();
  known.set(agent, own.set(category, (own.get(category) ?? 0) + 1));
}

/** Nobody passes an item on for ever. */
const MOST_TURNS = 6;

export function worldOf(incidents: readonly Incident[], options: WorldOptions): World {
  const cutAt = incidents[Math.floor(incidents.length / 2)]?.openedAt ?? 0;
  const spells = spellsOf(incidents, effortsOf(incidents));
  const before = spells.filter(({ from }) => from < cutAt);
  const after = spells.filter(({ from, incident }) => from >= cutAt && incident.openedAt >= cutAt);
  const known: Experience = new Map();
  for (const spell of before) learn(known, spell);
  const rates = ratesOf(known, after);
  const cases = after.filter(({ isHandedOn, team, effortMs }) => !isHandedOn && team !== undefined && effortMs > 0);
  const teams = teamsOf(cases, options.leastShare);
  const kept = cases.filter(({ team }) => teams.has(team ?? ''));
  const items = kept.map(itemOf).sort((a, b) => a.at - b.at);
  const handling = new Map(kept.map(({ incident, effortMs }) => [incident.id, effortMs]));
  // A spell that was handed on took so much of what the last one of a case took.
  const wasted = meanOf(after.filter(({ isHandedOn }) => isHandedOn)) / meanOf(cases);
  return {
    items,
    staff: staffOf(before, { teams, known, agents: options.agents }),
    meanHandlingMs: meanOf(kept),
    wasted,
    handedOn: rates.byLevel,
    teams: teams.size,
    leftOut: cases.length - items.length,
    workOf:
      (draw) =>
      ({ id, facts }, agentId, turn): Work => {
        const level = levelOf(finishedOf(known, agentId, facts.case.reason ?? ''));
        const share = rates.shareOf(facts.case.product ?? '', level);
        const isHandedOff = turn < MOST_TURNS && shareOf(`${String(draw)} ${id} ${agentId}`) < share;
        return { isHandedOff, handlingMs: Math.round((handling.get(id) ?? 0) * (isHandedOff ? wasted : 1)) };
      },
  };
}

const meanOf = (spells: readonly Spell[]): number =>
  spells.reduce((sum, { effortMs }) => sum + effortMs, 0) / Math.max(1, spells.length);

interface Count {
  spells: number;
  handedOn: number;
}

/** What a team's own figures are weighed with: as many spells at the rate of all teams. */
const PRIOR = 20;

/** How often somebody with so much experience handed a case of that kind on, by team. */
function ratesOf(known: Experience, spells: readonly Spell[]) {
  const all = LEVELS.concat(0).map((): Count => ({ spells: 0, handedOn: 0 }));
  const byTeam = new Map<string, Count[]>();
  for (const { agent, category, team = '', isHandedOn } of spells) {
    const level = levelOf(finishedOf(known, agent, category));
    const own = byTeam.get(team) ?? all.map((): Count => ({ spells: 0, handedOn: 0 }));
    byTeam.set(team, own);
    for (const count of [all[level], own[level]])
      if (count !== undefined) {
        count.spells += 1;
        count.handedOn += isHandedOn ? 1 : 0;
      }
  }
  const byLevel = all.map((count) => ({ spells: count.spells, share: count.handedOn / Math.max(1, count.spells) }));
  return {
    byLevel,
    shareOf: (team: string, level: number): number => {
      const own = byTeam.get(team)?.[level] ?? { spells: 0, handedOn: 0 };
      return (own.handedOn + PRIOR * (byLevel[level]?.share ?? 0)) / (own.spells + PRIOR);
    },
  };
}

/** Team -> its share of the work. */
function teamsOf(cases: readonly Spell[], leastShare: number): Map<string, number> {
  const work = new Map<string, number>();
  for (const { team = '', effortMs } of cases) work.set(team, (work.get(team) ?? 0) + effortMs);
  const total = [...work.values()].reduce((sum, ms) => sum + ms, 0);
  return new Map([...work].map(([team, ms]) => [team, ms / total] as const).filter(([, share]) => share >= leastShare));
}

interface Dealing {
  readonly teams: ReadonlyMap<string, number>;
  readonly known: Experience;
  readonly agents: number;
}

/** Of each team those who finished most, as many as its share of the work; who is in two teams serves both. */
function staffOf(spells: readonly Spell[], { teams, known, agents }: Dealing): Staff[] {
  const finished = new Map<string, Map<string, number>>();
  for (const { team = '', agent, isHandedOn } of spells) {
    if (isHandedOn || !teams.has(team)) continue;
    const own = finished.get(team) ?? new Map<string, number>();
    finished.set(team, own.set(agent, (own.get(agent) ?? 0) + 1));
  }
  const sum = [...teams.values()].reduce((total, share) => total + share, 0);
  const teamsOfAgent = new Map<string, string[]>();
  for (const [team, share] of teams) {
    const best = [...(finished.get(team) ?? [])].sort(([, a], [, b]) => b - a);
    for (const [agent] of best.slice(0, Math.max(2, Math.round((agents * share) / sum))))
      teamsOfAgent.set(agent, [...(teamsOfAgent.get(agent) ?? []), team]);
  }
  return [...teamsOfAgent].map(([agent, products]): Staff => {
    const skills = Object.fromEntries([...(known.get(agent) ?? [])].map(([kind, count]) => [kind, levelOf(count)]));
    const facts = { id: agent, team: products[0] ?? '', skills, languages: [], territories: [], products };
    return { id: agent, facts, capacity: { default: 1 } };
  });
}

function itemOf({ incident, category, team = '' }: Spell): Item {
  const { id, openedAt, changes } = incident;
  const priority = changes[0]?.priority ?? 3;
  const about = { id, reason: category, product: team, priority, status: 'open', openedAt: '', attributes: {} };
  const facts = { case: about, contact: { channel: 'phone', attributes: {} }, customer: {} };
  return { id, at: openedAt, queueId: 'desk', channel: 'phone', priority, facts };
}
