/** What every process costs: CPU seconds and resident memory from `/proc`, by name. */
import { readdirSync, readFileSync } from 'node:fs';

/** Whose cost it is in the report. */
export type Role = 'service' | 'database' | 'broker' | 'load' | 'floor';

export interface Watched {
  readonly name: string;
  readonly role: Role;
  readonly pid: number;
  /** A PostgreSQL postmaster: its children count as well, also those that end meanwhile. */
  readonly family?: boolean;
}

export interface ProcessUse {
  readonly name: string;
  readonly role: Role;
  /** Of one core. */
  readonly cpuPercent: number;
  /** The highest seen. Shared memory counts once. */
  readonly rssMb: number;
}

export interface MachineUse {
  readonly processes: readonly ProcessUse[];
  /** Of one core: whatever else ran on the machine. */
  readonly othersPercent: number;
  readonly seconds: number;
}

export interface ProcessWatch {
  stop(): MachineUse;
}

/** Linux tells CPU time in these, whatever the kernel's own tick is. */
const TICKS_PER_S = 100;
const SAMPLE_MS = 2000;

interface Account {
  readonly one: Watched;
  readonly before: number;
  /** As last seen: a process may end before the watch does. */
  now: number;
  peakMb: number;
}

/** Watches from now to `stop`. */
export function watchProcesses(watched: readonly Watched[]): ProcessWatch {
  const began = performance.now();
  const busyBefore = machineSeconds();
  const accounts = watched.map((one): Account => {
    const before = cpuSeconds(one);
    return { one, before, now: before, peakMb: residentMb(one) };
  });
  const look = (): void => {
    for (const account of accounts) {
      account.now = Math.max(account.now, cpuSeconds(account.one));
      account.peakMb = Math.max(account.peakMb, residentMb(account.one));
    }
  };
  const timer = setInterval(look, SAMPLE_MS);
  // A run that fails meanwhile must still end.
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      look();
      const seconds = (performance.now() - began) / 1000;
      const all = accounts.reduce((sum, { now, before }) => sum + now - before, 0);
      const others = machineSeconds() - busyBefore - all;
      const processes = accounts.map(({ one: { name, role }, now, before, peakMb }) => ({
        name,
        role,
        cpuPercent: (100 * (now - before)) / seconds,
        rssMb: peakMb,
      }));
      return { processes, othersPercent: (100 * Math.max(0, others)) / seconds, seconds };
    },
  };
}

/** CPU seconds a process has used so far; 0 when it is gone. */
function cpuSeconds({ pid, family }: Watched): number {
  const own = statOf(pid);
  if (own === undefined) return 0;
  if (family !== true) return own.seconds;
  // Whoever ended was waited for, and is in the parent's account of its children.
  return childrenOf(pid).reduce((sum, child) => sum + (statOf(child)?.seconds ?? 0), own.seconds + own.endedChildren);
}

function residentMb({ pid, family }: Watched): number {
  const all = family === true ? [pid, ...childrenOf(pid)] : [pid];
  let own = 0;
  let shared = 0;
  for (const one of all) {
    const memory = memoryOf(one);
    own += memory.anonymous;
    shared = Math.max(shared, memory.shared);
  }
  return (own + shared) / 1024;
}

/** Busy seconds of all cores since the start of the machine. */
function machineSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.trim().split(/\s+/u).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_S;
}

interface Stat {
  readonly seconds: number;
  readonly endedChildren: number;
  readonly parent: number;
}

/** @returns undefined when there is no such process */
export function statOf(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat');
  if (text === undefined) return undefined;
  // The name stands in brackets and may hold anything; what follows are fields 3 and on.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (at: number): number => Number(fields[at - 3] ?? 0) / TICKS_PER_S;
  return { seconds: ticks(14) + ticks(15), endedChildren: ticks(16) + ticks(17), parent: Number(fields[1]) };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((one) => statOf(one)?.parent === pid);
}

/** In kB. */
function memoryOf(pid: number): { anonymous: number; shared: number } {
  const text = readProc(pid, 'status') ?? '';
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(text)?.[1] ?? 0);
  return { anonymous: field('RssAnon'), shared: field('RssFile') + field('RssShmem') };
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
