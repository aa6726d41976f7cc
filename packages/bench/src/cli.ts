/** `npm run bench` as a person sees it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Hint } from '@switchboard/launcher';
import { readOptions, usage, type BenchRun } from './options.ts';
import { jsonReport } from './report/json.ts';
import { createProgress, type Output } from './report/progress.ts';
import { distributionPicture } from './report/svg.ts';
import { tableReport } from './report/table.ts';
import type { ScenarioResult } from './scenario.ts';

export interface BenchCall {
  readonly args: readonly string[];
  /** The checkout. */
  readonly root: string;
  readonly output: Output;
  readonly errors: Pick<Output, 'write'>;
  /** Ends the run early; it cleans up. */
  readonly signal: AbortSignal;
}

/** Runs one scenario. Resolves with the exit code: 1 when something was lost or duplicated, or could not run. */
export async function runBench(call: BenchCall): Promise<number> {
  try {
    const run = readOptions(call.args);
    if (run === undefined) {
      call.output.write(usage);
      return 0;
    }
    const result = await measure(call, run);
    return (result.lost ?? 0) + (result.duplicated ?? 0) === 0 ? 0 : 1;
  } catch (error) {
    const shown = error instanceof Hint ? error.message : error instanceof Error ? error.stack : String(error);
    call.errors.write(`${shown ?? 'failed'}\n`);
    return 1;
  }
}

async function measure(call: BenchCall, { scenario, options, json }: BenchRun): Promise<ScenarioResult> {
  const outputFolder = path.join(call.root, '.bench');
  mkdirSync(outputFolder, { recursive: true });
  const progress = createProgress(call.output);
  const name = [scenario.name, options.whole && '--whole', options.bus !== 'kafka' && `--bus ${options.bus}`]
    .filter((part) => part !== false)
    .join(' ');
  let result: ScenarioResult;
  try {
    result = await scenario.run({
      root: call.root,
      options,
      outputFolder,
      signal: call.signal,
      progress: progress.show,
      tell: progress.tell,
    });
  } finally {
    progress.end();
  }
  if (call.signal.aborted) throw new Hint('Ended early: nothing is reported.');
  const picture = drawPicture(outputFolder, name, result);
  call.output.write(
    tableReport(name, picture === undefined ? result : { ...result, facts: [...result.facts, picture] }),
  );
  if (json) call.output.write(`${JSON.stringify(jsonReport(name, result))}\n`);
  return result;
}

function drawPicture(folder: string, name: string, { latency }: ScenarioResult): readonly [string, string] | undefined {
  if (latency === undefined || latency.count === 0) return undefined;
  const file = path.join(folder, `${name.replaceAll(/[^a-z0-9]+/gu, '-')}.svg`);
  writeFileSync(file, distributionPicture({ title: name, lines: [{ name, latency }] }));
  return ['picture', file];
}
