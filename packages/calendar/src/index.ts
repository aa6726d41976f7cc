/** Business time: pure, exact over daylight saving and holidays. */
export { dayOf, instantOn, openingOn } from './business-day.ts';
export {
  always,
  compileCalendar,
  instantAfter,
  intersectionOf,
  openDuration,
  openIntervals,
  storedCalendar,
  tooDear,
  tooDearTogether,
  unionOf,
  withoutAbsences,
} from './calendar.ts';
export type { Calendar, Compiled } from './calendar.ts';
export { dayStart } from './day.ts';
export { DAYS } from './definition.ts';
export type {
  Absence,
  BusinessHours,
  CalendarDefinition,
  CalendarEvents,
  Day,
  Exception,
  Holiday,
  Holidays,
  Hours,
  Problem,
  PublicHolidays,
  Shift,
  Times,
} from './definition.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { readFeed } from './icalendar.ts';
export { parseTime } from './wall.ts';
export { stretches } from './zone.ts';
export type { Stretch } from './zone.ts';
