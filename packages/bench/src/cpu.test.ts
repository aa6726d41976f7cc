import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { watchProcesses } from './cpu.ts';

/** A shell that burns CPU in a child which ends, and then in one that stays. */
const family = `(i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done) & wait; echo done; sleep 60 & wait`;

it('counts what a family used, also in children that ended', { timeout: 60_000 }, async () => {
  const shell = spawn('sh', ['-c', family], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  try {
    const pid = shell.pid ?? 0;
    const watch = watchProcesses([
      { name: 'family', role: 'database', pid, family: true },
      { name: 'gone', role: 'service', pid: 2 ** 22 + 1 },
    ]);
    await once(shell.stdout, 'data');
    const { processes, seconds } = watch.stop();
    expect(processes[0]?.cpuPercent).toBeGreaterThan(0);
    expect((processes[0]?.cpuPercent ?? 0) * seconds).toBeLessThan(100 * seconds * 2);
    expect(processes[0]?.rssMb).toBeGreaterThan(0.1);
    expect(processes[1]).toMatchObject({ cpuPercent: 0, rssMb: 0 });
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  }
});
