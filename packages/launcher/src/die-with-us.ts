import { spawn } from 'node:child_process';
import type { ServerUser } from './postgres/binaries.ts';

/**
 * Sees to it that a process ends when we do, even by kill -9: a tiny shell waits for the end of a pipe whose other
 * end only we hold, and then signals the process. Returns a function that calls the shell off.
 */
export function dieWithUs(pid: number, signal: 'INT' | 'TERM', user?: ServerUser): () => void {
  const watcher = spawn('/bin/sh', ['-c', 'read -r line; kill -s "$0" "$1"', signal, String(pid)], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...user,
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  return () => {
    watcher.kill('SIGKILL');
  };
}
