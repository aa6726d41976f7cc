/** What people did: presence, answers to offers of work, words to customers, responses to offers. */
import type { Answer } from './entries.ts';
import { distinct, eventsOf, notOnce, tally, text } from './count.ts';
import type { SeenEvent, Snapshot } from './snapshot.ts';

/** Each agent has one client that waits for its answers, so the events tell the same story in the same order. */
export function checkPresences({ acknowledged, history, tables }: Snapshot): string[] {
  const told = eventsOf(distinct(history), 'routing', 'AgentPresenceChanged');
  return [...new Set(acknowledged.presences.map(({ agentId }) => agentId))].flatMap((agentId) => {
    const promised = acknowledged.presences.filter((one) => one.agentId === agentId).map(({ status }) => status);
    // Who is set to what they are is told nothing.
    const expected = promised.filter((status, index) => status !== (promised[index - 1] ?? 'offline'));
    const happened = told
      .filter(({ subject }) => subject === agentId)
      .map(({ data }) => text(data, 'agent', 'status') ?? '');
    const now = tables.routing.agents.find(({ id }) => id === agentId)?.status;
    return [
      ...(happened.join() === expected.join() ? [] : [firstDifference(agentId, expected, happened)]),
      ...(now === promised.at(-1)
        ? []
        : [`agent ${agentId} is ${now ?? 'gone'}, but was set to ${promised.at(-1) ?? ''} last`]),
    ];
  });
}

function firstDifference(agentId: string, expected: readonly string[], happened: readonly string[]): string {
  const at = expected.findIndex((status, index) => status !== happened[index]);
  const place = at < 0 ? expected.length : at;
  return `agent ${agentId}: presence change ${String(place + 1)} of ${String(expected.length)} should be ${expected[place] ?? 'the end'} and is ${happened[place] ?? 'missing'}`;
}

export function checkAnswers(snapshot: Snapshot): string[] {
  const { acknowledged, tables } = snapshot;
  const events = distinct(snapshot.history);
  const happened = tally(events.map(keyOf));
  const keys = acknowledged.answers.map(keyOfAnswer);
  const sentMessages = acknowledged.answers.flatMap((answer) => (answer.kind === 'message' ? [answer.messageId] : []));
  return [
    // The same may be said of an offer again after something else was said: as often as it was acknowledged.
    ...[...tally(keys)].flatMap(([key, count]) =>
      happened.get(key) === count
        ? []
        : [`answer ${key}: acknowledged ${String(count)} times, happened ${String(happened.get(key) ?? 0)} times`],
    ),
    ...notOnce('intake: message', sentMessages, tally(tables.intake.messages.map(({ id }) => id))),
    ...notOnce('customer-360: timeline entry of event', timelineEvents(events), tally(tables.customer360.timelineIds)),
  ];
}

const workTypes: Readonly<Record<string, string>> = {
  accept: 'WorkAccepted',
  reject: 'WorkRejected',
  complete: 'WorkCompleted',
};
const responseTypes: Readonly<Record<string, string>> = {
  presented: 'OfferPresented',
  accepted: 'OfferAccepted',
  declined: 'OfferDeclined',
  abandoned: 'OfferAbandoned',
};

function keyOfAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'message':
      return `MessageSent ${answer.messageId}`;
    case 'status':
      return `CaseStatusChanged ${answer.caseId} ${answer.reason}`;
    case 'response':
      return `${responseTypes[answer.outcome] ?? answer.outcome} ${answer.decisionId} ${answer.offerId}`;
    default:
      return `${workTypes[answer.kind] ?? answer.kind} ${answer.reservationId}`;
  }
}

/** What the event is the effect of, if anybody's answer. */
function keyOf({ service, type, data }: SeenEvent): string | undefined {
  if (service === 'routing') return `${type} ${text(data, 'reservation', 'id') ?? ''}`;
  if (service === 'offers') return `${type} ${text(data, 'decisionId') ?? ''} ${text(data, 'offerId') ?? ''}`;
  if (type === 'MessageSent') return `${type} ${text(data, 'message', 'id') ?? ''}`;
  if (type === 'CaseStatusChanged') return `${type} ${text(data, 'case', 'id') ?? ''} ${text(data, 'reason') ?? ''}`;
  return undefined;
}

/** Whatever is told of a case makes an entry of its own in its customer's story. */
function timelineEvents(events: readonly SeenEvent[]): string[] {
  const messages = eventsOf(events, 'intake', 'MessageSent').map(({ data }) => text(data, 'message', 'id') ?? '');
  const others = [
    ...eventsOf(events, 'intake', 'CaseStatusChanged'),
    ...eventsOf(events, 'routing', 'WorkAccepted', 'WorkCompleted'),
    ...eventsOf(events, 'sla', 'ClockWarned', 'ClockBreached'),
    ...eventsOf(events, 'offers', 'OfferPresented', 'OfferAccepted', 'OfferDeclined', 'OfferAbandoned'),
  ];
  return [...messages, ...others.map(({ id }) => id)];
}
