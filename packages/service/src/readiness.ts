/** What `/health/ready` says: looked up in the background, so that a probe never waits. */
import type { Logger, Sql } from '@switchboard/hallway';
import type { Health } from './http/health.ts';

export interface Readiness extends Health {
  set(status: 'ready' | 'stopping'): void;
  /** The consumer died: this process is of no use any more. */
  died(reason: string): void;
  watch(): void;
  close(): void;
}

export interface ReadinessParts {
  readonly database: Sql;
  readonly logger: Logger;
  /** What the hallway says is wrong. Shown, but no reason to send requests elsewhere: every replica has it. */
  faults(): readonly string[];
}

/** ms between two looks at the database. */
const interval = 2_000;

export function createReadiness({ database, logger, faults }: ReadinessParts): Readiness {
  let status: 'starting' | 'ready' | 'stopping' = 'starting';
  let death: string | undefined;
  let databaseFault: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      await database.query('select 1');
      if (databaseFault !== undefined) logger.info({}, 'the database is back');
      databaseFault = undefined;
    } catch (error) {
      if (databaseFault === undefined) logger.warn({ err: error }, 'the database is away');
      databaseFault = 'database: away';
    }
  };
  const watch = (): void => {
    timer = setTimeout(() => {
      void look().then(() => {
        if (timer !== undefined) watch();
      });
    }, interval);
    timer.unref();
  };
  return {
    status: () => (status === 'ready' && (death !== undefined || databaseFault !== undefined) ? 'unready' : status),
    faults: () => [death, databaseFault, ...faults()].filter((fault) => fault !== undefined),
    set: (next) => {
      status = next;
    },
    died: (reason) => {
      death = reason;
    },
    watch,
    close: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
