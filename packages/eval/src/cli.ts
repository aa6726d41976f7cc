/** `npm run eval` as a person sees it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { forecast } from './routing/forecast.ts';
import { routing } from './routing/scenario.ts';
import type { Scenario } from './scenario.ts';
import { slaReports } from './sla-reports/reports.ts';
import { sla } from './sla/scenario.ts';

export interface EvalCall {
  readonly args: readonly string[];
  /** The checkout. */
  readonly root: string;
  readonly output: { write(text: string): unknown };
  readonly errors: { write(text: string): unknown };
}

const scenarios: readonly Scenario[] = [sla, slaReports, routing, forecast];

const usage = `npm run eval -- <name> [options]

${scenarios.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join('\n')}

  --data FOLDER  where the real data lies (default: ../shared/data beside the checkout)
  --json         one JSON object as the last line
  --no-pictures  leave the pictures in the documentation as they are
`;

const flag = { type: 'boolean' } as const;
const options = { json: flag, help: flag, 'no-pictures': flag, data: { type: 'string' } } as const;

/** Runs one evaluation. Resolves with the exit code: 1 when it could not run. */
export async function runEval({ args, root, output, errors }: EvalCall): Promise<number> {
  const refuse = (why: string): number => {
    errors.write(`${why}\n`);
    return 1;
  };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help === true) {
      output.write(usage);
      return 0;
    }
    const [name, ...others] = positionals;
    const scenario = scenarios.find((one) => one.name === name);
    if (scenario === undefined || others.length > 0) {
      return refuse(
        `${name === undefined ? 'Which evaluation?' : `There is no evaluation "${positionals.join(' ')}".`}\n\n${usage}`,
      );
    }
    const data = path.resolve(root, values.data ?? '../shared/data');
    const needed = path.join(data, scenario.needs);
    if (!existsSync(needed)) return refuse(absent(needed));
    const { report, json, pictures } = await scenario.run({ root, data, tell: (line) => output.write(`${line}\n`) });
    if (values['no-pictures'] !== true) draw(root, pictures);
    output.write(`${report}\n`);
    if (values.json === true) output.write(`${JSON.stringify(json)}\n`);
    return 0;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Nothing is measured, and nobody is to think that it was. */
function absent(file: string): string {
  return `NOT MEASURED: ${file} is not there.

The real data is not part of the project: it lies beside the checkout, or where --data says.`;
}

function draw(root: string, pictures: ReadonlyMap<string, string>): void {
  for (const [file, content] of pictures) {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
