/** `npm run bench`: one scenario, measured on this machine. */
import path from 'node:path';
import { runBench } from '@switchboard/bench';

const interrupt = new AbortController();
// Ctrl-C arrives more than once, through npm and the shell; one is enough.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupt.abort();
  });
}

process.exitCode = await runBench({
  args: process.argv.slice(2),
  root: path.dirname(import.meta.dirname),
  output: process.stdout,
  errors: process.stderr,
  signal: interrupt.signal,
});
