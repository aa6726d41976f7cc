import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Hint } from '../hint.ts';
import { writePrivately } from '../postgres/data-folder.ts';

/**
 * One launcher for one data folder.
 * @returns a function that gives the folder free
 * @throws Hint when a living launcher has it
 */
export function lockDataFolder(folder: string): () => void {
  const file = path.join(folder, 'start.pid');
  const holder = readHolder(file);
  if (holder !== undefined && holder !== process.pid && isNode(holder)) {
    throw new Hint(
      `Switchboard already runs on the data folder ${folder} (process ${String(holder)}): stop it first, or set SWITCHBOARD_DATA to another folder.`,
    );
  }
  writePrivately(file, String(process.pid));
  return () => {
    if (readHolder(file) === process.pid) rmSync(file, { force: true });
  };
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Alive, and where that can be seen, a Node process: numbers of dead processes are given to others. */
function isNode(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('node');
  } catch {
    return true;
  }
}
