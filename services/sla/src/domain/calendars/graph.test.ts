/** What a composition may come to, and what one that was kept before there were limits may go on as. */
import type { CalendarDefinition } from '@switchboard/calendar';
import { describe, expect, test } from 'vitest';
import { receiveFeed } from './feed-handlers.ts';
import { tooMuch } from './graph.ts';
import { calendarFeedId, calendarVersionId } from './state.ts';
import type { OwnHours } from './state.ts';

const addressOf = (calendarId: string): string => `https://example.org/${calendarId}.ics`;
const text = (...events: readonly string[]): string =>
  `BEGIN:VCALENDAR\r\n${events.map((lines, n) => `BEGIN:VEVENT\r\nUID:${String(n)}\r\n${lines}\r\nEND:VEVENT\r\n`).join('')}END:VCALENDAR\r\n`;
const often = (minutes = '0,15,30,45'): string =>
  `DTSTART:20260101T003000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=${minutes}`;
const holiday = 'DTSTART;VALUE=DATE:20261224';

const hours = (day: 'mon' | 'tue') => [{ days: [day], from: '09:00', to: '17:00' }];
const fed = (id: string, day: 'mon' | 'tue' = 'mon'): OwnHours => ({
  ...{ timeZone: 'UTC', hours: hours(day) },
  feeds: [{ url: addressOf(id) }],
});

/** Calendars with a feed each, and `all`, a union of them, as they were kept. */
function keptUnion(contents: Readonly<Record<string, string>>) {
  const rows = new Map<string, object>();
  const keep = (id: string, source: object, definition: CalendarDefinition) => {
    rows.set(`calendar ${id}`, { id, version: 1, definition: source, updatedAt: '2026-01-01T00:00:00.000Z' });
    rows.set(`calendarVersion ${calendarVersionId(id, 1)}`, { calendarId: id, version: 1, definition });
  };
  const members = Object.entries(contents).map(([id, content]): CalendarDefinition => {
    const url = addressOf(id);
    const feed = calendarFeedId(id, url);
    const definition = {
      timeZone: 'UTC',
      hours: hours('mon'),
      events: [{ iCalendar: content, kind: 'closed' as const }],
    };
    rows.set(`calendarFeed ${feed}`, { id: feed, version: 1, calendarId: id, url, content });
    rows.set(`calendarUse ${id}`, { id, version: 1, policyIds: [], calendarIds: ['all'] });
    keep(id, fed(id), definition);
    return definition;
  });
  keep('all', { union: Object.keys(contents) }, { union: members });
  const world = { get: (kind: string, key: string) => rows.get(`${kind} ${key}`) as never };
  const told = (calendarId: string, content: string) => {
    const now = new Date('2026-11-23T08:00:00Z');
    const rest = { configuration: undefined, newId: () => 'id', randomBytes: () => new Uint8Array() };
    const data = { calendarId, url: addressOf(calendarId), result: { content } };
    const message = { id: 'm', type: 'receive-feed' as const, data, trace: { correlationId: 'test' } };
    const answer = receiveFeed.decide(message, world, { now, ...rest });
    return ('events' in answer ? (answer.events ?? []) : []).map(({ type, subject }) => `${type} ${subject}`);
  };
  return { world, told };
}

describe('a composition that costs more than a new one may', () => {
  const kept = () => keptUnion({ a: text(often()), b: text(often()), c: text(often()) });

  test('lets its members change their hours', () => {
    expect(tooMuch({ id: 'a', source: fed('a', 'tue') }, kept().world)).toBeUndefined();
  });

  test('takes one more holiday of a feed', () => {
    expect(kept().told('a', text(often(), holiday))).toEqual([
      'switchboard.sla.v1.CalendarChanged a',
      'switchboard.sla.v1.CalendarChanged all',
    ]);
  });

  test('is refused where it is put for the first time', () => {
    expect(tooMuch({ id: 'new', source: { union: ['a', 'b', 'c'] } }, kept().world)).toMatchObject({
      code: 'too-large',
    });
  });

  test('may not come to cost more than what was kept ever could', () => {
    const ids = Array.from({ length: 14 }, (_, n) => `m${String(n)}`);
    const many = keptUnion(Object.fromEntries(ids.map((id, n) => [id, n === 0 ? text() : text(often())])));
    expect(tooMuch({ id: 'm1', source: fed('m1', 'tue') }, many.world)).toBeUndefined();
    expect(many.told('m0', text(often()))).toEqual([
      `switchboard.sla.v1.FeedFailed ${calendarFeedId('m0', addressOf('m0'))}`,
    ]);
  });

  test('and is not looked at, keeps its members from nothing', () => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${String(n)}`);
    const { world } = keptUnion(Object.fromEntries(ids.map((id) => [id, text(often())])));
    expect(tooMuch({ id: 'm1', source: fed('m1', 'tue') }, world)).toBeUndefined();
    expect(tooMuch({ id: 'all', source: { union: ids.slice(1) } }, world)).toMatchObject({ code: 'too-large' });
  });
});
