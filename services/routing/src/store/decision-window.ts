/** Why agents were offered items is kept for a time, and leaves in pages. */
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
export async function forgetDecisions({ sql, windowMs }: Omit<DecisionWindowOptions, 'logger'>): Promise<number> {
  const rows = await sql.query(
    `delete from decision where id in (
       select id from decision where id = any(array(
         select id from (select id, decided_at from decision order by id limit $1) oldest
          where decided_at < clock.now() - $2 * interval '1 millisecond'))
       for update skip locked)
     returning 1`,
    [AT_ONCE, windowMs],
  );
  return rows.length;
}

export function decisionWindow(options: DecisionWindowOptions): Extra {
  let loop: Loop | undefined;
  const turn = async (): Promise<number> => ((await forgetDecisions(options)) === AT_ONCE ? 0 : PAUSE);
  return {
    name: 'decision window',
    start: () => {
      loop = startLoop({ name: 'decision window', logger: options.logger, turn });
      return Promise.resolve();
    },
    stop: async () => loop?.stop(),
  };
}
