/** A ledger of one contact, one activity and one agent, in which everything holds; tests break it. */
import type { HistoryEvent, SeenEvent, ServiceName, Snapshot } from './snapshot.ts';
import { serviceNames } from './snapshot.ts';

/** The day's minute and second: `at(1.5)` is 08:01:30. */
export const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 22, 8) + minutes * 60_000).toISOString();
const soon = (minutes: number, ms: number): string => new Date(Date.parse(at(minutes)) + ms).toISOString();

interface Told {
  readonly subject: string;
  readonly sequence: number;
  readonly time: string;
  readonly cause?: string;
  readonly data: Record<string, unknown>;
}

function event(service: ServiceName, type: string, { cause, ...told }: Told): SeenEvent {
  return { service, type, id: `${type}-${told.subject}-${String(told.sequence)}`, causationId: cause, ...told };
}

const opened = { id: 'case', status: 'open' };
const item = { id: 'item', caseId: 'case', channel: 'email' };
const reservation = { id: 'reservation', agentId: 'agent', expiresAt: at(2) };
const agent = (status: string) => ({ id: 'agent', status, capacity: { default: 1 } });

const said: readonly SeenEvent[] = [
  event('intake', 'CaseOpened', {
    subject: 'case',
    sequence: 1,
    time: at(0),
    cause: 'request-1',
    data: { case: opened, contact: { id: 'contact', acceptedAt: at(0) } },
  }),
  event('intake', 'MessageSent', {
    subject: 'case',
    sequence: 2,
    time: soon(0, 3000),
    data: { case: opened, message: { id: 'answer', author: { kind: 'agent' }, visibility: 'public' } },
  }),
  event('intake', 'CaseStatusChanged', {
    subject: 'case',
    sequence: 3,
    time: soon(0, 9000),
    data: { case: { id: 'case', status: 'resolved' }, reason: 'ledger-1' },
  }),
  event('routing', 'AgentChanged', { subject: 'agent', sequence: 1, time: at(-2), data: { agent: agent('offline') } }),
  event('routing', 'AgentPresenceChanged', {
    subject: 'agent',
    sequence: 2,
    time: at(-1),
    data: { agent: agent('available') },
  }),
  event('routing', 'WorkQueued', {
    subject: 'item',
    sequence: 1,
    time: soon(0, 100),
    cause: 'CaseOpened-case-1',
    data: { item },
  }),
  event('routing', 'WorkOffered', { subject: 'item', sequence: 2, time: soon(0, 200), data: { item, reservation } }),
  event('routing', 'WorkAccepted', { subject: 'item', sequence: 3, time: soon(0, 900), data: { item, reservation } }),
  event('routing', 'WorkQueued', {
    subject: 'step-item',
    sequence: 1,
    time: at(1),
    data: { item: { id: 'step-item', caseId: 'case', channel: 'task', planStep: { planId: 'plan' } } },
  }),
  event('routing', 'PlanStarted', { subject: 'plan', sequence: 1, time: at(1), data: {} }),
  event('routing', 'CallbackChanged', {
    subject: 'callback',
    sequence: 1,
    time: at(1),
    data: { callback: { id: 'callback', caseId: 'case', channel: 'phone' } },
  }),
  event('sla', 'ClockStarted', {
    subject: 'response',
    sequence: 1,
    time: soon(0, 100),
    cause: 'CaseOpened-case-1',
    data: { clock: { id: 'response' } },
  }),
  event('sla', 'ClockMet', {
    subject: 'response',
    sequence: 2,
    time: soon(0, 3100),
    data: { clock: { id: 'response' } },
  }),
  event('sla', 'ClockStarted', {
    subject: 'resolution',
    sequence: 1,
    time: soon(0, 100),
    cause: 'CaseOpened-case-1',
    data: { clock: { id: 'resolution' } },
  }),
  event('sla', 'ClockBreached', {
    subject: 'resolution',
    sequence: 2,
    time: soon(0, 8100),
    data: { clock: { id: 'resolution', dueAt: soon(0, 8000) } },
  }),
  event('sla', 'ClockMet', {
    subject: 'resolution',
    sequence: 3,
    time: soon(0, 9100),
    data: { clock: { id: 'resolution' } },
  }),
  event('customer-360', 'ProfileCreated', { subject: 'customer', sequence: 1, time: soon(0, 200), data: {} }),
  event('customer-360', 'ContactAttributed', {
    subject: 'customer',
    sequence: 2,
    time: soon(0, 200),
    data: { contactId: 'contact' },
  }),
  event('customer-360', 'ActivityAttributed', {
    subject: 'customer',
    sequence: 3,
    time: at(1),
    data: { activityId: 'activity' },
  }),
  event('offers', 'DecisionMade', { subject: 'contact', sequence: 1, time: soon(0, 300), data: { id: 'contact' } }),
  event('offers', 'OfferPresented', {
    subject: 'contact',
    sequence: 2,
    time: at(1),
    data: { decisionId: 'contact', offerId: 'offer' },
  }),
  event('offers', 'DecisionMade', { subject: 'activity', sequence: 1, time: soon(1, 100), data: { id: 'activity' } }),
];

