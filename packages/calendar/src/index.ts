/** Business time: pure, exact over daylight saving and holidays. */
export { always, compileCalendar, instantAfter, openDuration } from './calendar.ts';
export type { Calendar, Compiled } from './calendar.ts';
export { dayStart } from './day.ts';
export { DAYS } from './definition.ts';
export type { CalendarDefinition, Day, Holidays, Hours, Problem } from './definition.ts';
export { formatDuration, parseDuration } from './duration.ts';
