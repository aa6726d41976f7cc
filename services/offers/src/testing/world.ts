/** Offers, and what other services say, as the tests of offers need them. */
import type { EventData } from '@switchboard/contracts';

export const NOON = '2026-11-22T12:00:00.000Z';
type Attributed = EventData<'switchboard.customer360.v1.ContactAttributed'>;

export interface Decision {
  readonly id: string;
  readonly customerId: string;
  readonly caseId?: string;
  readonly offers: readonly { offerId: string; rank: number; incentive: { text: string } | null; reason: string }[];
  readonly candidates: readonly { offerId: string; outcome: string; stage: string; reason: string }[];
}

let number = 0;
const unique = (): string => String((number += 1)).padStart(4, '0');

export const rentalCar = {
  name: 'Rental car while yours is repaired',
  trigger: 'contact.reason == "accident-report"',
  eligibility: 'profile.products.exists(p, p.id == "car-insurance" && p.attributes.rentalCar == "no")',
  incentive: { text: 'First day free', value: { minorUnits: 4900, currency: 'EUR' } },
  value: { minorUnits: 9900, currency: 'EUR' },
};

export const upgrade = {
  name: 'Unlimited data',
  trigger: 'contact.reason == "address-change" || activity.type == "address-change"',
  eligibility: 'profile.usage.dataGb.last90Days > 100',
  incentive: { text: 'Three months at half price' },
  value: { minorUnits: 4000, currency: 'EUR' },
};

export interface Person {
  readonly id: string;
  readonly point: string;
  version: number;
}

export const aPerson = (): Person => {
  const id = unique();
  return { id: `customer-${id}`, point: `phone:+4930${id}`, version: 0 };
};

interface Told {
  readonly reason?: string;
  readonly channel?: string;
  readonly openComplaints?: number;
  readonly profile?: object;
  readonly caseId?: string;
  readonly contactId?: string;
}

export function attributed(person: Person, told: Told = {}) {
  person.version += 1;
  const { reason = '', channel = 'phone', openComplaints = 0, profile = {} } = told;
  const { caseId = `case-${unique()}`, contactId = `contact-${unique()}` } = told;
  const contact: Attributed['contact'] = {
    id: contactId,
    caseId,
    channel,
    reason,
    contactPoint: person.point,
    acceptedAt: NOON,
    priority: 3,
  };
  const snapshot: Attributed['case'] = {
    id: caseId,
    version: 1,
    status: 'open',
    channel,
    reason,
    priority: 3,
    contactPoint: person.point,
    openedAt: NOON,
  };
  const customer = { id: person.id, version: person.version, contactPoints: [person.point], openComplaints };
  return {
    type: 'switchboard.customer360.v1.ContactAttributed' as const,
    subject: person.id,
    sequence: person.version,
    data: { contactId, caseId, customer, contact, case: snapshot, profile },
  };
}

export function didSomething(person: Person, type: string, profile: object, data: object = {}) {
  person.version += 1;
  const customer = { id: person.id, version: person.version, contactPoints: [person.point] };
  const activityId = `activity-${unique()}`;
  return {
    type: 'switchboard.customer360.v1.ActivityAttributed' as const,
    subject: person.id,
    sequence: person.version,
    data: {
      activityId,
      type,
      source: 'portal',
      data,
      identifiers: [person.point],
      customer,
      profile,
      acceptedAt: NOON,
    },
  };
}

export function clock(caseId: string, id: string, fields: { version: number; status: string; metAt?: string }) {
  const { status } = fields;
  const type =
    status === 'breached' && fields.metAt === undefined
      ? 'switchboard.sla.v1.ClockBreached'
      : 'switchboard.sla.v1.ClockMet';
  return {
    type,
    subject: id,
    sequence: fields.version,
    data: { clock: { id, caseId, policyId: 'default', target: 'firstResponse', startedAt: NOON, ...fields } },
  } as const;
}

export const insured = { products: [{ id: 'car-insurance', attributes: { rentalCar: 'no' } }] };
export const heavyUser = { products: [], usage: { dataGb: { last: 50, last90Days: 140 } } };
