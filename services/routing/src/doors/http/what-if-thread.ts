/** Replays are computed in threads of their own: one at a time, with bounded memory and time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { problem } from '@switchboard/service';
import type { WhatIf, WhatIfReport } from '../../domain/simulation/what-if.ts';

const MOST_MB = 512;
/** A replay that takes longer is given up, ms. */
const LONGEST_MS = 30_000;
/** Replays that run or wait for their turn. */
const MOST_AT_ONCE = 4;

let turn: Promise<unknown> = Promise.resolve();
let asked = 0;

/** @throws Problem 429 where others wait already, 400 where it is too much to be replayed */
export async function replayed(whatIf: WhatIf): Promise<WhatIfReport> {
  if (asked >= MOST_AT_ONCE)
    throw problem('too-many-requests', 'Others are being replayed, wait', { headers: { 'retry-after': '10' } });
  asked += 1;
  // Each takes a core for seconds.
  const next = turn.then(() => inThread(whatIf));
  turn = next.catch(() => undefined);
  try {
    return await next;
  } finally {
    asked -= 1;
  }
}

async function inThread(workerData: WhatIf): Promise<WhatIfReport> {
  const worker = new Worker(new URL('what-if-worker.ts', import.meta.url), {
    execArgv: [],
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
  });
  try {
    const [found] = (await once(worker, 'message', { signal: AbortSignal.timeout(LONGEST_MS) })) as [WhatIfReport];
    return found;
  } catch (error) {
    if (!isTooMuch(error)) throw error;
    const reason = 'is too much to be replayed: ask for less time, or for fewer scenarios and people';
    throw problem('invalid-body', reason, { errors: [{ field: 'to', reason }], cause: error });
  } finally {
    await worker.terminate();
  }
}

/** Of memory or of time. */
const isTooMuch = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ERR_WORKER_OUT_OF_MEMORY', 'ABORT_ERR'].includes(String(error.code));
