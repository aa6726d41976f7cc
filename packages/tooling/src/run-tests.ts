/** The test run as a whole: real Kafka where it can be had, vitest, and an honest count at the end. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { parseCLI, startVitest } from 'vitest/node';
import { provideKafka } from '@switchboard/testing';
import { hasSharedData, needKafka, needSharedData } from './conditional-tests.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Checks that ran before the tests and are counted with them. */
export interface Before extends Count {
  /** Called right before the last line. */
  summary(): void;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Runs the tests and prints the count as the last line.
 * @returns the exit code
 */
export async function runTests(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  before: Before = { passed: 0, failed: 0, summary: () => undefined },
): Promise<number> {
  const kafka = await provideKafka().catch((error: unknown) => ({ required: String(error) }));
  if ('required' in kafka) return refuse(kafka.required, before);
  if ('brokers' in kafka) {
    say(`Kafka for the tests: ${kafka.brokers} (${kafka.source})`);
    env.SWITCHBOARD_TEST_KAFKA = kafka.brokers;
  }
  try {
    const { count, complete } = await runVitest(args);
    sayWhatWasLeftOut('missing' in kafka ? kafka.missing : undefined);
    return finish(count, before, complete);
  } finally {
    if ('stop' in kafka) await kafka.stop();
  }
}

async function runVitest(args: readonly string[]): Promise<{ count: Count; complete: boolean }> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const vitest = await startVitest(filter, { ...options, root, watch: false });
  const files = vitest.state.getTestModules();
  const tests = files.flatMap((file) => [...file.children.allTests()]);
  const inState = (state: string): number => tests.filter((test) => test.result().state === state).length;
  // A file that breaks before its first test, an error outside of any test, and a skipped test are failures as well.
  const broken = files.filter((file) => file.errors().length > 0 || file.children.size === 0).length;
  const stray = vitest.state.getUnhandledErrors().length;
  const failed = inState('failed') + inState('skipped') + inState('pending') + broken + stray;
  await vitest.close();
  return { count: { passed: inState('passed'), failed }, complete: tests.length > 0 };
}

function sayWhatWasLeftOut(kafkaIsMissing: string | undefined): void {
  if (kafkaIsMissing !== undefined) {
    sayLeftOut(needKafka, `there is no Kafka here: ${kafkaIsMissing}`);
    say('Any of these is enough: Docker, or Java 17 and Maven, or KAFKA_BROKERS. REQUIRE_KAFKA=1 makes it a failure.');
  }
  if (!hasSharedData) sayLeftOut(needSharedData, 'the samples they read, ../shared/data, are not beside this checkout');
}

function sayLeftOut(patterns: readonly string[], why: string): void {
  const exclude = ['**/node_modules/**'];
  const files = globSync([...patterns], { cwd: root, exclude });
  if (files.length === 0) return;
  say(`\nNot run, because ${why}`);
  for (const file of files.sort()) say(`  ${file}`);
}

function refuse(reason: string, before: Before): number {
  say(reason);
  return finish({ passed: 0, failed: 1 }, before, true);
}

function finish(tests: Count, before: Before, complete: boolean): number {
  const passed = before.passed + tests.passed;
  const failed = before.failed + tests.failed + (complete ? 0 : 1);
  if (!complete) say('No test was found.');
  before.summary();
  say(`\n${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 ? 0 : 1;
}