const clock = { caseId: 'case', policyId: 'ledger', startedAt: at(0), canceledAt: null };

/** Fresh each time: break what you like. */
export function healthy(): Snapshot {
  const history: HistoryEvent[] = said.map((one, index) => ({ ...one, number: index + 1 }));
  return {
    acknowledged: {
      contacts: [{ number: 'c1', door: 'rest', contactPoint: 'email:a@b.c', contactId: 'contact', caseId: 'case' }],
      activities: [{ number: 'a1', door: 'bus', contactPoint: 'email:a@b.c', minorUnits: 700 }],
      presences: [{ agentId: 'agent', status: 'available' }],
      answers: [
        { kind: 'accept', reservationId: 'reservation' },
        { kind: 'message', caseId: 'case', messageId: 'answer' },
        { kind: 'status', caseId: 'case', status: 'resolved', reason: 'ledger-1' },
        { kind: 'response', decisionId: 'contact', offerId: 'offer', outcome: 'presented' },
      ],
      plans: [{ id: 'plan', caseId: 'case' }],
      happenings: [{ planId: 'plan', externalId: 'h1' }],
      callbacks: [{ id: 'callback', caseId: 'case' }],
    },
    topics: said.map((one, index) => ({ ...one, partition: 0, offset: index })),
    history,
    deadLetters: [
      {
        service: 'intake',
        id: 'd1',
        reason: 'not-json',
        error: '',
        topic: 't',
        headers: { 'ledger-spoilt': 'x' },
        replayed: false,
      },
    ],
    leftovers: serviceNames.map((service) => ({ service, outbox: 0, waiting: 0, overdueTimers: [], effects: 0 })),
    tables: {
      intake: {
        cases: [{ id: 'case', version: 3, status: 'resolved' }],
        contacts: [{ id: 'contact', caseId: 'case', number: 'c1' }],
        messages: [
          { id: 'contact', caseId: 'case' },
          { id: 'answer', caseId: 'case' },
        ],
        attributed: { case: 'customer' },
      },
      routing: {
        caseIds: ['case'],
        agents: [{ id: 'agent', version: 2, status: 'available' }],
        holds: [{ agentId: 'agent', reservationId: 'reservation', workItemId: 'item' }],
        items: [
          { id: 'item', version: 3, caseId: 'case', status: 'assigned', isExtra: false },
          { id: 'step-item', version: 1, caseId: 'case', status: 'pending', isExtra: true },
        ],
        reservations: [{ id: 'reservation', workItemId: 'item', agentId: 'agent', status: 'accepted' }],
        plans: [
          {
            ...{ id: 'plan', version: 1, status: 'running', heard: ['h1'] },
            steps: [
              { id: 'one', status: 'active', workItemId: 'step-item' },
              { id: 'two', status: 'waiting' },
            ],
          },
        ],
        callbacks: [{ id: 'callback', version: 1, status: 'scheduled', attempts: [], most: 2, workItemId: null }],
      },
      sla: {
        caseIds: ['case'],
        clocks: [
          {
            ...clock,
            id: 'response',
            version: 2,
            target: 'firstResponse',
            status: 'met',
            dueAt: soon(0, 4000),
            metAt: soon(0, 3000),
            breachedAt: null,
            segments: [{ from: at(0), to: soon(0, 3000) }],
          },
          {
            ...clock,
            id: 'resolution',
            version: 3,
            target: 'resolution',
            status: 'breached',
            dueAt: soon(0, 8000),
            metAt: soon(0, 9000),
            breachedAt: soon(0, 8000),
            segments: [{ from: at(0), to: soon(0, 9000) }],
          },
        ],
        labels: [
          {
            caseId: 'case',
            labels: [
              { at: at(0), status: 'open' },
              { at: soon(0, 9000), status: 'resolved' },
            ],
          },
        ],
      },
      customer360: {
        activities: [{ activityId: 'activity', number: 'a1', customerId: 'customer' }],
        customers: [{ id: 'customer', version: 3, contactPoints: ['email:a@b.c'], purchases: 1, spend: 700 }],
        caseIds: ['case'],
        timelineIds: [
          ...['contact', 'activity', 'answer', 'CaseStatusChanged-case-3', 'WorkAccepted-item-3'],
          ...['ClockBreached-resolution-2', 'OfferPresented-contact-2'],
        ],
      },
      offers: {
        decisions: [
          { id: 'contact', version: 2, caseId: 'case' },
          { id: 'activity', version: 1, caseId: null },
        ],
      },
    },
    takenAt: at(10),
    quietAt: [at(-5), at(10)],
    calm: true,
  };
}
