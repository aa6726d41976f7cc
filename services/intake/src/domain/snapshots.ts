/** Aggregates as the events carry them. */
import type { CaseState, ContactState } from './state.ts';

export function caseSnapshot(state: CaseState) {
  return {
    id: state.id,
    version: state.version,
    trackingCode: state.trackingCode,
    status: state.status,
    channel: state.channel,
    subject: state.subject,
    reason: state.reason,
    product: state.product,
    priority: state.priority,
    language: state.language,
    contactPoint: state.contactPoint,
    openedAt: state.openedAt,
    resolvedAt: state.resolvedAt,
    attributes: state.attributes,
    relatedCaseId: state.relatedCaseId,
  };
}

export function contactSnapshot(state: ContactState) {
  return {
    id: state.id,
    caseId: state.caseId,
    channel: state.channel,
    to: state.to,
    contactPoint: state.contactPoint,
    fromName: state.fromName,
    subject: state.subject,
    text: state.text,
    reason: state.reason,
    product: state.product,
    language: state.language,
    priority: state.priority,
    externalId: state.externalId,
    occurredAt: state.occurredAt,
    acceptedAt: state.acceptedAt,
    attributes: state.attributes,
    attachments: state.attachments,
  };
}
