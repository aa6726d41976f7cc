/** `npm run replay`: lists, shows and replays dead letters of a running Switchboard. */
import path from 'node:path';
import { runReplay } from '@switchboard/replay';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupt.abort();
  });
}

process.exitCode = await runReplay({
  args: process.argv.slice(2),
  env: process.env,
  root: path.dirname(import.meta.dirname),
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  signal: interrupt.signal,
});
