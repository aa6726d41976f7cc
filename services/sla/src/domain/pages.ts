/** What is looked up for messages about many cases, a page at a time: never stored. */

/**
 * The next cases with unfinished clocks on a calendar; found when asked for, never stored. Its id is made by
 * `calendarPageId`.
 */
export interface CalendarPage {
  readonly id: string;
  readonly version: number;
  readonly caseIds: readonly string[];
}

/** Cases of one page. */
export const PAGE_SIZE = 100;

/** Names the page after a case; cases are sorted by id. */
export function calendarPageId(calendarId: string, after: string): string {
  return JSON.stringify([calendarId, after]);
}

/**
 * The next cases of a customer, or with clocks of a policy or on a calendar; found when asked for, never stored. Its id
 * is made by `casePageId`.
 */
export interface CasePage {
  readonly id: string;
  readonly version: number;
  readonly caseIds: readonly string[];
}

/** What cases have in common. */
export interface CasesOf {
  /** `customer`: their open cases; `unclosed`: the resolved ones as well; `merged`: all of them. */
  readonly by: 'customer' | 'unclosed' | 'merged' | 'policy' | 'calendar';
  readonly id: string;
}

/** Names the page after a case; cases are sorted by id. */
export function casePageId({ by, id }: CasesOf, after: string): string {
  return JSON.stringify([by, id, after]);
}

/** Every clock of a case (its id), those that are over as well; found when asked for, never stored. */
export interface ClocksOfCase {
  readonly id: string;
  readonly version: number;
  readonly clockIds: readonly string[];
}
