/** The one bootstrap of all services. */
export { readSettings, SettingsError } from './config.ts';
export type { BaseSettings, Environment, Settings, SettingsShape } from './config.ts';
export { EgressError } from '@switchboard/egress';
export type { Egress } from '@switchboard/egress';
export { sign } from '@switchboard/webhooks';
export { csvOf } from './http/csv.ts';
export type { Csv } from './http/csv.ts';
export { createService } from './create-service.ts';
export type { CreateOptions, RunningService } from './create-service.ts';
export { assertSchema } from './database/assert-schema.ts';
export { classify } from './database/classify.ts';
export { configurationTable, instant } from './database/columns.ts';
export { migrate } from './database/migrate.ts';
export type { MigrationFolder } from './database/migrate.ts';
export { openDatabase } from './database/pool.ts';
export type { DatabaseOptions, Db, ServiceDatabase } from './database/pool.ts';
export { appendStore, rowStore } from './database/row-store.ts';
export type { StateOf } from './database/row-store.ts';
export { defineService } from './definition.ts';
export type { BuildParts, Built, Extra, ServiceDefinition } from './definition.ts';
export { configurationHandlers } from './http/configuration-handlers.ts';
export type {
  ConfigurationHandlers,
  ConfigurationState,
  IfMatch,
  PutConfiguration,
  PutReply,
  RemoveConfiguration,
} from './http/configuration-handlers.ts';
export { configurationId, configurationRoutes, ifMatchOf } from './http/configuration-resource.ts';
export type { ConfigurationResource } from './http/configuration-resource.ts';
export type { Door } from './http/door.ts';
export { canonicalJson } from './http/idempotency.ts';
export { parseJson } from './http/body.ts';
export { behind, cursorInstant, pageOf, pageQuery, readCursor, toPage } from './http/pages.ts';
export type { Position } from './http/pages.ts';
export { Problem, problem } from './http/problem.ts';
export type { FieldError, ProblemCode } from './http/problem.ts';
export { created, defineRoutes, noContent, ok } from './http/routes.ts';
export type { DoorRequest, PickEvent, Reply, RouteList, Routes, StreamedEvent } from './http/routes.ts';
export type { Access, Caller, Scope } from './http/scopes.ts';
export { run } from './run.ts';
