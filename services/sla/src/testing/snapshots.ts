/** A case's life as intake, routing and customer-360 tell it. */
import type { SlaCommands } from '../domain/commands.ts';
import type { CaseSnapshot, ContactSnapshot, CustomerSnapshot } from '../domain/policies/facts.ts';

export function caseSnapshot(patch: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    id: 'case-1',
    version: 1,
    trackingCode: '7K3M-0000-0000',
    status: 'open',
    channel: 'email',
    subject: 'Broken',
    reason: '',
    product: '',
    priority: 3,
    language: 'de',
    contactPoint: 'email:ada@example.org',
    openedAt: '2026-11-23T08:00:00.000Z',
    attributes: {},
    ...patch,
  };
}

export function contactSnapshot(patch: Partial<ContactSnapshot> = {}): ContactSnapshot {
  return {
    id: 'contact-1',
    caseId: 'case-1',
    channel: 'email',
    to: 'help@example.com',
    contactPoint: 'email:ada@example.org',
    fromName: 'Ada',
    subject: 'Broken',
    text: 'It broke',
    reason: '',
    product: '',
    language: 'de',
    priority: 3,
    externalId: '',
    acceptedAt: '2026-11-23T08:00:00.000Z',
    attributes: {},
    attachments: [],
    ...patch,
  };
}

export function customerSnapshot(patch: Partial<CustomerSnapshot> = {}): CustomerSnapshot {
  return {
    id: 'customer-1',
    version: 1,
    contactPoints: ['email:ada@example.org'],
    name: 'Ada',
    languages: [],
    tier: '',
    products: [],
    preferences: {},
    consents: [],
    segments: [],
    openCases: 1,
    openComplaints: 0,
    ...patch,
  };
}

/** What other services tell of a case. */
export type CaseCommand =
  | 'open-case'
  | 'receive-message'
  | 'record-answer'
  | 'follow-case'
  | 'accept-work'
  | 'follow-work'
  | 'follow-customer'
  | 'attribute-case';

export interface Teller {
  tell<T extends CaseCommand>(type: T, data: SlaCommands[T], now?: string): unknown;
}

/** One case: each step is its next version. */
export function createStory(house: Teller, first: Partial<CaseSnapshot> = {}) {
  let current = caseSnapshot(first);
  const advance = (patch: Partial<CaseSnapshot>): CaseSnapshot =>
    (current = { ...current, ...patch, version: current.version + 1 });
  return {
    opens: (at: string, contact: Partial<ContactSnapshot> = {}) => {
      current = { ...current, openedAt: at };
      house.tell('open-case', {
        case: current,
        contact: contactSnapshot({ acceptedAt: at, channel: current.channel, ...contact }),
        at,
      });
    },
    customerWrites: (at: string) => {
      house.tell('receive-message', { case: advance({}), contact: contactSnapshot({ acceptedAt: at }), at });
    },
    agentAnswers: (at: string) => {
      house.tell('record-answer', { case: advance({}), at });
    },
    becomes: (status: string, at: string) => {
      house.tell('follow-case', { case: advance({ status }), at });
    },
    getsPriority: (priority: number, at: string) => {
      house.tell('follow-case', { case: advance({ priority }), at });
    },
    botAnswers: (at: string) => {
      house.tell('follow-case', { case: advance({}), at, isBots: true });
    },
    changes: (patch: Partial<CaseSnapshot>, at: string) => {
      house.tell('follow-case', { case: advance(patch), at });
    },
    isAccepted: (at: string, channel = current.channel, team?: string) => {
      house.tell('accept-work', { caseId: current.id, channel, at, ...(team === undefined ? {} : { team }) });
    },
    isHeldBy: (team: string, at: string) => {
      house.tell('follow-work', { caseId: current.id, team, at });
    },
    hasCustomer: (at: string, customer: Partial<CustomerSnapshot> = {}) => {
      house.tell('follow-customer', { customer: customerSnapshot(customer), at, after: '' });
    },
    isAttributed: (at: string, customer: Partial<CustomerSnapshot> = {}) => {
      house.tell('attribute-case', {
        case: current,
        contact: contactSnapshot({ channel: current.channel }),
        customer: customerSnapshot(customer),
        at,
      });
    },
    now: () => current,
  };
}
