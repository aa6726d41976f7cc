import { Hint } from '../hint.ts';

/** Runs a program; what its user can mend ends it with a sentence, anything else with a stack. */
export async function runMain(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Hint ? error.message : String(error instanceof Error ? error.stack : error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
