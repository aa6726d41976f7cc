/** What can be asked of customer-360. */
import type { ReceivedData } from '@switchboard/contracts';
import type { FreeJson } from './state.ts';

export type CaseSnapshot = ReceivedData<'switchboard.intake.v1.CaseOpened'>['case'];
export type ContactSnapshot = ReceivedData<'switchboard.intake.v1.CaseOpened'>['contact'];

/** A moment before it is known whose it is. Its id is that of what happened, so it is told once. */
export interface Moment {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly channel?: string | undefined;
  readonly summary: string;
  readonly caseId?: string | undefined;
  readonly data: FreeJson;
}

/** What an activity says about the customer; `none` is kept in the timeline alone. */
export type ActivityFacts =
  | {
      readonly kind: 'purchase';
      readonly product: string;
      readonly price: { readonly minorUnits: number; readonly currency: string };
    }
  | { readonly kind: 'product-owned'; readonly product: string; readonly attributes: FreeJson }
  | { readonly kind: 'usage'; readonly metric: string; readonly value: number; readonly unit?: string | undefined }
  | { readonly kind: 'preference'; readonly name: string; readonly value: string }
  | { readonly kind: 'consent'; readonly purpose: string; readonly status: string; readonly until?: string | undefined }
  | {
      readonly kind: 'profile';
      readonly name?: string | undefined;
      readonly tier?: string | undefined;
      readonly languages?: readonly string[] | undefined;
    }
  | { readonly kind: 'none' };

export interface FieldProblem {
  readonly field: string;
  readonly reason: string;
}

export interface RecordActivity {
  readonly type: string;
  readonly source: string;
  /** Normalised contact points, none twice. */
  readonly identifiers: readonly string[];
  readonly occurredAt?: string | undefined;
  readonly data: FreeJson;
  readonly facts: ActivityFacts;
  /** What the door could not read; the activity is refused for it. */
  readonly problems: readonly FieldProblem[];
  /** Natural key; absent for a POST without `externalId`, which is always a new activity. */
  readonly key?: string | undefined;
  /** Everything the sender said, normalised: what a repeat is compared with. */
  readonly body: FreeJson;
  /** By REST a contradicting repeat is refused, by Kafka it is recorded. */
  readonly door: 'rest' | 'bus';
}

export interface RecordedActivity {
  readonly activityId: string;
  readonly repeated: boolean;
}

export type Customer360Commands = {
  'attribute-contact': { readonly contact: ContactSnapshot; readonly case: CaseSnapshot };
  'follow-case': { readonly case: CaseSnapshot; readonly moment: Moment };
  'update-contact': { readonly contactId: string; readonly kind: string; readonly text: string };
  'record-activity': RecordActivity;
  /** Something that happened around a case. */
  'tell-of-case': { readonly caseId: string; readonly moment: Moment };
  /** Something that happened with a customer. */
  'tell-of-customer': { readonly customerId: string; readonly moment: Moment };
};
