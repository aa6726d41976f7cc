export { catalogue, deadLetterTopic, entryOf, isEventType, services, topicName, topicOf, topics } from './catalogue.ts';
export type {
  CatalogueEntry,
  EventData,
  EventType,
  EventTypeOf,
  ForeignEventType,
  OwnEventType,
  ReceivedData,
  Service,
  TopicName,
} from './catalogue.ts';
export type { Json, JsonRecord, ReadPayload, WritePayload } from './payload.ts';
export type { Envelope, EventTrace, PublishedEvent, ReceivedEvent } from './envelope.ts';
export { encodeEvent, sourceOf } from './encode.ts';
export type { EncodedRecord } from './encode.ts';
export { decodeRecord } from './decode.ts';
export type { Decoded, RecordToDecode } from './decode.ts';
export type { MalformedReason } from './malformed.ts';
export { activityRecorded, contactReceived } from './guards.ts';
export type { ActivityRecorded, ContactReceived } from './guards.ts';
export { fieldErrors } from './field-errors.ts';
export type { FieldError } from './field-errors.ts';
export { contactPoint, normaliseAddress, normaliseQuery, withheldContactPoint } from './contact-point.ts';
export { isSafeText } from './safe-text.ts';
export { problemOfJson } from './bounded-json.ts';
export type { JsonBounds, JsonProblem } from './bounded-json.ts';
export { openingHours } from './opening-hours.ts';
export {
  attributes,
  freeJson,
  identifier,
  instant,
  durationWithin,
  isoDuration,
  money,
  nonEmptyText,
  openVocabulary,
  optionalText,
  priority,
  safeText,
  timeZone,
  withoutBounds,
  webAddress,
} from './vocabulary.ts';
