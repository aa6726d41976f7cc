/** Starts the load generator and waits for what it tells. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Fleet } from '@switchboard/fleet';

export interface GeneratorPlan {
  readonly bus:
    { readonly kind: 'kafka'; readonly brokers: string } | { readonly kind: 'embedded'; readonly url: string };
  readonly prefix: string;
  /** What is sent: the journey's mix, or changes of cases' status (see `statuses.ts`). */
  readonly records: 'mix' | 'statuses';
  /** Of the run: see `recordAt`. */
  readonly name: string;
  readonly firstIndex: number;
  readonly count: number;
  readonly ratePerS: number;
  /** Intended moment of the first, ms since 1970. */
  readonly startAt: number;
  /** Records of one call of the bus. */
  readonly mostAtOnce: number;
}

export interface Generated {
  /** Records the bus said are durable. */
  readonly acknowledged: number;
  /** How late the generator itself was at worst, ms. */
  readonly latestMs: number;
  readonly lastAcknowledgedAt: number;
}

export interface Generator {
  readonly pid: number;
  /** @throws when it failed or was stopped */
  readonly done: Promise<Generated>;
  stop(): void;
}

const MOST_AT_ONCE = 1000;

export function startGenerator(fleet: Fleet, plan: Omit<GeneratorPlan, 'bus' | 'prefix' | 'mostAtOnce'>): Generator {
  const bus: GeneratorPlan['bus'] =
    fleet.kafka === undefined
      ? { kind: 'embedded', url: fleet.adminUrl }
      : { kind: 'kafka', brokers: fleet.kafka.brokers };
  const whole: GeneratorPlan = { ...plan, bus, prefix: fleet.prefix, mostAtOnce: MOST_AT_ONCE };
  return startProgram('generator.main.ts', JSON.stringify(whole));
}

function startProgram(file: string, argument: string): Generator {
  const script = path.join(import.meta.dirname, file);
  const child = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const said = { out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.errors += chunk.toString()));
  const done = new Promise<Generated>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', killWithUs);
      if (code === 0) resolve(JSON.parse(said.out) as Generated);
      else reject(new Error(`the load generator ended with ${String(code)}: ${said.errors.slice(-2000)}`));
    });
  });
  // Whoever waits hears of it; nobody need be waiting yet.
  done.catch(() => undefined);
  return { pid: child.pid ?? 0, done, stop: killWithUs };
}
