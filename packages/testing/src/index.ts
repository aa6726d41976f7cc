export { testDatabase, testKafka } from './database.ts';
export type { TestDatabase } from './database.ts';
export { eventually } from './eventually.ts';
export type { EventuallyOptions } from './eventually.ts';
export { startPostgres, temporaryFolder } from './postgres.ts';
export type { StartPostgresOptions } from './postgres.ts';
