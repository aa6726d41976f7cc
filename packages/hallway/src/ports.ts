/** What the hallway needs from outside. It imports no driver: `packages/service` stands behind these ports. */
import type { Versioned } from './domain.ts';

/** A connection or transaction that runs SQL; `search_path` is the service's schema. */
export interface Sql {
  query<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/**
 * `infrastructure`: the database or broker is away, out of connections, or asked to try again; waiting helps.
 * `conflict`: somebody else was faster (version, unique key); deciding again on fresh state helps.
 * `deterministic`: this very message will fail again.
 */
export type FaultClass = 'infrastructure' | 'conflict' | 'deterministic';

export interface Database extends Sql {
  /** READ COMMITTED; commits when the work resolves, rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  classify(error: unknown): FaultClass;
}

/** How aggregates of one kind are read and written, many at a time. */
export interface Store<S extends Versioned> {
  /** Missing ids are simply absent. `lock` holds the rows (in id order) until the transaction ends. */
  load(sql: Sql, ids: readonly string[], mode: 'lock' | 'read'): Promise<readonly S[]>;
  /** `expected` is the stored version, 0 for a new aggregate. Answers how many rows were written: fewer is a conflict. */
  save(sql: Sql, rows: readonly { readonly state: S; readonly expected: number }[]): Promise<number>;
  remove(sql: Sql, ids: readonly string[]): Promise<number>;
}

/** Structured logger; pino's shape. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
