export { RecordTooLargeError } from './port.ts';
export type { Bus, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from './port.ts';
