/** What happens to a case, as its clocks see it. */
import { nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message } from '@switchboard/hallway';
import { meet, meetAfterAll } from './clock.ts';
import type { CaseNews, SlaCommands } from './commands.ts';
import type { Configuration } from './configuration.ts';
import { caseFacts, contactFacts, customerFacts } from './facts.ts';
import type { CaseSnapshot, ContactSnapshot } from './facts.ts';
import { align, caseNeeds, choose, closeLedger, move, moveAgain, openLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import type { CaseClocks, SlaKinds, Unanswered } from './state.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** Channels on which taking the work is talking to the customer. */
const conversations = new Set(['phone', 'in-person']);
const isDone = (status: string): boolean => status === 'resolved' || status === 'closed';

export const openCase: SlaHandler<'open-case'> = {
  needs: ({ data }, world) => caseNeeds(data.case.id, world),
  decide: ({ data }, world, context) => {
    const { case: snapshot, contact } = data;
    if (world.get('caseClocks', snapshot.id) !== undefined) return nothing;
    const unanswered = unansweredBy(contact, snapshot.version);
    const state: CaseClocks = {
      id: snapshot.id,
      version: 0,
      caseVersion: snapshot.version,
      status: snapshot.status,
      priority: snapshot.priority,
      terms: { policyId: '', calendarId: '', targets: {}, warnAt: [], pauseIn: [] },
      responded: false,
      answeredVersion: 0,
      unanswered,
      openSince: unanswered.since,
      openOccurredAt: unanswered.occurredAt,
      clocks: {},
    };
    const ledger = openLedger(state, data.at, world, context);
    choose(ledger, { case: caseFacts(snapshot), contact: contactFacts(contact) });
    align(ledger);
    return closeLedger(ledger);
  },
};

export const followCase = onCase<'follow-case'>((ledger, data) => {
  takeOver(ledger, data);
});

/** The clock is that of the oldest message nobody has answered: a second one moves nothing. */
export const receiveMessage = onCase<'receive-message'>((ledger, data) => {
  const { unanswered, answeredVersion } = ledger.state;
  if (unanswered === undefined && data.case.version > answeredVersion) {
    ledger.state = { ...ledger.state, unanswered: unansweredBy(data.contact, data.case.version) };
  }
  takeOver(ledger, data);
});

export const recordAnswer = onCase<'record-answer'>((ledger, data) => {
  answer(ledger, ({ caseVersion }) => caseVersion < data.case.version);
  const answeredVersion = Math.max(ledger.state.answeredVersion, data.case.version);
  ledger.state = { ...ledger.state, answeredVersion };
  takeOver(ledger, data);
});

export const acceptWork: SlaHandler<'accept-work'> = {
  needs: ({ data }, world) => caseNeeds(data.caseId, world),
  decide: ({ data }, world, context) => {
    const state = world.get('caseClocks', data.caseId);
    if (state === undefined) return { waitFor: { kind: 'caseClocks', id: data.caseId } };
    if (!conversations.has(data.channel)) return nothing;
    const ledger = openLedger(state, data.at, world, context);
    const { withdrawn, unanswered } = state;
    const clock = withdrawn === undefined ? undefined : world.get('clock', withdrawn.clockId);
    if (clock !== undefined && wasOwed(withdrawn, data.at)) {
      moveAgain(ledger, clock, meetAfterAll);
      ledger.state = { ...state, responded: true, withdrawn: undefined };
    } else if (unanswered !== undefined) answer(ledger, ({ since }) => since <= data.at);
    if (ledger.state === state) return nothing;
    align(ledger);
    return closeLedger(ledger);
  },
};

/**
 * The policy is chosen once more, and then stays. The case's own changes are left to intake, which tells when they
 * were: this topic may be faster than that one.
 */
export const attributeCase = onCase<'attribute-case'>((ledger, data) => {
  const { customerId, status, priority } = ledger.state;
  if (customerId === data.customer.id) return;
  ledger.state = { ...ledger.state, customerId: data.customer.id };
  if (customerId !== undefined) return;
  choose(ledger, {
    // The case may be further than the snapshot that was attributed.
    case: { ...caseFacts(data.case), ...(ledger.state.caseVersion > data.case.version ? { status, priority } : {}) },
    contact: contactFacts(data.contact),
    customer: customerFacts(data.customer),
  });
});

/** Decides over a case that is there, and makes its clocks follow. */
function onCase<T extends 'follow-case' | 'receive-message' | 'record-answer' | 'attribute-case'>(
  change: (ledger: Ledger, data: SlaCommands[T]) => void,
): SlaHandler<T> {
  return {
    needs: ({ data }, world) => caseNeeds(data.case.id, world),
    decide: ({ data }, world, context): Answer<SlaKinds> => {
      const state = world.get('caseClocks', data.case.id);
      if (state === undefined) return { waitFor: { kind: 'caseClocks', id: data.case.id } };
      const ledger = openLedger(state, data.at, world, context);
      change(ledger, data);
      if (ledger.state === state) return nothing;
      align(ledger);
      return closeLedger(ledger);
    },
  };
}

/** Takes over what a newer snapshot says. */
function takeOver(ledger: Ledger, { case: snapshot }: CaseNews): void {
  const { state } = ledger;
  if (snapshot.version <= state.caseVersion) return;
  ledger.state = { ...state, caseVersion: snapshot.version, priority: snapshot.priority, status: snapshot.status };
  const wasDone = state.openSince === undefined;
  if (isDone(snapshot.status) && !wasDone) finish(ledger, snapshot);
  if (!isDone(snapshot.status) && wasDone) ledger.state = { ...ledger.state, openSince: ledger.at.toISOString() };
}

/** Resolved: the promise is kept, and nobody waits for an answer any more. */
function finish(ledger: Ledger, snapshot: CaseSnapshot): void {
  move(ledger, 'resolution', meet);
  const { unanswered, responded, withdrawn } = ledger.state;
  const clock = ledger.clocks.get(responded ? 'nextResponse' : 'firstResponse');
  const waits = clock !== undefined && unanswered !== undefined;
  ledger.state = {
    ...ledger.state,
    withdrawn: waits ? { clockId: clock.id, since: unanswered.since, until: ledger.at.toISOString() } : withdrawn,
    openSince: undefined,
    openOccurredAt: undefined,
    unanswered: undefined,
    answeredVersion: snapshot.version,
  };
}

function wasOwed(withdrawn: CaseClocks['withdrawn'], at: string): boolean {
  return withdrawn !== undefined && withdrawn.since <= at && at <= withdrawn.until;
}

function answer(ledger: Ledger, isBefore: (unanswered: Unanswered) => boolean): void {
  const { unanswered, answeredVersion } = ledger.state;
  if (unanswered !== undefined && !isBefore(unanswered)) return;
  move(ledger, 'firstResponse', meet);
  move(ledger, 'nextResponse', meet);
  ledger.state = {
    ...ledger.state,
    responded: true,
    unanswered: undefined,
    answeredVersion: Math.max(answeredVersion, unanswered?.caseVersion ?? 0),
  };
}

function unansweredBy({ acceptedAt, occurredAt }: ContactSnapshot, caseVersion: number): Unanswered {
  const claimed = occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt).toISOString() };
  return { since: new Date(acceptedAt).toISOString(), ...claimed, caseVersion };
}
