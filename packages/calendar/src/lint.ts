/** What is wrong with a definition: every fault at once, each with its field and reason. */
import { DAYS } from './definition.ts';
import type {
  Absence,
  BusinessHours,
  CalendarDefinition,
  CalendarEvents,
  Exception,
  Hours,
  Holidays,
  Problem,
  PublicHolidays,
  Shift,
  Times,
} from './definition.ts';
import { parseDuration } from './duration.ts';
import { knowsCountry, knowsRegion } from './holidays.ts';
import { costOf, MOST_COST, MOST_KEPT, readEvents, readRule, readShift, tooCostly } from './icalendar.ts';
import { DAY, WEEK } from './units.ts';
import { parseDate, parseMoment, parseTime, spanOf } from './wall.ts';
import type { Span } from './wall.ts';
import { isNamedZone } from './zone.ts';

/**
 * Everything that is wrong with a definition; fields are paths in it.
 * @param kept what it takes the place of
 */
export function lint(definition: CalendarDefinition, kept?: CalendarDefinition): readonly Problem[] {
  const problems = lintParts(definition);
  return problems.length > 0 ? problems : lintInPlace(definition, kept);
}

function lintParts(definition: CalendarDefinition): readonly Problem[] {
  if ('union' in definition) return lintMembers('union', definition.union);
  if ('intersection' in definition) return lintMembers('intersection', definition.intersection);
  if ('calendar' in definition) {
    return [...inside('calendar', lintParts(definition.calendar)), ...lintAbsences(definition.absences)];
  }
  return lintHours(definition);
}

/**
 * Why a definition that was kept, perhaps before there were limits, takes too long to look through. Only that is asked of
 * what was found to be sound once.
 */
export function lintCost(definition: CalendarDefinition): readonly Problem[] {
  const problems = costOfParts(definition);
  return problems.length > 0 ? problems : lintTogether(definition, MOST_KEPT);
}

/** Parts of which each could be looked through, and all of them together cannot: a year of it asks for a year of each. */
function lintTogether(definition: CalendarDefinition, most = MOST_COST): readonly Problem[] {
  if (!isComposed(definition) || togetherCost(definition, most) <= most) return [];
  const field = ['union', 'intersection', 'calendar', 'events'].find((name) => name in definition) ?? 'events';
  return [{ field, reason: 'repeats too often, all its parts together: more than can be looked through in time' }];
}

/** Parts together: what takes the place of something that cost too much already may go on as that did. */
export function lintInPlace(definition: CalendarDefinition, kept?: CalendarDefinition): readonly Problem[] {
  const problems = lintTogether(definition);
  // What was kept is only read where it matters: it may hold whole feeds.
  if (problems.length === 0 || kept === undefined || lintTogether(kept).length === 0) return problems;
  return lintTogether(definition, MOST_KEPT);
}

const isComposed = (definition: CalendarDefinition): boolean =>
  !('timeZone' in definition) || (definition.events ?? []).length + (definition.shifts === undefined ? 0 : 1) > 1;

/** A part that is part of many costs what it costs in each. */
function togetherCost(definition: CalendarDefinition, most: number): number {
  if ('calendar' in definition) return togetherCost(definition.calendar, most);
  if ('timeZone' in definition) return ownCost(definition, most);
  const members = 'union' in definition ? definition.union : definition.intersection;
  let cost = 0;
  for (const member of members) {
    if (cost > most) break;
    cost += togetherCost(member, most - cost);
  }
  return cost;
}

/** What was counted, and how far: more than that is a cost of more than that. */
interface Counted {
  readonly cost: number;
  readonly most: number;
}

/** Hours that are part of many are counted once. */
const counted = new WeakMap<BusinessHours, Counted>();

function ownCost(hours: BusinessHours, most: number): number {
  const found = counted.get(hours);
  if (found !== undefined && (found.cost <= found.most || found.most >= most)) return found.cost;
  const cost = countedOut(hours, most);
  counted.set(hours, { cost, most });
  return cost;
}

function countedOut({ shifts = [], events = [], timeZone }: BusinessHours, most: number): number {
  const read = events.flatMap(({ iCalendar }) => {
    const each = readEvents(iCalendar, timeZone);
    return each.ok ? [each] : [];
  });
  const zones = read.reduce((sum, each) => sum + each.zones, 0);
  const series = [...shifts.map((shift) => readShift(shift, timeZone)), ...read.flatMap((each) => each.series)];
  return costOf(series, zones, most);
}

