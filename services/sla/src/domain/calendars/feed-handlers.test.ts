import { describe, expect, test } from 'vitest';
import { receiveFeed, refreshFeed } from './feed-handlers.ts';
import { calendarFeedId } from './state.ts';
import type { CalendarFeed } from './state.ts';
import type { FeedResult } from '../commands.ts';

const url = 'https://example.org/holidays.ics';
const data = { calendarId: 'fed', url };
const trace = { correlationId: 'test' };
const context = {
  now: new Date('2026-11-23T08:00:00Z'),
  configuration: undefined,
  newId: () => 'id',
  randomBytes: () => new Uint8Array(),
};

const event = (rule: string): string =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101T000000Z\r\nDURATION:PT1M\r\n${rule}END:VEVENT\r\nEND:VCALENDAR\r\n`;
const often = Array.from({ length: 24 }, (_, hour) => hour).join();
const hostile = event(
  `RRULE:FREQ=DAILY;BYHOUR=${often};BYMINUTE=${Array.from({ length: 60 }, (_, n) => n).join()}\r\n`.repeat(10),
);

/** A feed whose copy is kept, after it was asked. */
function asked(content: string, result: FeedResult) {
  const id = calendarFeedId('fed', url);
  const feed: CalendarFeed = { id, version: 3, ...data, content, etag: '"one"', lastModified: 'then' };
  const rows = new Map<string, object>([[`calendarFeed ${id}`, feed]]);
  const world = { get: (kind: string, key: string) => rows.get(`${kind} ${key}`) as never };
  const answer = receiveFeed.decide(
    { id: 'm', type: 'receive-feed', data: { ...data, result }, trace },
    world,
    context,
  );
  for (const change of 'changes' in answer ? (answer.changes ?? []) : [])
    if ('state' in change) rows.set(`${change.kind} ${change.state.id}`, change.state);
  const again = refreshFeed.decide({ id: 'n', type: 'refresh-feed', data, trace }, world, context);
  const effects = 'effects' in again ? again.effects : undefined;
  return { answer, feed: rows.get(`calendarFeed ${id}`), fetch: effects?.[0]?.data };
}

describe('a feed that has not changed', () => {
  test('is fine where what is kept of it is', () => {
    const { answer, feed, fetch } = asked(event(''), { unchanged: true });
    expect(feed).toMatchObject({ lastSuccessAt: context.now.toISOString(), etag: '"one"' });
    expect(feed).toMatchObject({ failingSince: undefined });
    expect('events' in answer ? answer.events : []).toEqual([]);
    expect(fetch).toMatchObject({ etag: '"one"' });
  });

  test('fails where what is kept cannot be looked through, and is asked for whole', () => {
    const { answer, feed, fetch } = asked(hostile, { unchanged: true });
    expect(feed).toMatchObject({
      failingSince: context.now.toISOString(),
      lastError: expect.stringContaining('what is kept cannot be used: ') as string,
      content: hostile,
    });
    expect(feed).not.toMatchObject({ lastSuccessAt: context.now.toISOString() });
    expect(answer).toMatchObject({ events: [{ type: 'switchboard.sla.v1.FeedFailed' }] });
    expect(fetch).not.toHaveProperty('etag', '"one"');
    expect(fetch).not.toHaveProperty('lastModified', 'then');
  });
});
