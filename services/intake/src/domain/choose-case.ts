/** Which case a contact is about: the one it names, its mail thread's, an open one on the same matter, or a new one. */
import { reject, type Rejection, type World } from '@switchboard/hallway';
import type { IntakeCommands } from './commands.ts';
import { sameMatter } from './same-matter.ts';
import type { CaseState, IntakeKinds } from './state.ts';

export type Choice =
  | { readonly join: string }
  /** A new case, linked with the one it follows, if any. */
  | { readonly open: true; readonly relatedCaseId: string | undefined }
  | Rejection;

/** Looks only at what is loaded so far, so `needs` may ask it too. */
export function chooseCase(data: IntakeCommands['receive-contact'], world: World<IntakeKinds>): Choice {
  const { contact, thread } = data;
  if (contact.caseId !== '') return chooseNamed(contact.caseId, contact.contactPoint, world);
  const threaded = thread === undefined ? undefined : threadedCase(thread, world);
  // Whoever does not belong to the thread gets a case of its own: knowing a Message-ID or a code proves nothing.
  if (threaded !== undefined) return joinOrFollow(threaded, contact.contactPoint);
  const open = world.get('contactPoint', contact.contactPoint)?.cases ?? [];
  // Nobody can say that two withheld senders are one.
  const withheld = contact.contactPoint.startsWith('withheld:');
  const caseId = withheld ? undefined : sameMatter(contact, open);
  return caseId === undefined ? { open: true, relatedCaseId: undefined } : { join: caseId };
}

function chooseNamed(caseId: string, contactPoint: string, world: World<IntakeKinds>): Choice {
  const state = world.get('case', caseId);
  if (state === undefined) {
    const errors = [{ field: 'caseId', reason: 'no such case' }];
    return reject('not-found', 'unknown-id', `There is no case ${caseId}`, errors);
  }
  if (state.contactPoint === contactPoint) return joinOrFollow(state, contactPoint);
  const errors = [{ field: 'caseId', reason: 'is the case of another contact point' }];
  return reject('conflict', 'conflict', 'The case belongs to somebody else', errors);
}

function joinOrFollow(state: CaseState, contactPoint: string): Choice {
  const belongs = state.contactPoint === contactPoint && state.status !== 'closed';
  return belongs ? { join: state.id } : { open: true, relatedCaseId: state.id };
}

/** The first name that leads to a case decides. */
function threadedCase(
  thread: NonNullable<IntakeCommands['receive-contact']['thread']>,
  world: World<IntakeKinds>,
): CaseState | undefined {
  for (const caseId of namedByThread(thread, world)) {
    const state = world.get('case', caseId);
    if (state !== undefined) return state;
  }
  return undefined;
}

/** Case ids a mail's thread names, most telling first. */
export function namedByThread(
  thread: NonNullable<IntakeCommands['receive-contact']['thread']>,
  world: World<IntakeKinds>,
): string[] {
  const answered = thread.answers.map((id) => world.get('threadName', id)?.caseId);
  const code = thread.trackingCode;
  const tracked = code === undefined ? undefined : world.get('trackingName', code)?.caseId;
  return [thread.replyCaseId, ...answered, tracked].filter((id) => id !== undefined);
}