function costOfParts(definition: CalendarDefinition): readonly Problem[] {
  if ('union' in definition) return costOfMembers('union', definition.union);
  if ('intersection' in definition) return costOfMembers('intersection', definition.intersection);
  if ('calendar' in definition) return inside('calendar', costOfParts(definition.calendar));
  const { shifts = [], events = [], timeZone } = definition;
  return [...costOfShifts(shifts, timeZone, MOST_KEPT), ...costOfEvents(events, timeZone)];
}

const costOfMembers = (field: string, members: readonly CalendarDefinition[]): readonly Problem[] =>
  members.flatMap((member, index) => inside(`${field}.${String(index)}`, costOfParts(member)));

function costOfShifts(shifts: readonly Shift[], timeZone: string, most?: number): readonly Problem[] {
  const series = shifts.map((shift) => readShift(shift, timeZone));
  const reason = tooCostly(series, 0, most);
  return reason === undefined ? [] : [{ field: 'shifts', reason }];
}

/** A text that cannot be read any more says nothing, and costs nothing. */
function costOfEvents(events: readonly CalendarEvents[], timeZone: string): readonly Problem[] {
  return events.flatMap(({ iCalendar }, index) => {
    const read = readEvents(iCalendar, timeZone);
    const reason = read.ok ? tooCostly(read.series, read.zones, MOST_KEPT) : undefined;
    return reason === undefined ? [] : [{ field: `events.${String(index)}.iCalendar`, reason }];
  });
}

function lintMembers(field: string, members: readonly CalendarDefinition[]): readonly Problem[] {
  if (members.length === 0) return [{ field, reason: 'needs at least one calendar' }];
  return members.flatMap((member, index) => inside(`${field}.${String(index)}`, lintParts(member)));
}

function inside(field: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, field: `${field}.${problem.field}` }));
}

function lintAbsences(absences: readonly Absence[]): readonly Problem[] {
  return absences.flatMap(({ from, to }, index) => {
    const field = `absences.${String(index)}`;
    const [start, end] = [Date.parse(from), Date.parse(to)];
    if (Number.isNaN(start)) return [{ field: `${field}.from`, reason: 'must be an instant' }];
    if (Number.isNaN(end)) return [{ field: `${field}.to`, reason: 'must be an instant' }];
    return start < end ? [] : [{ field: `${field}.to`, reason: 'must be later than from' }];
  });
}

function lintHours(definition: BusinessHours): readonly Problem[] {
  const { timeZone, hours, shifts = [], holidays = [], exceptions = [], events = [] } = definition;
  const zone = isNamedZone(timeZone) ? [] : [{ field: 'timeZone', reason: `'${timeZone}' is no IANA time zone` }];
  const opens = hours.length + shifts.length > 0 || events.some(({ kind }) => kind === 'open');
  return [
    ...zone,
    ...(opens ? [] : [{ field: 'hours', reason: 'needs at least one interval' }]),
    ...lintWeek(hours),
    ...lintShifts(shifts, timeZone, zone.length === 0),
    ...lintHolidays(holidays),
    ...exceptions.flatMap((exception, index) => lintException(exception, index, exceptions)),
    ...(zone.length > 0 ? [] : lintEvents(events, timeZone)),
  ];
}

interface Opening extends Span {
  readonly day: number;
  readonly field: string;
}

function lintWeek(hours: readonly Hours[]): readonly Problem[] {
  const openings = hours.flatMap((each, index): Opening[] => {
    const span = spanOf(parseTime(each.from), parseTime(each.to));
    return span === undefined
      ? []
      : each.days.map((name) => ({ ...span, day: DAYS.indexOf(name), field: `hours.${String(index)}` }));
  });
  return [
    ...hours.flatMap((each, index) => {
      const field = `hours.${String(index)}`;
      const days = each.days.length === 0 ? [{ field: `${field}.days`, reason: 'needs at least one day' }] : [];
      return [...lintTimes(each, field), ...days];
    }),
    ...lintOverlaps(openings),
  ];
}

function lintTimes({ from, to }: Times, field: string): readonly Problem[] {
  const [start, end] = [parseTime(from), parseTime(to)];
  return [
    ...(start === undefined || start === DAY ? [{ field: `${field}.from`, reason: 'must be HH:MM' }] : []),
    ...(end === undefined ? [{ field: `${field}.to`, reason: 'must be HH:MM, at most 24:00' }] : []),
    ...(start !== undefined && start === end
      ? [{ field: `${field}.to`, reason: 'is the same as from: an empty interval' }]
      : []),
  ];
}

