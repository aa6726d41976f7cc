/** What is kept of people beside who they are: units, working time, absences that act. Durations are ISO 8601 texts. */
import type { BusinessHours } from '@switchboard/calendar';
import type { Versioned } from '@switchboard/hallway';

/** Beside the items by channel. */
export interface UnitRules {
  /** Units at once, over all channels; absent: channels do not stand in each other's way. */
  readonly units?: number | undefined;
  /** Kind of work, channel, or `default` -> units that one item takes; 1 where nothing is said. The kind goes first. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** Channel -> channels whose work it may push aside: their units do not stand in its way. */
  readonly interrupts?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * What an agent does with a hold. `paused` gives its place and its units back; `waking` wants them again, waits until
 * they are free, and lets nothing new come before it.
 */
export type Activity = 'active' | 'paused' | 'waking';

/** What an agent may say of their own, and a team for those who do not. */
export interface WorkRules {
  /** Offers are made within it alone; goes before `calendarId`. Neither: always. */
  readonly workingTime?: WorkingTime | undefined;
  /** A calendar of sla's. One that is not known is always open; one that was removed keeps the hours that it had last. */
  readonly calendarId?: string | undefined;
  /** How long before the end of working time, or the beginning of an absence, the last offer is made. */
  readonly stopOffersBefore?: string | undefined;
  /** How long after they were lost what they hold waits again; absent: it stays with them. */
  readonly lostWorkAfter?: string | undefined;
  /** Offers missed in a row until they count as away; absent: they never do. */
  readonly awayAfterMissed?: number | undefined;
}

/** These alone, out of whatever carries them. */
export function workRulesIn(said: WorkRules): WorkRules {
  const { workingTime, calendarId, stopOffersBefore, lostWorkAfter, awayAfterMissed } = said;
  return { workingTime, calendarId, stopOffersBefore, lostWorkAfter, awayAfterMissed };
}

/** Weekly hours, shifts by rules of RFC 5545, or both; without feeds. */
export type WorkingTime = Omit<BusinessHours, 'events'>;

/** One time that an agent is not there, kept with the agent: offers are decided with it. */
export interface AbsenceSpan {
  readonly absenceId: string;
  readonly startsAt: string;
  /** Exclusive. */
  readonly endsAt: string;
  readonly substitute?: string | undefined;
  /** What was moved the last time goes back when the agent is available. */
  readonly restores?: true | undefined;
}

/** An absence that has begun. */
export interface Acting {
  readonly since: string;
  /** Work items that were taken from the agent. */
  readonly moved: readonly string[];
  /** The time is over; what was moved waits for the agent to be available. */
  readonly isOver?: true | undefined;
}

/** Who gets a waiting item first, and until when it waits for them. */
export interface Preferred {
  readonly agentId: string;
  readonly until: string;
  /** It was theirs before they were absent: nobody who stood in for them meanwhile gets it back. */
  readonly isBack?: true | undefined;
}

/** A calendar as sla tells it: hours of its own, or ids of calendars that it is composed of. */
export type CalendarSource = Partial<BusinessHours> & {
  readonly union?: readonly string[];
  readonly intersection?: readonly string[];
  /** It is there no more; these are the hours that it had last. */
  readonly removed?: true;
};

/** A calendar of sla's as it was told last. */
export interface CalendarState extends Versioned {
  /** sla's version. */
  readonly toldVersion: number;
  readonly source: CalendarSource;
}
