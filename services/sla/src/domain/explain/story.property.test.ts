import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configurationOf, createHouse, nineToFive } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { elapsedMs } from '../clocks/measure.ts';
import { resultOf } from '../clocks/result.ts';
import { labelled } from '../clocks/segments.ts';
import { versionedCalendars } from '../configuration.ts';
import { languages } from './format.ts';
import { tellStory } from './story.ts';
import { inWords } from './words.ts';

const MINUTE = 60_000;
/** A Thursday. */
const origin = Date.parse('2026-11-19T08:00:00.000Z');
const instant = (minute: number): string => new Date(origin + minute * MINUTE).toISOString();

const turn = fc.oneof(
  fc.constantFrom('open', 'pending', 'on-hold', 'resolved').map((status) => ({ status })),
  fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })),
  fc.constantFrom('', 'billing', 'field').map((team) => ({ team })),
  fc.constant({ answers: true }),
  fc.constant({ writes: true }),
);
const life = fc.record({
  turns: fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), turn), { maxLength: 15 }),
  after: fc.integer({ min: 0, max: 3000 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

const configuration = configurationOf(
  {
    default: {
      calendarId: 'office',
      targets: {
        firstResponse: 'PT2H',
        nextResponse: 'PT4H',
        resolution: { 1: 'PT1H', 2: 'PT4H', 3: 'PT8H', 4: 'P1D', 5: 'P3D' },
      },
    },
  },
  { office: nineToFive },
);

/** Lives a case, its timers firing in time, and tells what became of each clock. */
function stories({ turns, after }: Life) {
  const house = createHouse(configuration);
  const story = createStory(house);
  let minute = 0;
  story.opens(instant(0));
  for (const [pause, change] of turns) {
    minute += pause;
    const at = instant(minute);
    house.until(at);
    if ('status' in change) story.becomes(change.status, at);
    else if ('priority' in change) story.getsPriority(change.priority, at);
    else if ('team' in change) story.isHeldBy(change.team, at);
    else if ('answers' in change) story.agentAnswers(at);
    else story.customerWrites(at);
  }
  const now = new Date(instant(minute + after));
  house.until(now.toISOString());
  const calendarOf = versionedCalendars(configuration);
  return house.clocks().map((clock) => {
    const segments = labelled(clock, house.caseOf(clock.caseId), configuration);
    return { clock, segments, calendarOf, now, story: tellStory({ clock, segments, calendarOf }, now) };
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

test('the stretches follow each other without gaps and add up exactly to the time used and the time stood still', () => {
  fc.assert(
    fc.property(life, (given) => {
      for (const { clock, story, now } of stories(given)) {
        const { stretches } = story;
        const end = clock.metAt ?? clock.canceledAt ?? now.toISOString();
        const counting = stretches.filter(({ state }) => state === 'counting');
        const paused = stretches.filter(({ state }) => state === 'paused');
        expect(stretches.map(({ from }) => from)).toEqual(
          [clock.startedAt, ...stretches.map(({ to }) => to)].slice(0, stretches.length),
        );
        expect(stretches.at(-1)?.to ?? end).toBe(end);
        expect(sum(counting.map(({ openMs }) => openMs))).toBe(story.elapsedMs);
        expect(story.elapsedMs).toBe(elapsedMs(configuration, clock, new Date(end)));
        expect(sum(paused.map(({ wallMs }) => wallMs))).toBe(story.pausedMs);
        expect(sum(stretches.map(({ wallMs }) => wallMs))).toBe(Date.parse(end) - Date.parse(clock.startedAt));
      }
    }),
  );
});

test('the due time that the events end with is the one the clock has, and each says in every language when it was', () => {
  fc.assert(
    fc.property(life, (given) => {
      for (const { clock, story } of stories(given)) {
        const { events } = story;
        expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
        const told = events.flatMap(({ dueTo }) => dueTo ?? []);
        if (clock.dueAt !== undefined) expect(told.at(-1)).toBe(clock.dueAt);
        events.forEach(({ dueFrom }, n) => {
          if (dueFrom === undefined) return;
          expect(events.slice(0, n).findLast(({ dueTo }) => dueTo !== undefined)?.dueTo).toBe(dueFrom);
        });
        for (const language of languages) {
          const words = inWords(story, language);
          expect([...words.events, ...words.stretches, words.headline, words.summary].join('\n')).not.toMatch(
            /undefined|null|NaN|\[object|Invalid/,
          );
        }
      }
    }),
  );
});

test('what is kept of a clock that is over is what its story says', () => {
  fc.assert(
    fc.property(life, (given) => {
      for (const { clock, story, segments, calendarOf } of stories(given)) {
        if (clock.metAt === undefined && clock.canceledAt === undefined) continue;
        const result = resultOf(segments, calendarOf);
        expect(clock.result).toEqual(result);
        expect([result.elapsedMs, result.pausedMs]).toEqual([story.elapsedMs, story.pausedMs]);
        expect(sum(result.owners.map(({ usedMs }) => usedMs))).toBe(story.elapsedMs);
        expect(sum(result.pauses.map(({ pausedMs }) => pausedMs))).toBe(story.pausedMs);
      }
    }),
  );
});