/** One fault a field: the first of the openings before it that it overlaps with. */
function lintOverlaps(openings: readonly Opening[]): readonly Problem[] {
  const problems = new Map<string, Problem>();
  openings.forEach((opening, index) => {
    const other = openings.slice(0, index).find((earlier) => overlaps(earlier, opening));
    if (other === undefined || problems.has(opening.field)) return;
    const reason = `overlaps with ${other.field} on ${DAYS[opening.day] ?? 'an unknown day'}`;
    problems.set(opening.field, { field: opening.field, reason });
  });
  return [...problems.values()];
}

function overlaps(a: Opening, b: Opening): boolean {
  const distance = (((b.day - a.day) * DAY + b.from - a.from) % WEEK) + WEEK;
  const ahead = distance % WEEK;
  return ahead < a.to - a.from || WEEK - ahead < b.to - b.from;
}

function lintShifts(shifts: readonly Shift[], timeZone: string, isZoneKnown: boolean): readonly Problem[] {
  const problems = shifts.flatMap((shift, index) => lintShift(shift, `shifts.${String(index)}`));
  return problems.length > 0 || !isZoneKnown ? problems : costOfShifts(shifts, timeZone);
}

function lintEvents(events: readonly CalendarEvents[], timeZone: string): readonly Problem[] {
  return events.flatMap(({ iCalendar }, index) => {
    const read = readEvents(iCalendar, timeZone);
    const reason = read.ok ? tooCostly(read.series, read.zones) : read.reason;
    return reason === undefined ? [] : [{ field: `events.${String(index)}.iCalendar`, reason }];
  });
}

function lintShift({ start, duration, rule, except = [] }: Shift, field: string): readonly Problem[] {
  const length = parseDuration(duration) ?? 0;
  const parsed = rule === undefined ? undefined : readRule(rule);
  return [
    ...(parseMoment(start) === undefined ? [{ field: `${field}.start`, reason: 'must be YYYY-MM-DDTHH:MM' }] : []),
    ...(length > 0 && length <= 4 * WEEK
      ? []
      : [{ field: `${field}.duration`, reason: 'must be an ISO 8601 duration of up to four weeks' }]),
    ...(parsed === undefined || parsed.ok ? [] : [{ field: `${field}.rule`, reason: parsed.reason }]),
    ...except.flatMap((date, index) =>
      parseDate(date) === undefined
        ? [{ field: `${field}.except.${String(index)}`, reason: 'must be a day as YYYY-MM-DD' }]
        : [],
    ),
  ];
}

function lintHolidays(holidays: Holidays): readonly Problem[] {
  if ('country' in holidays) return lintCountry(holidays, 'holidays');
  return holidays.flatMap((each, index) => {
    const field = `holidays.${String(index)}`;
    if ('country' in each) return lintCountry(each, field);
    return parseDate(each.date) === undefined
      ? [{ field: `${field}.date`, reason: 'must be a day as YYYY-MM-DD' }]
      : [];
  });
}

function lintCountry({ country, region }: PublicHolidays, field: string): readonly Problem[] {
  if (!knowsCountry(country)) return [{ field: `${field}.country`, reason: `no holidays are known of '${country}'` }];
  if (region === undefined || knowsRegion(country, region)) return [];
  return [{ field: `${field}.region`, reason: `${country} has no region '${region}'` }];
}

function lintException(exception: Exception, index: number, all: readonly Exception[]): readonly Problem[] {
  const { date, hours, closed } = exception;
  const field = `exceptions.${String(index)}`;
  const day = parseDate(date);
  const twin = all.findIndex((other) => other.date === date);
  const openings = (hours ?? []).flatMap((each, at): Opening[] => {
    const span = spanOf(parseTime(each.from), parseTime(each.to));
    return span === undefined ? [] : [{ ...span, day: 0, field: `${field}.hours.${String(at)}` }];
  });
  const said = [hours !== undefined && hours.length > 0, closed !== undefined].filter(Boolean).length;
  return [
    ...(day === undefined ? [{ field: `${field}.date`, reason: 'must be a day as YYYY-MM-DD' }] : []),
    ...(twin < index ? [{ field: `${field}.date`, reason: `has exceptions.${String(twin)} already` }] : []),
    ...(said === 1 ? [] : [{ field, reason: 'needs hours, or closed: true; one of them' }]),
    ...(hours ?? []).flatMap((each, at) => lintTimes(each, `${field}.hours.${String(at)}`)),
    ...lintOverlaps(openings).map(({ field: where, reason }) => ({
      field: where,
      reason: reason.replace(/ on mon$/, ''),
    })),
  ];
}
