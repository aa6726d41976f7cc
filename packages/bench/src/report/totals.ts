/** Processes summed up by whose they are. */
import type { ProcessUse, Role } from '../cpu.ts';

export interface RoleTotal {
  readonly role: Role;
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly processes: number;
}

/** In the order in which the roles first appear. */
export function byRole(processes: readonly ProcessUse[]): RoleTotal[] {
  return [...new Set(processes.map(({ role }) => role))].map((role) => {
    const those = processes.filter((one) => one.role === role);
    const sum = (value: (one: ProcessUse) => number): number => those.reduce((total, one) => total + value(one), 0);
    return {
      role,
      cpuPercent: sum(({ cpuPercent }) => cpuPercent),
      rssMb: sum(({ rssMb }) => rssMb),
      processes: those.length,
    };
  });
}
