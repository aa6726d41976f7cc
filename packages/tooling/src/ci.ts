/** `.ci/run` once everything is installed: each check, then the tests, and one count over both. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { runTests } from './run-tests.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const bins = [path.join(root, 'node_modules/node/bin'), path.join(root, 'node_modules/.bin')];

/** Scripts of the root package.json, cheapest first. */
const checks = ['format:check', 'contracts', 'imports', 'dead-code', 'types', 'lint'];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function run(check: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', check], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', (code) => {
      resolve(code === 0);
    });
  });
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

process.env.PATH = [...bins, process.env.PATH ?? ''].join(path.delimiter);
process.env.REQUIRE_KAFKA = '1';

const began = performance.now();
const failed: string[] = [];
for (const check of checks) {
  const start = performance.now();
  const good = await run(check);
  if (!good) failed.push(check);
  say(`${good ? 'passed' : 'FAILED'}  ${check} (${seconds(start)})`);
}
const start = performance.now();
process.exitCode = await runTests([], process.env, {
  passed: checks.length - failed.length,
  failed: failed.length,
  summary: () => {
    say(`\ntests ${seconds(start)}, everything ${seconds(began)}`);
    if (failed.length > 0) say(`Failed checks: ${failed.join(', ')}`);
  },
});
