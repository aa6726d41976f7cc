/** What each agent did in a time, added up, with what was expected of them. */
import { measures } from './standardise.ts';
import type { Cell, Measure, MeasureReport, Standardised } from './standardise.ts';

type Compared = Omit<Standardised, 'place'> & {
  /** Counted from the lowest: what the data leave open. */
  readonly firstPlace: number;
  readonly lastPlace: number;
};

export interface AgentLine extends Readonly<Record<Measure, Compared | null>> {
  readonly agentId: string;
  readonly offered: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly missed: number;
  /** Those that are still open were neither answered nor taken back. */
  readonly withdrawn: number;
  readonly completed: number;
  /** In sum, ms. */
  readonly handlingMs: number;
  /** Of those whose handling time is known; `null`: of none. */
  readonly meanHandlingMs: number | null;
}

export type Found = Readonly<Record<Measure, MeasureReport>>;

/** One an agent, in the order in which they come first. */
export function agentLines(cells: readonly Cell[], found: Found): AgentLine[] {
  return [...Map.groupBy(cells, ({ agentId }) => agentId)].map(([agentId, own]) => lineOf(agentId, own, found));
}

const added = ['offered', 'accepted', 'rejected', 'missed', 'withdrawn', 'completed', 'handlingMs', 'timed'] as const;

function lineOf(agentId: string, cells: readonly Cell[], found: Found): AgentLine {
  const sums = { offered: 0, accepted: 0, rejected: 0, missed: 0, withdrawn: 0, completed: 0, handlingMs: 0, timed: 0 };
  for (const cell of cells) for (const name of added) sums[name] += cell[name];
  const { timed, ...shown } = sums;
  const [handling, acceptance, missing] = measures.map((measure) => comparedIn(found[measure], agentId));
  return {
    ...{ agentId, ...shown },
    meanHandlingMs: timed === 0 ? null : sums.handlingMs / timed,
    ...{ handling: handling ?? null, acceptance: acceptance ?? null, missing: missing ?? null },
  };
}

function comparedIn({ byAgent }: MeasureReport, agentId: string): Compared | null {
  const one = byAgent.get(agentId);
  if (one === undefined) return null;
  const { place, ...rest } = one;
  return { ...rest, firstPlace: place.from, lastPlace: place.to };
}
