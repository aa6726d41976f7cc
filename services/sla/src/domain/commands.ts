/** What sla is told, by other services' events, its timers and REST. `at` is the instant of the fact. */
import type { EscalationCommands } from './escalation/commands.ts';
import type { DimensionState } from './dimensions/state.ts';
import type { CaseSnapshot, ContactSnapshot, CustomerSnapshot } from './policies/facts.ts';
import type { CalendarState } from './calendars/state.ts';
import type { RiskModel } from './risk/model.ts';
import type { PolicyState, Warning } from './policies/state.ts';

export interface CaseNews {
  readonly case: CaseSnapshot;
  readonly at: string;
}

export interface ContactNews extends CaseNews {
  readonly contact: ContactSnapshot;
}

type IfMatch = '*' | readonly number[];
interface Put<S extends { readonly definition: unknown }> {
  readonly id: string;
  readonly definition: S['definition'];
  readonly ifMatch?: IfMatch | undefined;
}
interface Remove {
  readonly id: string;
  readonly ifMatch?: IfMatch | undefined;
}

/** What became of fetching a feed: its content reduced to what counts. */
export type FeedResult =
  | { readonly content: string; readonly etag?: string | undefined; readonly lastModified?: string | undefined }
  | { readonly unchanged: true }
  | { readonly error: string };

interface FeedAddress {
  readonly calendarId: string;
  readonly url: string;
}

/** Whose clocks are computed anew. */
export type RepairScope =
  | { readonly clockId: string }
  | { readonly caseId: string }
  | { readonly policyId: string }
  | { readonly calendarId: string };

export type SlaCommands = {
  'open-case': ContactNews;
  /** A customer wrote again. */
  'receive-message': ContactNews;
  /** A public message of an agent. */
  'record-answer': CaseNews;
  /** Status or priority may have changed; `isBots`: by a public message of a bot. */
  'follow-case': CaseNews & { readonly isBots?: boolean };
  /** An agent took the work, of this team. */
  'accept-work': {
    readonly caseId: string;
    readonly channel: string;
    readonly team?: string | undefined;
    readonly agentId?: string | undefined;
    readonly at: string;
  };
  /** Another team has the work; an empty one: nobody. `queued`: it waits for somebody to take it. */
  'follow-work': { readonly caseId: string; readonly team: string; readonly at: string; readonly queued?: boolean };
  /** A customer changed: the cases after this one are to be looked at. `resolved`: those as well that may be reopened. */
  'follow-customer': {
    readonly customer: CustomerSnapshot;
    readonly at: string;
    readonly after: string;
    readonly resolved?: boolean;
  };
  /** Customers turned out to be this one. */
  'merge-customers': {
    readonly customer: CustomerSnapshot;
    readonly mergedIds: readonly string[];
    readonly at: string;
  };
  /** A customer is another one: the cases after this one are to be looked at. */
  'follow-merge': { readonly customerId: string; readonly after: string };
  /** It is known whose case it is. */
  'attribute-case': ContactNews & { readonly customer: CustomerSnapshot };
  'warn-clock': { readonly clockId: string; readonly share: Warning };
  'breach-clock': { readonly clockId: string };
  'remind-of-clock': { readonly clockId: string };
  /** A calendar was replaced: the cases after this one are to be looked at. */
  'recount-calendar': { readonly calendarId: string; readonly after: string };
  /** Cases after this one; a dry run only tells what would change. */
  'repair-clocks': { readonly scope: RepairScope; readonly after: string; readonly dryRun: boolean };
  /** Clocks whose risk is to be looked at; the page's name says when it was asked for. */
  'assess-due': { readonly page: string };
  /** To learn from the promises that ended by then. */
  'fit-risk': { readonly at: string };
  'keep-models': { readonly models: readonly { readonly id: string; readonly model: RiskModel }[] };
  /** How many agents are there. */
  'count-staff': { readonly page: string };
  'seat-agent': {
    readonly agentId: string;
    readonly version: number;
    readonly team: string;
    readonly available: boolean;
  };
  /** Now, or at an instant to come. */
  'put-calendar': Put<CalendarState> & { readonly effectiveFrom?: string | undefined };
  /** That instant has come. */
  'begin-calendar': { readonly calendarId: string; readonly planId: string };
  'withdraw-calendar': { readonly id: string; readonly planId: string };
  'refresh-feed': FeedAddress;
  'receive-feed': FeedAddress & { readonly result: FeedResult };
  'remove-calendar': Remove;
  'put-policy': Put<PolicyState>;
  'remove-policy': Remove;
  'put-dimension': Put<DimensionState>;
  'remove-dimension': Remove;
} & EscalationCommands;
