/** What other services would say, for tests. */
import type { EventData, OwnEventType } from '@switchboard/contracts';

type CaseSnapshot = EventData<'switchboard.intake.v1.CaseOpened'>['case'];
type Contact = EventData<'switchboard.intake.v1.CaseOpened'>['contact'];
type Customer = EventData<'switchboard.customer360.v1.ContactAttributed'>['customer'];

export interface Said<T extends OwnEventType> {
  readonly type: T;
  readonly subject: string;
  readonly sequence: number;
  readonly data: EventData<T>;
}

const at = '2026-03-02T09:00:00.000Z';

export const caseSnapshot = (id: string, partial: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  id,
  version: 1,
  status: 'open',
  channel: 'phone',
  priority: 3,
  contactPoint: `phone:+43${id}`,
  openedAt: at,
  ...partial,
});

export const contactSnapshot = (caseId: string, partial: Partial<Contact> = {}): Contact => ({
  id: `${caseId}-contact`,
  caseId,
  channel: 'phone',
  contactPoint: `phone:+43${caseId}`,
  text: 'hello',
  acceptedAt: at,
  ...partial,
});

export function caseOpened(
  id: string,
  matter: Partial<CaseSnapshot> = {},
  contact: Partial<Contact> = {},
): Said<'switchboard.intake.v1.CaseOpened'> {
  const snapshot = caseSnapshot(id, { ...matter, channel: contact.channel ?? 'phone' });
  const data = { case: snapshot, contact: contactSnapshot(id, contact) };
  return { type: 'switchboard.intake.v1.CaseOpened', subject: id, sequence: 1, data };
}

export function messageReceived(
  id: string,
  version: number,
  matter: Partial<CaseSnapshot> = {},
): Said<'switchboard.intake.v1.MessageReceived'> {
  const data = { case: caseSnapshot(id, { ...matter, version }), contact: contactSnapshot(id) };
  return { type: 'switchboard.intake.v1.MessageReceived', subject: id, sequence: version, data };
}

export function caseChanged(
  id: string,
  version: number,
  matter: Partial<CaseSnapshot>,
): Said<'switchboard.intake.v1.CaseChanged'> {
  const data = { case: caseSnapshot(id, { ...matter, version }), changed: Object.keys(matter) };
  return { type: 'switchboard.intake.v1.CaseChanged', subject: id, sequence: version, data };
}

export function caseStatusChanged(
  id: string,
  version: number,
  status: string,
): Said<'switchboard.intake.v1.CaseStatusChanged'> {
  const data = { case: caseSnapshot(id, { status, version }), from: 'open', reason: '' };
  return { type: 'switchboard.intake.v1.CaseStatusChanged', subject: id, sequence: version, data };
}

export function attributed(
  caseId: string,
  customer: Partial<Customer> & { readonly id: string },
): Said<'switchboard.customer360.v1.ContactAttributed'> {
  const data = {
    contactId: `${caseId}-contact`,
    caseId,
    customer: { version: 1, ...customer },
    contact: contactSnapshot(caseId),
    case: caseSnapshot(caseId),
    profile: {},
  };
  return { type: 'switchboard.customer360.v1.ContactAttributed', subject: customer.id, sequence: 1, data };
}

/** A promise that the case is answered by then. */
export function clockStarted(caseId: string, dueAt: string): Said<'switchboard.sla.v1.ClockStarted'> {
  const id = `${caseId}-clock`;
  const clock = {
    id,
    version: 1,
    caseId,
    policyId: 'default',
    target: 'firstResponse',
    status: 'running',
    startedAt: at,
    dueAt,
  };
  return { type: 'switchboard.sla.v1.ClockStarted', subject: id, sequence: 1, data: { clock } };
}
