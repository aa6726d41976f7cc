export { Hint } from './hint.ts';
export { freePort, isPortFree } from './ports.ts';
export { startEmbeddedPostgres } from './postgres/server.ts';
export type { Postgres, PostgresOptions } from './postgres/server.ts';
