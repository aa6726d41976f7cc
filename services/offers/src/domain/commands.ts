/** What can be asked of offers. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Actor, CaseFactsState, FreeJson, OfferDefinition, OfferResponse, Outcome } from './state.ts';

/** A customer as customer-360 said, with the profile where the event had one. */
export interface Profile {
  readonly customer: ReceivedData<'switchboard.customer360.v1.ContactAttributed'>['customer'];
  readonly profile?: FreeJson | undefined;
}

/** A case as intake said, as facts for rules. */
export interface CaseNews {
  readonly id: string;
  readonly version: number;
  readonly open: boolean;
  readonly facts: FreeJson;
}

interface PromiseNews {
  readonly caseId: string;
  readonly clockId: string;
  readonly version: number;
  readonly breached: boolean;
  /** Absent: as before. */
  readonly atRisk?: boolean | undefined;
}

interface RecordResponse {
  readonly decisionId: string;
  readonly offerId: string;
  readonly outcome: Outcome;
  readonly by?: Actor | undefined;
}

export interface RecordedResponse {
  readonly response: OfferResponse;
  readonly repeated: boolean;
}

export type OffersCommands = {
  'decide-for-contact': {
    readonly contactId: string;
    readonly known: Profile;
    readonly case: CaseNews;
    readonly channel: string;
    readonly contact: CaseFactsState['contact'];
  };
  'decide-for-activity': {
    readonly activityId: string;
    readonly known: Profile;
    readonly channel: string;
    readonly activity: FreeJson;
  };
  'decide-on-request': {
    readonly customerId: string;
    readonly caseId?: string | undefined;
    readonly channel: string;
    readonly limit: number;
  };
  'record-response': RecordResponse;
  'expire-offer': { readonly customerId: string; readonly offerId: string };
  'note-profile': Profile;
  'merge-customers': Profile & { readonly mergedIds: readonly string[] };
  /** `reopened`: it was resolved before. */
  'note-case': CaseNews & { readonly reopened?: boolean | undefined };
  'note-promise': PromiseNews;
  'put-offer': {
    readonly id: string;
    readonly definition: OfferDefinition;
    readonly ifMatch?: '*' | readonly number[] | undefined;
  };
  'remove-offer': { readonly id: string; readonly ifMatch?: '*' | readonly number[] | undefined };
};
