export { provisionEmbeddedBus } from './embedded-provision.ts';
export type { AdminClient } from './embedded-provision.ts';
export { createEmbeddedBus } from './embedded.ts';
export type { EmbeddedBusOptions } from './embedded.ts';
export { createKafkaBus } from './kafka.ts';
export type { KafkaBusOptions, KafkaSasl } from './kafka.ts';
export { RecordTooLargeError } from './port.ts';
export type { Bus, BusLogger, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from './port.ts';
