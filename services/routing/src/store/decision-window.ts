/** Why agents were offered items is kept for a time and leaves by the day; what was told of their waits leaves in pages. */
import { startLoop } from '@switchboard/hallway';
import type { Logger, Loop, Sql } from '@switchboard/hallway';
import type { Extra } from '@switchboard/service';

/** Rows of a statement. */
const AT_ONCE = 1000;
/** Between two looks, ms. */
const PAUSE = 600_000;

export interface DecisionWindowOptions {
  readonly sql: Sql;
  readonly logger: Logger;
  readonly windowMs: number;
}

/**
 * Ids sort by age, so the oldest are the first of the key. Several replicas do not wait for each other; what stays is not
 * locked, for a lock is written.
 */
async function forgetOldest(table: Table, { sql, windowMs }: Window): Promise<number> {
  const { name, at } = table;
  const rows = await sql.query(
    `delete from ${name} where id in (
       select id from ${name} where id = any(array(
         select id from (select id, ${at} from ${name} order by id limit $1) oldest
          where ${at} < clock.now() - $2 * interval '1 millisecond'))
       for update skip locked)
     returning 1`,
    [AT_ONCE, windowMs],
  );
  return rows.length;
}

const DAY_MS = 24 * 3_600_000;

/** Partitions are a day long, or as long as a shorter window: nothing is deleted row by row, so nothing has to be vacuumed. */
export async function dropDecisions({ sql, windowMs }: Window): Promise<void> {
  await sql.query(
    `select keep_partitions('offer_decision', $1 * interval '1 millisecond', $2 * interval '1 millisecond')`,
    [Math.min(DAY_MS, windowMs), windowMs],
  );
}

type Window = Omit<DecisionWindowOptions, 'logger'>;
type Table = (typeof tables)[keyof typeof tables];
const tables = { decisions: { name: 'decision', at: 'decided_at' }, waits: { name: 'wait', at: 'told_at' } } as const;

/** Of those that earlier versions wrote. */
export const forgetDecisions = (window: Window): Promise<number> => forgetOldest(tables.decisions, window);
export const forgetWaits = (window: Window): Promise<number> => forgetOldest(tables.waits, window);

export function decisionWindow(options: DecisionWindowOptions): Extra {
  let loop: Loop | undefined;
  const turn = async (): Promise<number> => {
    await dropDecisions(options);
    const gone = [await forgetDecisions(options), await forgetWaits(options)];
    return gone.includes(AT_ONCE) ? 0 : PAUSE;
  };
  return {
    name: 'decision window',
    start: async () => {
      // After days without any replica nothing could be written before there is a partition for today.
      await dropDecisions(options).catch((error: unknown) => {
        options.logger.warn({ err: error }, 'partitions of decisions are looked after later');
      });
      loop = startLoop({ name: 'decision window', logger: options.logger, turn });
    },
    stop: async () => loop?.stop(),
  };
}
