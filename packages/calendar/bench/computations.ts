/** How many computations a second: `node packages/calendar/bench/computations.ts`. */
import { compileCalendar, instantAfter, openDuration } from '../src/index.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const result = compileCalendar({
  timeZone: 'Europe/Vienna',
  hours: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '12:00' },
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '13:00', to: '18:30' },
    { days: ['fri'], from: '22:00', to: '06:00' },
  ],
  holidays: { country: 'AT' },
});
if (!result.ok) throw new Error(JSON.stringify(result.errors));
const { calendar } = result;
const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const ROUNDS = 1_000_000;

function measure(name: string, compute: (from: Date, index: number) => unknown): void {
  const run = (): void => {
    for (let index = 0; index < ROUNDS; index += 1)
      compute(new Date(BEGIN + ((index * 7_919_000) % (300 * 24 * HOUR))), index);
  };
  run();
  const start = performance.now();
  run();
  print(`${name}: ${String(Math.round(ROUNDS / (performance.now() - start)))} k/s`);
}

const first = performance.now();
openDuration(calendar, new Date(BEGIN), new Date(BEGIN + HOUR));
print(`the first question about a year: ${(performance.now() - first).toFixed(1)} ms`);
measure('openDuration', (from, index) => openDuration(calendar, from, new Date(from.getTime() + (index % 400) * HOUR)));
measure('instantAfter', (from, index) => instantAfter(calendar, from, (index % 100) * HOUR));
