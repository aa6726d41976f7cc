/** Who is there: in their shifts, but for who is away after the offers they missed. */
import { setAgent } from '../matching/agents.ts';
import type { Agenda } from '../matching/agenda.ts';
import type { Memory } from '../matching/types.ts';
import { shiftsOf } from './measure.ts';
import type { Staff } from './types.ts';

export interface Attendance {
  /** An offer that ran out, ms. Answers whether they are away for it from here on. */
  missed(agentId: string, now: number): boolean;
  /** Yes or no: misses count anew. */
  answered(agentId: string): void;
  /** How often somebody went away so. */
  wentAway(): number;
}

interface Desk {
  readonly staff: Staff;
  version: number;
  isOnShift: boolean;
  isAway: boolean;
  /** In a row. */
  missed: number;
}

/** They come and go by themselves from here on. `begin`: when who is there from the beginning on came, ms. */
export function createAttendance(
  { memory, agenda }: { readonly memory: Memory; readonly agenda: Agenda<() => void> },
  staff: readonly Staff[],
  begin: number,
): Attendance {
  const desks = new Map(staff.map((one) => [one.id, deskOf(one)]));
  let away = 0;
  for (const desk of desks.values()) attend(desk);
  return {
    missed: (agentId, now) => {
      const desk = desks.get(agentId);
      // Who is not there is not missed.
      if (desk === undefined || !desk.isOnShift || desk.isAway) return false;
      desk.missed += 1;
      if (desk.missed < (desk.staff.awayAfterMissed ?? Infinity)) return false;
      away += 1;
      goAway(desk, now);
      return true;
    },
    answered: (agentId) => {
      const desk = desks.get(agentId);
      if (desk !== undefined) desk.missed = 0;
    },
    wentAway: () => away,
  };

  function attend(desk: Desk): void {
    for (const [n, { from, to }] of shiftsOf(desk.staff).entries()) {
      if (from === undefined) come(desk, begin);
      else {
        if (n === 0) show(memory, desk);
        agenda.add(from, () => {
          come(desk, from);
        });
      }
      if (to !== undefined)
        agenda.add(to, () => {
          desk.isOnShift = false;
          show(memory, desk);
        });
    }
  }

  function come(desk: Desk, now: number): void {
    Object.assign(desk, { isOnShift: true, isAway: false, missed: 0 });
    show(memory, desk, now);
  }

  function goAway(desk: Desk, now: number): void {
    desk.isAway = true;
    show(memory, desk);
    const back = desk.staff.seen?.find((at) => at > now);
    if (back === undefined) return;
    agenda.add(back, () => {
      if (desk.isAway && desk.isOnShift) come(desk, back);
    });
  }
}

const deskOf = (staff: Staff): Desk => ({ staff, version: 0, isOnShift: false, isAway: false, missed: 0 });

/** `now`: from then on they are there; absent: they are not. */
function show(memory: Memory, desk: Desk, now?: number): void {
  const { from: _from, to: _to, shifts: _shifts, seen: _seen, awayAfterMissed: _missed, ...agent } = desk.staff;
  desk.version += 1;
  setAgent(memory, { ...agent, version: desk.version, isAvailable: now !== undefined, idleSince: now ?? 0 });
  if (now !== undefined) memory.history.came.set(agent.id, now);
}
