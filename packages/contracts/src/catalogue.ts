/** The one list of every event: what exists, on which topic, with which schema. */
import type { ActivityRecorded, ContactReceived } from './guards.ts';
import type { ReadPayload, WritePayload } from './payload.ts';
import { ActivityRecordedSchema } from './gen/switchboard/activities/v1/events_pb.ts';
import { ContactReceivedSchema } from './gen/switchboard/contacts/v1/events_pb.ts';
import * as customer360 from './gen/switchboard/customer360/v1/events_pb.ts';
import * as intake from './gen/switchboard/intake/v1/events_pb.ts';
import * as offers from './gen/switchboard/offers/v1/events_pb.ts';
import * as routing from './gen/switchboard/routing/v1/events_pb.ts';
import * as sla from './gen/switchboard/sla/v1/events_pb.ts';

/** Topic (without its prefix) -> the events it carries. */
const schemas = {
  contacts: [ContactReceivedSchema],
  activities: [ActivityRecordedSchema],
  intake: [
    intake.CaseOpenedSchema,
    intake.MessageReceivedSchema,
    intake.MessageSentSchema,
    intake.CaseChangedSchema,
    intake.CaseStatusChangedSchema,
    intake.ContactUpdatedSchema,
    intake.DeliveryStatusRecordedSchema,
    intake.WebhookDisabledSchema,
  ],
  routing: [
    routing.AgentChangedSchema,
    routing.AgentRemovedSchema,
    routing.AgentPresenceChangedSchema,
    routing.CalendarAdoptedSchema,
    routing.TeamChangedSchema,
    routing.TeamRemovedSchema,
    routing.AgentAbsenceChangedSchema,
    routing.AgentAbsenceRemovedSchema,
    routing.QueueChangedSchema,
    routing.WorkQueuedSchema,
    routing.WorkMovedSchema,
    routing.WorkOfferedSchema,
    routing.WorkAcceptedSchema,
    routing.WorkRejectedSchema,
    routing.WorkTimedOutSchema,
    routing.WorkWithdrawnSchema,
    routing.WorkRescindedSchema,
    routing.WorkPausedSchema,
    routing.WorkWakingSchema,
    routing.WorkResumedSchema,
    routing.WorkWrappingUpSchema,
    routing.WorkCompletedSchema,
    routing.WorkCanceledSchema,
    routing.PlanTemplateChangedSchema,
    routing.PlanStartedSchema,
    routing.PlanStepChangedSchema,
    routing.PlanStatusChangedSchema,
    routing.CallbackChangedSchema,
    routing.WorkWaitEstimatedSchema,
    routing.FiguresChangedSchema,
    routing.QueueAlertedSchema,
    routing.QueueCalmedSchema,
    routing.WebhookDisabledSchema,
  ],
  sla: [
    sla.ClockStartedSchema,
    sla.ClockPausedSchema,
    sla.ClockResumedSchema,
    sla.ClockRescheduledSchema,
    sla.ClockWarnedSchema,
    sla.ClockBreachedSchema,
    sla.ClockRemindedSchema,
    sla.ClockMetSchema,
    sla.ClockCanceledSchema,
    sla.ClockRepairedSchema,
    sla.PolicyChangedSchema,
    sla.CalendarChangedSchema,
    sla.FeedFailedSchema,
    sla.RiskChangedSchema,
    sla.WebhookDisabledSchema,
    sla.LadderChangedSchema,
    sla.LadderRemovedSchema,
    sla.EscalationRaisedSchema,
    sla.EscalationHeldSchema,
    sla.EscalationAcknowledgedSchema,
    sla.EscalationUnansweredSchema,
    sla.EscalationEndedSchema,
    sla.EscalationDigestSentSchema,
  ],
  'customer-360': [
    customer360.ContactAttributedSchema,
    customer360.ActivityAttributedSchema,
    customer360.ProfileCreatedSchema,
    customer360.ProfileChangedSchema,
    customer360.ProfileMergedSchema,
    customer360.WebhookDisabledSchema,
  ],
  offers: [
    offers.DecisionMadeSchema,
    offers.OfferChangedSchema,
    offers.OfferPresentedSchema,
    offers.OfferAcceptedSchema,
    offers.OfferDeclinedSchema,
    offers.OfferAbandonedSchema,
    offers.OfferExpiredSchema,
    offers.WebhookDisabledSchema,
  ],
} as const;

type Schemas = typeof schemas;
type Schema = Schemas[keyof Schemas][number];
type SchemaByType = { [S in Schema as S['typeName']]: S };
type ForeignTopic = 'contacts' | 'activities';

/** The last part of a topic's name; what precedes it is configuration. */
export type TopicName = keyof Schemas;
/** The five services, by the names they have in topics and paths. */
export type Service = Exclude<TopicName, ForeignTopic>;
/** Every event type of the catalogue: the protobuf full name, as in `ce_type`. */
export type EventType = keyof SchemaByType;
/** The event types one topic carries. */
export type EventTypeOf<T extends TopicName> = Schemas[T][number]['typeName'];
/** What strangers send in. */
export type ForeignEventType = EventTypeOf<ForeignTopic>;
/** What our services say. */
export type OwnEventType = Exclude<EventType, ForeignEventType>;

/** What a domain passes when it announces an event: instants are RFC 3339 strings, defaults may be left out. */
export type EventData<T extends EventType> = WritePayload<SchemaByType[T]>;
/** What a handler gets: the same with every default filled in, or what a stranger sent once it passed its guard. */
export type ReceivedData<T extends EventType> = T extends keyof ForeignData
  ? ForeignData[T]
  : ReadPayload<SchemaByType[T]>;

interface ForeignData {
  readonly 'switchboard.contacts.v1.ContactReceived': ContactReceived;
  readonly 'switchboard.activities.v1.ActivityRecorded': ActivityRecorded;
}

/** One line of the catalogue. */
export interface CatalogueEntry {
  readonly type: EventType;
  readonly topic: TopicName;
  readonly schema: Schema;
}

/** The five services. */
export const services: readonly Service[] = ['intake', 'routing', 'sla', 'customer-360', 'offers'];

/** Event type -> its topic and schema. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  (Object.keys(schemas) as TopicName[]).flatMap((topic) =>
    schemas[topic].map((schema) => [schema.typeName, { type: schema.typeName, topic, schema }] as const),
  ),
);

/** Whether the catalogue has this event type. */
export function isEventType(type: string): type is EventType {
  return catalogue.has(type);
}

/** The full name of a topic: `topicName('intake', 'switchboard')` is `switchboard.intake`. */
export function topicName(topic: TopicName, prefix: string): string {
  return `${prefix}.${topic}`;
}

/** The topic an event type is published on. */
export function topicOf(type: EventType, prefix: string): string {
  return topicName(entryOf(type).topic, prefix);
}

/** Every topic that carries events. */
export function topics(prefix: string): string[] {
  return (Object.keys(schemas) as TopicName[]).map((topic) => topicName(topic, prefix));
}

/** The topic of the published copies of a service's dead letters. */
export function deadLetterTopic(service: Service, prefix: string): string {
  return `${prefix}.${service}.dead-letters`;
}

/** The catalogue's line of an event type. */
export function entryOf(type: EventType): CatalogueEntry {
  const entry = catalogue.get(type);
  if (entry === undefined) throw new Error(`no event type ${type} in the catalogue`);
  return entry;
}
