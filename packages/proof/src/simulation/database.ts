/** The database as one simulated process sees it: every statement, begin and commit is a step that may meet a fault. */
import type { Database, Sql } from '@switchboard/hallway';
import { connectionLost, type Fault } from './faults.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

interface Transaction {
  readonly sql: Sql;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Begins for real and answers when it has; it ends when told, or with the process. */
async function begin(
  real: Database,
  connection: object,
  { life, scheduler }: { life: Life; scheduler: Scheduler },
): Promise<Transaction> {
  const verdict = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<Sql>();
  const rolledBack = new Error('rolled back');
  const over = real.transaction(async (sql) => {
    begun.resolve(sql);
    await verdict.promise;
  });
  over.catch(begun.reject);
  const rollback = async (): Promise<void> => {
    verdict.reject(rolledBack);
    await over.catch((error: unknown) => {
      if (error !== rolledBack) throw error;
    });
  };
  const sql = await begun.promise;
  life.onEnd(() => {
    scheduler.track(rollback(), connection);
  });
  return {
    sql,
    rollback,
    commit: () => {
      verdict.resolve(undefined);
      return over;
    },
  };
}

export function simulateDatabase(real: Database, life: Life, scheduler: Scheduler): Database {
  return {
    classify: (error) => real.classify(error),
    query: (text, values) => scheduler.act(life, { kind: 'query' }, () => real.query(text, values)),
    async transaction(work) {
      const connection = { broken: false };
      const transaction = await scheduler.act(life, { kind: 'begin', connection }, () =>
        begin(real, connection, { life, scheduler }),
      );
      let result;
      try {
        result = await work(statements(transaction.sql, connection, { life, scheduler }));
      } catch (error) {
        // Where the connection breaks instead, the server rolls back by itself: nothing stays open and locked.
        await scheduler
          .act(life, { kind: 'rollback', connection, meet: () => giveUp(transaction) }, () => transaction.rollback())
          .catch(() => undefined);
        throw error;
      }
      await scheduler.act(
        life,
        { kind: 'commit', connection, meet: (fault) => (fault === 'lost-before' ? giveUp(transaction) : undefined) },
        () => (connection.broken ? giveUp(transaction) : transaction.commit()),
      );
      return result;
    },
  };
}

/** One after the other, as a connection takes them; after a break there is no other. */
function statements(
  sql: Sql,
  connection: { broken: boolean },
  { life, scheduler }: { life: Life; scheduler: Scheduler },
): Sql {
  let last: Promise<unknown> = Promise.resolve();
  return {
    query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]> {
      const turn = last.then(async () => {
        if (connection.broken) throw connectionLost();
        const meet = (fault: Fault): undefined => {
          if (fault.startsWith('lost')) connection.broken = true;
        };
        return scheduler.act<R[]>(life, { kind: 'statement', connection, meet }, () => sql.query<R>(text, values));
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function giveUp(transaction: Transaction): Promise<never> {
  await transaction.rollback();
  throw connectionLost();
}
