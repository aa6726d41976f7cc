/** A contact comes in: which case is it about, and what happens to that case. */
import {
  next,
  reject,
  type Change,
  type Context,
  type Decision,
  type Handler,
  type Message,
  type Need,
  type OutgoingEvent,
  type World,
} from '@switchboard/hallway';
import type { IntakeCommands, NewContact } from './commands.ts';
import { chooseCase, namedByThread } from './choose-case.ts';
import { caseSnapshot, contactSnapshot } from './snapshots.ts';
import type { CaseState, ContactKeyState, ContactPointState, ContactState, IntakeKinds } from './state.ts';
import { newTrackingCode, trackingRandomBytes } from './tracking-code.ts';

type Receive = Message<'receive-contact', IntakeCommands['receive-contact']>;

/** What a REST caller gets. */
export interface ContactReceipt {
  readonly contactId: string;
  readonly caseId: string;
  readonly trackingCode: string;
  readonly caseCreated: boolean;
  /** The natural key was known: this is what it became then. */
  readonly repeated: boolean;
}

export const receiveContact: Handler<IntakeKinds, object, Receive> = {
  needs({ data }, world) {
    const { contact, naturalKey, thread } = data;
    const needs: Need<IntakeKinds>[] = [{ kind: 'contactPoint', id: contact.contactPoint }];
    if (naturalKey !== undefined) needs.push({ kind: 'contactKey', id: naturalKey });
    if (thread !== undefined) {
      for (const id of thread.answers) needs.push({ kind: 'threadName', id, mode: 'read' });
      needs.push({ kind: 'threadName', id: thread.own });
      if (thread.trackingCode !== undefined)
        needs.push({ kind: 'trackingName', id: thread.trackingCode, mode: 'read' });
    }
    const named = [contact.caseId, ...(thread === undefined ? [] : namedByThread(thread, world))];
    for (const id of named) if (id !== '') needs.push({ kind: 'case', id, mode: 'read' });
    const chosen = chooseCase(data, world);
    if ('join' in chosen) needs.push({ kind: 'case', id: chosen.join });
    return needs;
  },

  decide(message, world, context) {
    const { data } = message;
    const known = data.naturalKey === undefined ? undefined : world.get('contactKey', data.naturalKey);
    if (known !== undefined) return repeat(data, known, context);
    const chosen = chooseCase(data, world);
    if ('rejected' in chosen) return chosen;
    const existing = 'join' in chosen ? world.get('case', chosen.join) : undefined;
    if ('join' in chosen && existing !== undefined) return joinCase(data, { existing, world, context });
    return openCase(data, { world, context, relatedCaseId: 'open' in chosen ? chosen.relatedCaseId : undefined });
  },
};

function repeat(
  data: IntakeCommands['receive-contact'],
  known: ContactKeyState,
  context: Context<object>,
): ReturnType<typeof receiveContact.decide> {
  const { contactId, caseId, caseCreated } = known;
  const reply: ContactReceipt = { contactId, caseId, trackingCode: known.trackingCode, caseCreated, repeated: true };
  if (known.fingerprint === data.fingerprint) return { reply };
  if (data.refuseDifference) {
    return reject('conflict', 'conflict', 'A contact with this externalId was received before with another content', [
      { field: 'externalId', reason: `is already the id of contact ${contactId}` },
    ]);
  }
  if (known.differences.some(({ fingerprint }) => fingerprint === data.fingerprint)) return { reply };
  const difference = { fingerprint: data.fingerprint, at: context.now.toISOString() };
  const state = next(known, { differences: [...known.differences, difference].slice(-20) });
  return { changes: [{ kind: 'contactKey', state }], reply };
}

interface Surroundings {
  readonly world: World<IntakeKinds>;
  readonly context: Context<object>;
}

function openCase(
  data: IntakeCommands['receive-contact'],
  { world, context, relatedCaseId }: Surroundings & { relatedCaseId: string | undefined },
): Decision<IntakeKinds> {
  const { contact: given } = data;
  const now = context.now.toISOString();
  const state: CaseState = {
    id: context.newId(),
    version: 1,
    trackingCode: newTrackingCode(context.randomBytes(trackingRandomBytes)),
    status: 'open',
    channel: given.channel,
    subject: given.subject,
    reason: given.reason,
    product: given.product,
    priority: given.priority ?? 3,
    language: given.language,
    contactPoint: given.contactPoint,
    openedAt: now,
    attributes: given.attributes,
    relatedCaseId,
  };
  const contact = accept(given, { id: context.newId(), caseId: state.id, acceptedAt: now }, data.files?.length ?? 0);
  const point = world.get('contactPoint', given.contactPoint) ?? { id: given.contactPoint, version: 0, cases: [] };
  const open = { id: state.id, product: state.product, reason: state.reason, openedAt: now };
  return {
    changes: [
      { kind: 'case', state },
      { kind: 'contactPoint', state: next(point, { cases: [...point.cases, open] }) },
      ...recordContact(data, contact, { state, caseCreated: true, world }),
    ],
    events: [
      {
        type: 'switchboard.intake.v1.CaseOpened',
        subject: state.id,
        sequence: 1,
        data: { case: caseSnapshot(state), contact: contactSnapshot(contact) },
      },
    ],
    reply: receipt(contact, state, true),
  };
}

