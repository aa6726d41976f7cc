/** `npm run eval`: how good a model is, measured on real data that lies beside the checkout. */
import path from 'node:path';
import { runEval } from '@switchboard/eval';

process.exitCode = await runEval({
  args: process.argv.slice(2),
  root: path.dirname(import.meta.dirname),
  output: process.stdout,
  errors: process.stderr,
});
