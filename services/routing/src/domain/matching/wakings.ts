/** Paused work that waits to wake, of agents who have room for it now. Decided again under lock. */
import type { Command } from '@switchboard/hallway';
import { fitsAwake } from '../people/capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import type { Candidate, HeldItem } from './candidate.ts';
import type { Memory } from './types.ts';

export function wakings({ agents, waking }: Memory): Command<RoutingCommands>[] {
  return [...waking].flatMap((agent) => {
    const first = agents.get(agent.id) === agent ? firstWaking(agent) : undefined;
    if (first === undefined) waking.delete(agent);
    if (first?.reservationId === undefined) return [];
    const others = [...agent.holds.values()].filter((held) => held !== first);
    if (!fitsAwake(agent, others, first)) return [];
    return [{ type: 'wake-reservation', data: { reservationId: first.reservationId } } as const];
  });
}

function firstWaking({ holds }: Candidate): HeldItem | undefined {
  for (const held of holds.values()) if (held.activity === 'waking') return held;
  return undefined;
}
