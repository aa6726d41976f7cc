export { next, nothing, reject } from './domain.ts';
export type {
  Answer,
  Change,
  Commands,
  Context,
  Decision,
  EffectRequest,
  Handler,
  Handlers,
  Kinds,
  Message,
  Need,
  OutgoingEvent,
  Rejection,
  RejectionKind,
  TimerChange,
  Trace,
  Versioned,
  Waiting,
  World,
} from './domain.ts';
export { ConflictError } from './conflict.ts';
export { RefusedRecordError } from './refused.ts';
export { createHallway } from './hallway.ts';
export type { HallwayOptions } from './hallway.ts';
export { keeping } from './definition.ts';
export { startLoop } from './loop.ts';
export type { Loop } from './loop.ts';
export { newId } from './ids.ts';
export { addEffects } from './tables/effects.ts';
export { databaseNow } from './tables/now.ts';
export { createPauses } from './pauses.ts';
export { together } from './together.ts';
export type { Database, FaultClass, Logger, Sql, Store } from './ports.ts';
export type {
  Command,
  DeadLetter,
  Definition,
  DueTimer,
  Effect,
  EffectResult,
  FeedEvent,
  Hallway,
  Idempotency,
  Job,
  JobRun,
  KindEntry,
  Outcome,
  Perform,
  Reactions,
  SubmitOptions,
  TracedEffect,
} from './definition.ts';
