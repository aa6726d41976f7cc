/** How many computations a second: `node packages/calendar/bench/computations.ts`. */
import { compileCalendar, instantAfter, openDuration } from '../src/index.ts';
import type { BusinessHours, Calendar, CalendarDefinition } from '../src/index.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const vienna: BusinessHours = {
  timeZone: 'Europe/Vienna',
  hours: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '12:00' },
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '13:00', to: '18:30' },
    { days: ['fri'], from: '22:00', to: '06:00' },
  ],
  holidays: { country: 'AT' },
  exceptions: [{ date: '2026-12-24', hours: [{ from: '08:00', to: '12:00' }] }],
};
const nine = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }] as const;
const places = ['America/New_York', 'America/Los_Angeles', 'Asia/Tokyo', 'Australia/Sydney'].map(
  (timeZone): BusinessHours => ({ timeZone, hours: nine }),
);
const maintenance = [
  'BEGIN:VCALENDAR',
  'BEGIN:VEVENT',
  'DTSTART;TZID=Europe/Vienna:20200104T020000',
  'DURATION:PT3H',
  'RRULE:FREQ=WEEKLY;BYDAY=SU',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

const calendars: readonly (readonly [string, CalendarDefinition])[] = [
  ['one calendar', vienna],
  ['with a feed', { ...vienna, events: [{ iCalendar: maintenance, kind: 'closed' }] }],
  ['a union of five zones', { union: [vienna, ...places] }],
  ['an intersection of two zones', { intersection: [vienna, { timeZone: 'Asia/Kolkata', hours: nine }] }],
];

const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const ROUNDS = 1_000_000;

function compiled(definition: CalendarDefinition): Calendar {
  const result = compileCalendar(definition);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.calendar;
}

function measure(compute: (from: Date, index: number) => unknown): string {
  const run = (): void => {
    for (let index = 0; index < ROUNDS; index += 1)
      compute(new Date(BEGIN + ((index * 7_919_000) % (300 * 24 * HOUR))), index);
  };
  run();
  const start = performance.now();
  run();
  return `${String(Math.round(ROUNDS / (performance.now() - start)))} k/s`;
}

for (const [name, definition] of calendars) {
  const calendar = compiled(definition);
  const begin = performance.now();
  openDuration(calendar, new Date(BEGIN), new Date(BEGIN + HOUR));
  const first = `${(performance.now() - begin).toFixed(1)} ms`;
  const duration = measure((from, index) =>
    openDuration(calendar, from, new Date(from.getTime() + (index % 400) * HOUR)),
  );
  const instant = measure((from, index) => instantAfter(calendar, from, (index % 100) * HOUR));
  print(`${name}: openDuration ${duration}, instantAfter ${instant}; the first question about a year ${first}`);
}
