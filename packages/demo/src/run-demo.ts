/** `npm run demo` as a person sees it. */
import { Hint } from '@switchboard/launcher';
import { NoAnswerError } from './client/api.ts';
import { notRunning, readOptions, usage } from './options.ts';
import type { DemoOptions } from './options.ts';
import type { DayClock } from './play/day-clock.ts';
import { playDay } from './play/play-day.ts';
import { show } from './report/show.ts';
import type { Output } from './report/show.ts';
import { summary } from './report/summary.ts';
import { createTally } from './report/tally.ts';

export interface DemoRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout. */
  readonly root: string;
  readonly output: Output;
  readonly errors: Pick<Output, 'write'>;
  /** Ends the day early, with its summary. */
  readonly signal: AbortSignal;
}

/** Plays a day into a running Switchboard. Resolves with the exit code. */
export async function runDemo(run: DemoRun): Promise<number> {
  try {
    const options = readOptions(run.args, run.env, run.root);
    if (options === undefined) {
      run.output.write(usage);
      return 0;
    }
    await answers(options.baseUrl);
    await play(options, run);
    return 0;
  } catch (error) {
    run.errors.write(`${tell(error)}\n`);
    return 1;
  }
}

/** What a person can mend is a sentence; only our own mistakes show where they are. */
function tell(error: unknown): string {
  if (error instanceof Hint) return error.message;
  if (error instanceof NoAnswerError) return `Switchboard does not take part: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @throws Hint when nobody is there, or not all of it is ready */
async function answers(baseUrl: string): Promise<void> {
  let status: number;
  try {
    const answer = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    status = answer.status;
  } catch {
    throw notRunning(baseUrl);
  }
  if (status !== 200)
    throw new Hint(`${baseUrl} answers, but is not ready (${String(status)}): try again in a moment.`);
}

async function play(options: DemoOptions, { output, signal }: DemoRun): Promise<void> {
  const tally = createTally();
  let clock: DayClock | undefined;
  let hide = (): void => undefined;
  let began = performance.now();
  try {
    await playDay({
      ...options,
      tally,
      signal,
      onProgress: (text) => output.write(`${text} ...\n`),
      onDay: (day) => {
        clock = day;
        began = performance.now();
        hide = show(output, { tally, seed: options.seed, hour: day.hour });
      },
    });
  } finally {
    hide();
  }
  if (clock === undefined) return;
  output.write(summary({ tally, hour: clock.hour(), seed: options.seed, tookMs: performance.now() - began }));
}
