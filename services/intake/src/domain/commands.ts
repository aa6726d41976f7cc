/** What intake can be asked to do, through whichever door. */
import type { Attachment, CaseStatus, PromiseFact, StepFact, WaitFact } from './state.ts';

/** A contact whose sender is known as a contact point. */
export interface NewContact {
  readonly channel: string;
  readonly contactPoint: string;
  readonly fromName: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly language: string;
  readonly reason: string;
  readonly product: string;
  readonly priority?: number | undefined;
  readonly externalId: string;
  readonly caseId: string;
  readonly occurredAt?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
}

/** How a mail says which conversation it belongs to. */
export interface MailThread {
  /** Keys of the mails it answers (`<mailbox> <Message-ID>`), most telling first. */
  readonly answers: readonly string[];
  /** Its own key, so that answers to it are found. */
  readonly own: string;
  /** Case id from our signed reply address. */
  readonly replyCaseId?: string | undefined;
  /** Tracking code found in the subject. */
  readonly trackingCode?: string | undefined;
}

/** An attachment that came with the contact itself. */
export interface AttachedFile {
  readonly name: string;
  readonly contentType: string;
  /** Base64. */
  readonly content: string;
}

export type IntakeCommands = {
  'receive-contact': {
    readonly contact: NewContact;
    /** Known for ever under this id; absent: every call is a new contact. */
    readonly naturalKey?: string | undefined;
    /** Hash of what was sent: the same key with another one is a difference. */
    readonly fingerprint: string;
    /** By REST a difference is refused; everywhere else the first wins and the difference is recorded. */
    readonly refuseDifference: boolean;
    readonly thread?: MailThread | undefined;
    readonly files?: readonly AttachedFile[] | undefined;
  };
  'change-case': {
    readonly caseId: string;
    readonly patch: {
      readonly priority?: number | undefined;
      readonly product?: string | undefined;
      readonly reason?: string | undefined;
      readonly subject?: string | undefined;
    };
  };
  'set-case-status': { readonly caseId: string; readonly status: CaseStatus; readonly reason: string };
  'record-message': {
    readonly caseId: string;
    readonly author: { readonly kind: string; readonly id: string };
    readonly text: string;
    readonly visibility: 'public' | 'internal';
  };
  /** Something a provider said that is no contact. Edits and revocations name the contact they change. */
  'record-provider-note': {
    readonly id: string;
    readonly channel: string;
    readonly kind: string;
    readonly externalId: string;
    readonly contactPoint: string;
    readonly at?: string | undefined;
    readonly data: Readonly<Record<string, unknown>>;
    readonly changes?: { readonly naturalKey: string; readonly kind: 'edited' | 'revoked'; readonly text: string };
  };
  'note-customer': { readonly caseId: string; readonly customerId: string };
  /** `at`: when they took it. */
  'note-agent': {
    readonly caseId: string;
    readonly agentId: string;
    readonly workItemId: string;
    readonly at: string;
  };
  /** Work that they were offered, or had, was taken from them. */
  'note-withdrawal': { readonly caseId: string; readonly agentId: string; readonly workItemId: string };
  'note-wait': { readonly caseId: string; readonly wait: WaitFact };
  /** Steps of a plan that are told to the customer, at one version of it. */
  'note-steps': { readonly caseId: string; readonly steps: readonly StepFact[] };
  'note-promise': { readonly caseId: string; readonly promise: PromiseFact & { readonly target: string } };
};
