/** Calendars composed of each other, planned, fed and removed at random, through the handlers the service is built of. */
import { isDeepStrictEqual } from 'node:util';
import type { CalendarDefinition } from '@switchboard/calendar';
import { createStrictHouse } from '@switchboard/hallway/testing';
import type { StrictHouse, TypedCommand } from '@switchboard/hallway/testing';
import { builtDefinition } from '@switchboard/service/testing/configuration';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { feedsOf, membersOf, NO_EVENTS } from './domain/calendars/graph.ts';
import { calendarFeedId, calendarVersionId } from './domain/calendars/state.ts';
import type { CalendarSource, CalendarVersion } from './domain/calendars/state.ts';
import { PLAN_TIMER } from './domain/calendars/timers.ts';
import type { SlaCommands } from './domain/commands.ts';
import type { SlaKinds } from './domain/state.ts';
import { sla } from './service.ts';
import { configurationOf, nineToFive } from './testing/house.ts';

const { handlers } = builtDefinition(sla);
const START = '2026-11-19T08:00:00.000Z';
const HOUR = 3_600_000;
const URL = 'https://example.org/days.ics';

type House = StrictHouse<SlaKinds, SlaCommands>;
type Command = TypedCommand<SlaCommands>;

const begin = (): House =>
  createStrictHouse<SlaKinds, ReturnType<typeof configurationOf>, SlaCommands>({
    service: 'sla',
    handlers,
    configuration: configurationOf(),
    start: START,
    timer: ({ kind, data }) =>
      kind === PLAN_TIMER ? { type: 'begin-calendar', data: data as SlaCommands['begin-calendar'] } : undefined,
  });

const ids = ['a', 'b', 'c', 'd'];
const members = fc.subarray(ids, { minLength: 1, maxLength: 2 });
const source: fc.Arbitrary<CalendarSource> = fc.oneof(
  fc.constantFrom<CalendarSource>(
    { timeZone: 'Europe/Vienna', hours: nineToFive.hours },
    { timeZone: 'Asia/Tokyo', hours: nineToFive.hours },
    { timeZone: 'UTC', hours: nineToFive.hours, feeds: [{ url: URL }] },
  ),
  members.map((union) => ({ union })),
  members.map((intersection) => ({ intersection })),
);

const day = (date: string): string =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:${date}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

/** What may happen; told what there is by then. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...ids), source)
      .map(([id, definition]) => (): Command => ({ type: 'put-calendar', data: { id, definition } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ids), source, fc.constantFrom(1, 2))
      .map(([id, definition, hours]) => (house: House): Command => {
        const effectiveFrom = new Date(house.now().getTime() + hours * HOUR).toISOString();
        return { type: 'put-calendar', data: { id, definition, effectiveFrom } };
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...ids).map((id) => (): Command => ({ type: 'remove-calendar', data: { id } })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...ids).map((id) => (house: House): Command => {
      const planId = house.get('calendarPlans', id)?.plans[0]?.id ?? 'none';
      return { type: 'withdraw-calendar', data: { id, planId } };
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom('20261224', '20261225'))
      .map(([calendarId, date]) => (): Command => ({
        type: 'receive-feed',
        data: { calendarId, url: URL, result: { content: day(date) } },
      })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...ids).map((calendarId) => (): Command => ({
      type: 'receive-feed',
      data: { calendarId, url: URL, result: { error: 'the address answers 500' } },
    })),
  },
);

/** What a calendar comes to, found out anew. */
function resolved(house: House, id: string): CalendarDefinition {
  const definition = house.get('calendar', id)?.definition;
  if (definition === undefined) throw new Error(`${id} is a member and not there`);
  if ('union' in definition) return { union: definition.union.map((member) => resolved(house, member)) };
  if ('intersection' in definition) {
    return { intersection: definition.intersection.map((member) => resolved(house, member)) };
  }
  const { feeds, hours = [], ...rest } = definition;
  if (feeds === undefined) return { ...rest, hours };
  const content = house.get('calendarFeed', calendarFeedId(id, URL))?.content;
  return { ...rest, hours, events: [{ iCalendar: content ?? NO_EVENTS, kind: 'closed' }] };
}

function check(house: House, kept: Map<string, CalendarVersion>): void {
  for (const { id, version } of house.all('calendar')) {
    expect(house.get('calendarVersion', calendarVersionId(id, version))?.definition).toEqual(resolved(house, id));
  }
  for (const version of house.all('calendarVersion')) {
    const previous = house.get('calendarVersion', calendarVersionId(version.calendarId, version.version - 1));
    if (previous !== undefined) expect(previous.from <= version.from).toBe(true);
    const before = kept.get(version.id);
    if (before !== undefined && !isDeepStrictEqual(before, version)) throw new Error(`${version.id} has changed`);
    kept.set(version.id, version);
  }
  const sources = house
    .all('calendar')
    .flatMap(({ id, definition }) => [
      { id, source: definition },
      ...(house.get('calendarPlans', id)?.plans ?? []).map((plan) => ({ id, source: plan.definition })),
    ]);
  for (const member of ids) {
    const users = sources.filter((each) => membersOf(each.source).includes(member)).map(({ id }) => id);
    expect(new Set(house.get('calendarUse', member)?.calendarIds)).toEqual(new Set(users));
  }
  const subscribed = sources.filter((each) => feedsOf(each.source).length > 0).map(({ id }) => id);
  expect(new Set(house.all('calendarFeed').map(({ calendarId }) => calendarId))).toEqual(new Set(subscribed));
  const failures = house.events.filter(({ type }) => type === 'switchboard.sla.v1.FeedFailed');
  for (const [, told] of Map.groupBy(failures, ({ subject }) => subject)) {
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, n) => n + 1));
  }
}

it('given any life of calendars, then each newest version is what it and its members say, and no version ever changes', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.constantFrom(0, 0, HOUR)), { maxLength: 30, size: 'max' }), (life) => {
      const house = begin();
      const kept = new Map<string, CalendarVersion>();
      for (const [command, ms] of life) {
        const answer = house.tell(command(house));
        seen.add('rejected' in answer ? answer.code : 'done');
        check(house, kept);
        house.pass(ms);
        check(house, kept);
      }
    }),
    { numRuns: 150 },
  );
  expect([...seen].sort()).toEqual(['circular', 'done', 'in-use', 'unknown-id'].sort());
});
