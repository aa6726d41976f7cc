/** What agents and systems do to a case: change it, move its status, write in it. */
import {
  next,
  nothing,
  reject,
  type Handler,
  type Message,
  type Need,
  type Rejection,
  type World,
} from '@switchboard/hallway';
import type { IntakeCommands } from './commands.ts';
import { refreshPoint } from './receive-contact.ts';
import { caseSnapshot } from './snapshots.ts';
import type { CaseState, IntakeKinds, MessageState } from './state.ts';

type For<T extends keyof IntakeCommands> = Handler<IntakeKinds, object, Message<T, IntakeCommands[T]>>;

/** The contact point is locked before its case, as contacts do; which one it is, the case itself tells. */
function withPoint(caseId: string, world: World<IntakeKinds>): Need<IntakeKinds>[] {
  const contactPoint = world.get('case', caseId)?.contactPoint;
  if (contactPoint === undefined) return [{ kind: 'case', id: caseId, mode: 'read' }];
  return [
    { kind: 'contactPoint', id: contactPoint },
    { kind: 'case', id: caseId },
  ];
}

const unknownCase = (caseId: string): Rejection => reject('not-found', 'unknown-id', `There is no case ${caseId}`);

const closed = (state: CaseState): Rejection =>
  reject('conflict', 'conflict', `The case ${state.id} is closed; a new contact opens a linked one`);

export const changeCase: For<'change-case'> = {
  needs: ({ data }, world) => withPoint(data.caseId, world),
  decide({ data }, world) {
    const state = world.get('case', data.caseId);
    if (state === undefined) return unknownCase(data.caseId);
    if (state.status === 'closed') return closed(state);
    const fields = ['priority', 'product', 'reason', 'subject'] as const;
    const changed = fields.filter((field) => data.patch[field] !== undefined && data.patch[field] !== state[field]);
    if (changed.length === 0) return { reply: state };
    const changedState = next(state, Object.fromEntries(changed.map((field) => [field, data.patch[field]])));
    const point = world.get('contactPoint', state.contactPoint);
    const told = changed.includes('product') || changed.includes('reason');
    return {
      changes: [
        { kind: 'case', state: changedState },
        ...(told && point !== undefined ? [refreshPoint(point, changedState)] : []),
      ],
      events: [
        {
          type: 'switchboard.intake.v1.CaseChanged',
          subject: state.id,
          sequence: changedState.version,
          data: { case: caseSnapshot(changedState), changed },
        },
      ],
      reply: changedState,
    };
  },
};

export const setCaseStatus: For<'set-case-status'> = {
  needs: ({ data }, world) => withPoint(data.caseId, world),
  decide({ data }, world, context) {
    const state = world.get('case', data.caseId);
    if (state === undefined) return unknownCase(data.caseId);
    if (state.status === data.status) return { reply: state };
    if (state.status === 'closed') return closed(state);
    const done = data.status === 'resolved' || data.status === 'closed';
    const moved = next(state, {
      status: data.status,
      resolvedAt: done ? (state.resolvedAt ?? context.now.toISOString()) : undefined,
    });
    const point = world.get('contactPoint', state.contactPoint);
    const leave = data.status === 'closed' && point !== undefined;
    return {
      changes: [
        { kind: 'case', state: moved },
        ...(leave
          ? [
              {
                kind: 'contactPoint' as const,
                state: next(point, { cases: point.cases.filter(({ id }) => id !== state.id) }),
              },
            ]
          : []),
      ],
      events: [
        {
          type: 'switchboard.intake.v1.CaseStatusChanged',
          subject: state.id,
          sequence: moved.version,
          data: { case: caseSnapshot(moved), from: state.status, reason: data.reason },
        },
      ],
      reply: moved,
    };
  },
};

export const recordMessage: For<'record-message'> = {
  needs: ({ data }) => [{ kind: 'case', id: data.caseId }],
  decide({ data }, world, context) {
    const state = world.get('case', data.caseId);
    if (state === undefined) return unknownCase(data.caseId);
    if (state.status === 'closed') return closed(state);
    const { author, text, visibility } = data;
    const message: MessageState = {
      id: context.newId(),
      version: 1,
      caseId: state.id,
      direction: 'out',
      author,
      text,
      visibility,
      at: context.now.toISOString(),
      attachments: [],
    };
    const spoken = next(state, {});
    const { id, at } = message;
    return {
      changes: [
        { kind: 'case', state: spoken },
        { kind: 'message', state: message },
      ],
      events: [
        {
          type: 'switchboard.intake.v1.MessageSent',
          subject: state.id,
          sequence: spoken.version,
          data: { case: caseSnapshot(spoken), message: { id, author, text, visibility, at } },
        },
      ],
      reply: message,
    };
  },
};

export const recordProviderNote: For<'record-provider-note'> = {
  needs({ data }, world) {
    const needs: Need<IntakeKinds>[] = [{ kind: 'providerNote', id: data.id }];
    if (data.changes === undefined) return needs;
    const key = world.get('contactKey', data.changes.naturalKey);
    needs.push({ kind: 'contactKey', id: data.changes.naturalKey, mode: 'read' });
    if (key !== undefined) needs.push({ kind: 'contact', id: key.contactId }, { kind: 'message', id: key.contactId });
    return needs;
  },
  decide({ data }, world, context) {
    if (world.get('providerNote', data.id) !== undefined) return nothing;
    const { id, channel, kind, externalId, contactPoint, changes } = data;
    const at = data.at ?? context.now.toISOString();
    const note = { id, version: 1, channel, kind, externalId, contactPoint, at, data: data.data };
    const key = changes === undefined ? undefined : world.get('contactKey', changes.naturalKey);
    const contact = key === undefined ? undefined : world.get('contact', key.contactId);
    const message = contact === undefined ? undefined : world.get('message', contact.id);
    if (changes === undefined || contact === undefined || message === undefined) {
      return {
        changes: [{ kind: 'providerNote', state: note }],
        events: [
          {
            type: 'switchboard.intake.v1.DeliveryStatusRecorded',
            subject: id,
            sequence: 1,
            data: { channel, externalId, status: kind, contactPoint, at, data: data.data },
          },
        ],
      };
    }
    const text = changes.kind === 'revoked' ? '' : changes.text;
    const updated = next(contact, { text });
    return {
      changes: [
        { kind: 'providerNote', state: note },
        { kind: 'contact', state: updated },
        { kind: 'message', state: next(message, { text }) },
      ],
      events: [
        {
          type: 'switchboard.intake.v1.ContactUpdated',
          subject: contact.id,
          sequence: updated.version,
          data: { contactId: contact.id, caseId: contact.caseId, kind: changes.kind, text },
        },
      ],
    };
  },
};
