/** What a service hands to the bootstrap: its visible list. */
import type { Service } from '@switchboard/contracts';
import type { Egress } from '@switchboard/egress';
import type { Commands, Definition, Kinds, Logger, Sql } from '@switchboard/hallway';
import type { Settings, SettingsShape } from './config.ts';
import type { Db } from './database/pool.ts';
import type { Door } from './http/door.ts';
import type { Routes } from './http/routes.ts';

/** What is there when a service is built; nothing is migrated or running yet. */
export interface BuildParts<S extends SettingsShape> {
  readonly settings: Settings<S>;
  readonly db: Db;
  readonly sql: Sql;
  readonly logger: Logger;
  /** The one way out: HTTP to addresses that strangers named. */
  readonly egress: Egress;
}

/** Something else that runs beside HTTP and the hallway: a listener of another protocol. */
export interface Extra {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Built<K extends Kinds, M extends Commands, C> {
  readonly definition: Definition<K, M, C>;
  /** Door files. Dead letters and health are there already. */
  readonly routes: readonly Routes<M>[];
  readonly extras?: readonly ((door: Door<M>) => Extra)[];
}

export interface ServiceDefinition<S extends SettingsShape, K extends Kinds, M extends Commands, C> {
  readonly name: Service;
  /** One sentence for the reference page. */
  readonly description: string;
  /** The service's own settings (zod), beside the base ones. */
  readonly settings: S;
  /** The folder drizzle-kit writes to; ends in `/`. */
  readonly migrations: URL;
  build(parts: BuildParts<S>): Built<K, M, C>;
}

/** Only gives a definition its types. */
export function defineService<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  definition: ServiceDefinition<S, K, M, C>,
): ServiceDefinition<S, K, M, C> {
  return definition;
}
