/** Every version of every calendar, as decisions look them up. */
import type { Calendar, CalendarDefinition } from '@switchboard/calendar';

/** What a calendar said from an instant on, until its next version. */
export interface BookedCalendar {
  readonly calendarId: string;
  readonly version: number;
  readonly from: Date;
  /** Compiled when it is first asked for. */
  readonly calendar: Calendar;
}

export interface CalendarBook {
  /** Ids of calendars that are there -> their newest version. */
  readonly newest: ReadonlyMap<string, BookedCalendar>;
  /** Also of calendars that were removed. `undefined`: it never was. */
  find(calendarId: string, version: number): BookedCalendar | undefined;
  /** The versions that came after one, in order. */
  after(calendarId: string, version: number): readonly BookedCalendar[];
}

/** A version as it is stored. */
export interface VersionRow {
  readonly calendarId: string;
  readonly version: number;
  readonly definition: CalendarDefinition;
  readonly from: Date;
}

type Compile = (row: Pick<VersionRow, 'calendarId' | 'definition'>) => Calendar;

/** A version that is compiled when it is looked at: most old ones never are. */
export function booked(row: VersionRow, compile: Compile): BookedCalendar {
  let calendar: Calendar | undefined;
  return {
    calendarId: row.calendarId,
    version: row.version,
    from: row.from,
    get calendar() {
      return (calendar ??= compile(row));
    },
  };
}

/** A book of versions; those of `there` are calendars that have not been removed, in their newest version. */
export function openBook(rows: readonly BookedCalendar[], there: ReadonlySet<string>): CalendarBook {
  const versions = new Map<string, Map<number, BookedCalendar>>();
  const newest = new Map<string, BookedCalendar>();
  for (const row of rows) {
    const known = versions.get(row.calendarId) ?? new Map<number, BookedCalendar>();
    versions.set(row.calendarId, known.set(row.version, row));
    if (there.has(row.calendarId) && row.version > (newest.get(row.calendarId)?.version ?? 0)) {
      newest.set(row.calendarId, row);
    }
  }
  return {
    newest,
    find: (calendarId, version) => versions.get(calendarId)?.get(version),
    after: (calendarId, version) =>
      [...(versions.get(calendarId)?.values() ?? [])]
        .filter((other) => other.version > version)
        .sort((a, b) => a.version - b.version),
  };
}