/** A further contact: the case takes over what it lacked, and comes back to life where it waited or was resolved. */
function joinCase(
  data: IntakeCommands['receive-contact'],
  { existing, world, context }: Surroundings & { existing: CaseState },
): Decision<IntakeKinds> {
  const { contact: given } = data;
  const now = context.now.toISOString();
  const events: OutgoingEvent[] = [];
  let state = existing;
  const lacking = takeOver(existing, given);
  if (lacking.length > 0) {
    state = next(state, Object.fromEntries(lacking.map((field) => [field, given[field]])));
    events.push({
      type: 'switchboard.intake.v1.CaseChanged',
      subject: state.id,
      sequence: state.version,
      data: { case: caseSnapshot(state), changed: lacking },
    });
  }
  if (state.status === 'resolved' || state.status === 'pending') {
    const from = state.status;
    state = next(state, { status: 'open', resolvedAt: undefined });
    events.push({
      type: 'switchboard.intake.v1.CaseStatusChanged',
      subject: state.id,
      sequence: state.version,
      data: { case: caseSnapshot(state), from, reason: 'contact' },
    });
  }
  const contact = accept(given, { id: context.newId(), caseId: state.id, acceptedAt: now }, data.files?.length ?? 0);
  state = next(state, {});
  events.push({
    type: 'switchboard.intake.v1.MessageReceived',
    subject: state.id,
    sequence: state.version,
    data: { case: caseSnapshot(state), contact: contactSnapshot(contact) },
  });
  const point = world.get('contactPoint', given.contactPoint);
  return {
    changes: [
      { kind: 'case', state },
      ...(lacking.length > 0 && point !== undefined ? [refreshPoint(point, state)] : []),
      ...recordContact(data, contact, { state, caseCreated: false, world }),
    ],
    events,
    reply: receipt(contact, state, false),
  };
}

type TakenOver = 'product' | 'reason' | 'subject' | 'language';

function takeOver(state: CaseState, given: NewContact): TakenOver[] {
  return (['product', 'reason', 'subject', 'language'] as const).filter(
    (field) => state[field] === '' && given[field] !== '',
  );
}

/** The contact point's own copy of what the same-matter rule asks about. */
export function refreshPoint(point: ContactPointState, state: CaseState): Change<IntakeKinds> {
  const cases = point.cases.map((open) =>
    open.id === state.id ? { ...open, product: state.product, reason: state.reason } : open,
  );
  return { kind: 'contactPoint', state: next(point, { cases }) };
}

function accept(
  given: NewContact,
  { id, caseId, acceptedAt }: { id: string; caseId: string; acceptedAt: string },
  files: number,
): ContactState {
  // Files that came with the contact are served by the contact itself.
  const attachments = given.attachments.map((attachment, index) =>
    index < files ? { ...attachment, url: `/v1/contacts/${id}/attachments/${String(index)}` } : attachment,
  );
  return { ...given, id, version: 1, caseId, acceptedAt, attachments };
}

/** Everything that is only ever written with a new contact: the contact, its message, its names and files. */
function recordContact(
  data: IntakeCommands['receive-contact'],
  contact: ContactState,
  { state, caseCreated, world }: { state: CaseState; caseCreated: boolean; world: World<IntakeKinds> },
): Change<IntakeKinds>[] {
  const changes: Change<IntakeKinds>[] = [
    { kind: 'contact', state: contact },
    {
      kind: 'message',
      state: {
        id: contact.id,
        version: 1,
        caseId: contact.caseId,
        contactId: contact.id,
        direction: 'in',
        author: { kind: 'customer', id: contact.contactPoint },
        text: contact.text,
        visibility: 'public',
        at: contact.acceptedAt,
        attachments: contact.attachments,
      },
    },
  ];
  if (data.naturalKey !== undefined) {
    const { fingerprint, naturalKey: id } = data;
    const { trackingCode: code, id: caseId } = state;
    const key = {
      id,
      version: 1,
      contactId: contact.id,
      caseId,
      trackingCode: code,
      caseCreated,
      fingerprint,
      differences: [],
    };
    changes.push({ kind: 'contactKey', state: key });
  }
  // Two different mails under one Message-ID in one mailbox: the first keeps the name.
  if (data.thread !== undefined && world.get('threadName', data.thread.own) === undefined) {
    changes.push({ kind: 'threadName', state: { id: data.thread.own, version: 1, caseId: state.id } });
  }
  for (const [index, file] of (data.files ?? []).entries()) {
    const id = `${contact.id}/${String(index)}`;
    changes.push({ kind: 'attachmentContent', state: { id, version: 1, ...file } });
  }
  return changes;
}

function receipt(contact: ContactState, state: CaseState, caseCreated: boolean): ContactReceipt {
  return {
    contactId: contact.id,
    caseId: state.id,
    trackingCode: state.trackingCode,
    caseCreated,
    repeated: false,
  };
}
