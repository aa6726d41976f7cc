/** The aggregates of intake. Instants are RFC 3339 in UTC; an absent text is ''. */

/** Documented statuses of a case; `closed` is final. */
export const caseStatuses = ['open', 'pending', 'on-hold', 'resolved', 'closed'] as const;
export type CaseStatus = (typeof caseStatuses)[number];

export interface CaseState {
  readonly id: string;
  readonly version: number;
  readonly trackingCode: string;
  readonly status: CaseStatus;
  /** The channel of the first contact. */
  readonly channel: string;
  readonly subject: string;
  readonly reason: string;
  readonly product: string;
  /** 1 (most urgent) to 5. */
  readonly priority: number;
  readonly language: string;
  readonly contactPoint: string;
  readonly openedAt: string;
  readonly resolvedAt?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** The case this one follows: closed, or somebody else's thread. */
  readonly relatedCaseId?: string | undefined;
}

/** One sender's address and the cases of it that are not closed, newest last. */
export interface ContactPointState {
  readonly id: string;
  readonly version: number;
  readonly cases: readonly OpenCase[];
}

export interface OpenCase {
  readonly id: string;
  readonly product: string;
  readonly reason: string;
  readonly openedAt: string;
}

export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly url: string;
}

export interface ContactState {
  readonly id: string;
  readonly version: number;
  readonly caseId: string;
  readonly channel: string;
  readonly to: string;
  readonly contactPoint: string;
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  readonly reason: string;
  readonly product: string;
  readonly language: string;
  readonly priority?: number | undefined;
  readonly externalId: string;
  readonly occurredAt?: string | undefined;
  readonly acceptedAt: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
}

/** A foreign id, known for ever: what it became, and who said something else under the same id. */
export interface ContactKeyState {
  readonly id: string;
  readonly version: number;
  readonly contactId: string;
  readonly caseId: string;
  readonly trackingCode: string;
  readonly caseCreated: boolean;
  readonly fingerprint: string;
  readonly differences: readonly { readonly fingerprint: string; readonly at: string }[];
}

/** A name that leads to a case: a mail's Message-ID in a mailbox, or a tracking code. */
export interface CaseNameState {
  readonly id: string;
  readonly version: number;
  readonly caseId: string;
}

export interface MessageState {
  /** For an incoming one the contact's id. */
  readonly id: string;
  readonly version: number;
  readonly caseId: string;
  readonly contactId?: string | undefined;
  readonly direction: 'in' | 'out';
  readonly author: { readonly kind: string; readonly id: string };
  readonly text: string;
  readonly visibility: 'public' | 'internal';
  readonly at: string;
  readonly attachments: readonly Attachment[];
}

/** What other services say about a case: kept beside it, so that it does not contend with the case itself. */
export interface CaseFactsState {
  readonly id: string;
  readonly version: number;
  readonly customerId?: string | undefined;
  /** Who has the work of it, or had it at its end; and which work. */
  readonly agentId?: string | undefined;
  readonly workItemId?: string | undefined;
  readonly assignedAt?: string | undefined;
  /** By clock; rows of before: by target. */
  readonly promises: Readonly<Record<string, PromiseFact>>;
  /** Of plans, as far as the customer is told of them. */
  readonly steps?: readonly StepFact[] | undefined;
  readonly wait?: WaitFact | undefined;
}

/** How long the newest work on it is expected to wait, as it was told last. */
export interface WaitFact {
  readonly workItemId: string;
  /** Of what was told about the item. */
  readonly version: number;
  readonly at: string;
  /** Who is served before; absent where nobody knows. */
  readonly ahead?: number | undefined;
  readonly medianMs?: number | undefined;
  readonly highMs?: number | undefined;
  /** Why nobody knows. */
  readonly unknown?: string | undefined;
  /** Of a queue that is closed. */
  readonly opensAt?: string | undefined;
  /** When an agent took work on the case last. */
  readonly takenAt?: string | undefined;
}

/** A step of a plan. */
export interface StepFact {
  readonly planId: string;
  /** Of the plan, when this was said. */
  readonly planVersion: number;
  readonly stepId: string;
  readonly position: number;
  readonly status: string;
  /** By language. */
  readonly words: Readonly<Record<string, string>>;
  /** When it was begun, or was over. */
  readonly at?: string | undefined;
}

export interface PromiseFact {
  readonly clockId: string;
  readonly clockVersion: number;
  readonly startedAt: string;
  readonly status: string;
  readonly dueAt?: string | undefined;
  /** Absent in rows of before: their key is the target. */
  readonly target?: string | undefined;
  /** Fulfilled, in time or late. */
  readonly metAt?: string | undefined;
}

/** What a provider said that is no contact: a delivery status, an edit, a system notice. */
export interface ProviderNoteState {
  /** Hash of what was said, so that a repeat changes nothing. */
  readonly id: string;
  readonly version: number;
  readonly channel: string;
  readonly kind: string;
  readonly externalId: string;
  readonly contactPoint: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A mail's attachment, byte by byte. */
export interface AttachmentContentState {
  /** `<contact id>/<n>`. */
  readonly id: string;
  readonly version: number;
  readonly contentType: string;
  readonly name: string;
  /** Base64. */
  readonly content: string;
}

export type IntakeKinds = {
  contactKey: ContactKeyState;
  threadName: CaseNameState;
  trackingName: CaseNameState;
  contactPoint: ContactPointState;
  case: CaseState;
  contact: ContactState;
  message: MessageState;
  caseFacts: CaseFactsState;
  providerNote: ProviderNoteState;
  attachmentContent: AttachmentContentState;
};
