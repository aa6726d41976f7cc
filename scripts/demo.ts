/** `npm run demo`: a busy day of a telecom company, played into a running Switchboard. */
import path from 'node:path';
import { runDemo } from '@switchboard/demo';

const interrupt = new AbortController();
// Ctrl-C arrives more than once, through npm and the shell; one is enough.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupt.abort();
  });
}

process.exitCode = await runDemo({
  args: process.argv.slice(2),
  env: process.env,
  root: path.dirname(import.meta.dirname),
  output: process.stdout,
  errors: process.stderr,
  signal: interrupt.signal,
});
