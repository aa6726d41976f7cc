/** What the counts mean: shares, money, time. */
import { AGENT_HOUR_COST, agents, hoursWorked } from '../company/agents.ts';
import type { PromiseCounts, Tally } from './tally.ts';

export interface Figures {
  /** Of the promises that are decided, 0 to 1; none decided: undefined. */
  readonly keptShare: number | undefined;
  /** Offers accepted, of those shown. */
  readonly acceptedShare: number | undefined;
  /** Offers that got a yes or a no, of those shown. */
  readonly answeredShare: number | undefined;
  /** Hours of the played day that agents were at work. */
  readonly agentHours: number;
  /** EUR cents. */
  readonly cost: number;
  /** EUR cents an agent-hour. */
  readonly salesPerHour: number | undefined;
  /** ms until somebody took a case, on average. */
  readonly averageWait: number | undefined;
}

/** The figures of a day up to this hour. */
export function figuresOf(tally: Tally, hour: number): Figures {
  const { offers, work, promises } = tally;
  const agentHours = agents.reduce((sum, agent) => sum + hoursWorked(agent, hour), 0);
  return {
    keptShare: keptShare(promises),
    acceptedShare: share(offers.accepted, offers.shown),
    answeredShare: share(offers.accepted + offers.declined, offers.shown),
    agentHours,
    cost: agentHours * AGENT_HOUR_COST,
    salesPerHour: share(offers.soldCents, agentHours),
    averageWait: share(work.waited, work.waits),
  };
}

function keptShare({ kept, broken }: PromiseCounts): number | undefined {
  return share(kept, kept + broken);
}

function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });

/** `€1,234`. */
export function euros(cents: number): string {
  return money.format(cents / 100);
}

/** `94 %`, or a dash where there is nothing to divide by. */
export function percent(part: number | undefined): string {
  return part === undefined ? '–' : `${String(Math.round(part * 100))} %`;
}

/** `1.4 s`. */
export function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`;
}
