/** Calendars as configuration has them. */

/** Days of the week, as definitions name them. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** A day of the week. */
export type Day = (typeof DAYS)[number];

/** From when to when, by the clock on the wall. */
export interface Times {
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM` up to `24:00`; before `from` it is the next day's. */
  readonly to: string;
}

/** Open hours, the same on each of the days. */
export interface Hours extends Times {
  readonly days: readonly Day[];
}

/** A day that is closed, from midnight to midnight. */
export interface Holiday {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly name?: string | undefined;
}

/** The public holidays of a country (ISO 3166-1) or of one of its regions (ISO 3166-2). */
export interface PublicHolidays {
  readonly country: string;
  readonly region?: string | undefined;
}

/** A country's, or any number of days and countries. */
export type Holidays = PublicHolidays | readonly (Holiday | PublicHolidays)[];

/** A day of its own: other hours than the week has for it, or none. Wins over holidays. */
export interface Exception {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly name?: string | undefined;
  /** What begins on that day, instead of what the week has begin on it. */
  readonly hours?: readonly Times[] | undefined;
  /** Like a holiday; besides, nothing that the week has begin on the day lasts into the next. */
  readonly closed?: true | undefined;
}

/** Working time that repeats by a rule of RFC 5545. */
export interface Shift {
  /** The first one, by the clock on the wall: `YYYY-MM-DDTHH:MM`. */
  readonly start: string;
  /** ISO 8601: `PT8H`. Days are days of the calendar, hours are hours of the clock that runs. */
  readonly duration: string;
  /** RRULE: `FREQ=WEEKLY;BYDAY=MO,TU`. */
  readonly rule?: string | undefined;
  /** Days on which one that begins on them falls out. */
  readonly except?: readonly string[] | undefined;
}

/** Events of an iCalendar text (RFC 5545). */
export interface CalendarEvents {
  readonly iCalendar: string;
  /** What they do to the calendar. Those that open it win over holidays. */
  readonly kind: 'closed' | 'open';
}

/** When a business is open. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Vienna`. */
  readonly timeZone: string;
  readonly hours: readonly Hours[];
  readonly shifts?: readonly Shift[] | undefined;
  /** Closed from midnight to midnight. */
  readonly holidays?: Holidays | undefined;
  readonly exceptions?: readonly Exception[] | undefined;
  readonly events?: readonly CalendarEvents[] | undefined;
}

/** Open when any member is: "follow the sun". */
export interface Union {
  readonly union: readonly CalendarDefinition[];
}

/** Open when every member is. */
export interface Intersection {
  readonly intersection: readonly CalendarDefinition[];
}

/** A time away, such as a holiday of one agent: instants, RFC 3339. */
export interface Absence {
  readonly from: string;
  readonly to: string;
}

/** Open when the calendar is, but not during the absences. */
export interface WithAbsences {
  readonly calendar: CalendarDefinition;
  readonly absences: readonly Absence[];
}

/** A business's own hours, or other calendars taken together. */
export type CalendarDefinition = BusinessHours | Union | Intersection | WithAbsences;

/** What is wrong with a definition, and where: `hours.0.from`. */
export interface Problem {
  readonly field: string;
  readonly reason: string;
}
