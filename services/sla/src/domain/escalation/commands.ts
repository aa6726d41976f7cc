/** What this room is told. */
import type { ReceivedData } from '@switchboard/contracts';
import type { LadderDefinition, Lost } from './state.ts';

type IfMatch = '*' | readonly number[];

export type EscalationCommands = {
  'put-ladder': { readonly id: string; readonly definition: LadderDefinition; readonly ifMatch?: IfMatch | undefined };
  'remove-ladder': { readonly id: string; readonly ifMatch?: IfMatch | undefined };
  'learn-agent': {
    readonly agent: ReceivedData<'switchboard.routing.v1.AgentChanged'>['agent'];
    readonly at: string;
  };
  'forget-agent': { readonly agentId: string; readonly at: string };
  'learn-team': { readonly team: ReceivedData<'switchboard.routing.v1.TeamChanged'>['team']; readonly at: string };
  'forget-team': { readonly teamId: string; readonly at: string };
  'learn-absence': {
    readonly absence: ReceivedData<'switchboard.routing.v1.AgentAbsenceChanged'>['absence'];
    readonly at: string;
  };
  'forget-absence': { readonly agentId: string; readonly absenceId: string; readonly at: string };
  /** Something happened to a clock: these ladders look at it. */
  'watch-clock': { readonly clockId: string; readonly caseId: string; readonly ladderIds: readonly string[] };
  /** Nobody acknowledged in time, or what was held is due. */
  'step-escalation': { readonly escalationId: string; readonly clockId: string; readonly caseId: string };
  /** Those that wait for it, after this one. */
  'send-digest': { readonly ladderId: string; readonly due: string; readonly after?: string | undefined };
  /** The ladder was put: what is broken and still open is looked at, after this clock. */
  'sweep-ladder': { readonly ladderId: string; readonly after: Lost | undefined };
  /** The ladder was removed: what it raised ends. */
  'close-ladder': { readonly ladderId: string };
  'acknowledge-escalation': {
    readonly escalationId: string;
    readonly agentId?: string | undefined;
    readonly note?: string | undefined;
  };
};
