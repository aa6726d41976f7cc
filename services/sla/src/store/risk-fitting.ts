/** Learns from the service's own clocks: reads them in pages, thinks in another thread with bounded memory. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Logger, Perform, Sql } from '@switchboard/hallway';
import type { SlaCommands } from '../domain/commands.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { Lesson } from '../domain/risk/lesson.ts';
import type { Fitted } from '../domain/risk/fit.ts';
import { lessons } from './risk-lessons.ts';

export type FitRequest =
  { readonly kind: 'lessons'; readonly lessons: readonly Lesson[] } | { readonly kind: 'fit'; readonly now: number };
export type FitReply = readonly { readonly id: string; readonly fitted: Fitted }[];

export interface FittingParts {
  readonly sql: Sql;
  readonly logger: Logger;
  readonly load: (sql: Sql) => Promise<Configuration>;
}

const MOST_MB = 384;
/** A fit that takes longer is given up, and tried again later, ms. */
const LONGEST = 600_000;

/** Comes back with the models there is enough for; others stay as they were. */
export function riskFitting({ sql, logger, load }: FittingParts): Perform<SlaCommands> {
  return async ({ data }, stopping) => {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(LONGEST)]);
    const now = Date.parse((data as { readonly at: string }).at);
    const worker = new Worker(new URL('risk-worker.ts', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
    });
    try {
      const replied = once(worker, 'message', { signal }) as Promise<[FitReply]>;
      replied.catch(() => undefined);
      const post = (request: FitRequest): void => worker.postMessage(request);
      for await (const page of lessons(sql, await load(sql))) {
        signal.throwIfAborted();
        post({ kind: 'lessons', lessons: page });
      }
      post({ kind: 'fit', now });
      const [reply] = await replied;
      return { command: { type: 'keep-models', data: { models: kept(reply, logger) } } };
    } finally {
      await worker.terminate();
    }
  };
}

function kept(reply: FitReply, logger: Logger): SlaCommands['keep-models']['models'] {
  return reply.flatMap(({ id, fitted }) => {
    if (fitted.ok) {
      const { learned, quality } = fitted.model;
      logger.info({ promise: id, learned, quality }, 'learned which promises are broken');
      return [{ id, model: fitted.model }];
    }
    logger.debug({ promise: id, ...fitted }, 'too few promises ended to learn from');
    return [];
  });
}
