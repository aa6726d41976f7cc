export { moveClock, provisionedDatabase, testDatabase, testKafka } from './database.ts';
export type { ProvisionedDatabase, TestDatabase } from './database.ts';
export { eventually } from './eventually.ts';
export type { EventuallyOptions } from './eventually.ts';
export { startPostgres, temporaryFolder } from './postgres.ts';
export type { StartPostgresOptions } from './postgres.ts';
