/** A consumer in a process of its own, so that it can be killed as a crash kills it: without a word to anybody. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createEmbeddedBus } from '../embedded.ts';
import { createKafkaBus } from '../kafka.ts';
import type { Bus } from '../port.ts';

export type ProcessBus =
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly silenceMs: number }
  | { readonly kind: 'embedded'; readonly connectionString: string; readonly silenceMs: number };

export interface Errand {
  readonly bus: ProcessBus;
  readonly group: string;
  readonly topic: string;
}

/** Resolves when the process has been handed a batch, with which it never gets done. */
export async function holdBatchInProcess(errand: Errand): Promise<{ kill(): Promise<void> }> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(errand)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('the process ended before it was handed a batch'))),
  ]);
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function createBus(bus: ProcessBus): Bus {
  if (bus.kind === 'embedded') return createEmbeddedBus({ ...bus, leaseMs: bus.silenceMs });
  return createKafkaBus({ ...bus, clientId: 'conformance-process', sessionTimeoutMs: bus.silenceMs });
}

async function run({ bus, group, topic }: Errand): Promise<void> {
  await createBus(bus).subscribe({
    group,
    topics: [topic],
    onBatch: () => {
      process.stdout.write('a batch is in hand\n');
      return new Promise<void>(() => undefined);
    },
    onDeath: (error) => {
      throw error;
    },
  });
}

if (import.meta.main) await run(JSON.parse(process.argv[2] ?? '') as Errand);
