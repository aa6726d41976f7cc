/** Calendars over their life: composed of each other, changed later, fed by others, and the versions that come of it. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';
import { createStory } from './testing/snapshots.ts';

let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla({ EGRESS_ALLOW: '127.0.0.1' });
});
afterAll(() => sla.stop());

const officeIn = (timeZone: string) => ({
  timeZone,
  hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
});
const vienna = officeIn('Europe/Vienna');

type Shown = Readonly<Record<string, unknown>>;
const put = (id: string, body: object) => sla.call('PUT', `/v1/calendars/${id}`, body);
const get = async (id: string): Promise<Shown> => (await sla.call('GET', `/v1/calendars/${id}`)).body;
const versionsOf = async (id: string): Promise<readonly Shown[]> =>
  (await sla.call('GET', `/v1/calendars/${id}/versions`)).body['items'] as readonly Shown[];

describe('a calendar of its own hours', () => {
  test('given all that there is to say, then it is shown again as it was put', async () => {
    const full = {
      ...vienna,
      shifts: [{ start: '2026-01-03T10:00', duration: 'PT4H', rule: 'FREQ=WEEKLY;BYDAY=SA', except: ['2026-01-10'] }],
      holidays: [{ country: 'AT' }, { date: '2026-12-31', name: 'Stocktaking' }],
      exceptions: [
        { date: '2026-12-24', name: 'Christmas Eve', hours: [{ from: '09:00', to: '12:00' }] },
        { date: '2026-12-23', closed: true },
      ],
    };

    expect(await put('full', full)).toMatchObject({ status: 201, body: { id: 'full', version: 1, ...full } });
    expect(await versionsOf('full')).toMatchObject([{ version: 1, calendarId: 'full', definition: full }]);
  });

  test.each([
    ['neither hours nor members', {}, 'timeZone'],
    ['hours and members', { ...vienna, union: ['always'] }, 'timeZone'],
    ['two ways to be composed', { union: ['always'], intersection: ['always'] }, 'intersection'],
    ['no members', { union: [] }, 'union'],
    ['a member twice', { union: ['always', 'always'] }, 'union.1'],
    ['no opening', { timeZone: 'UTC', hours: [] }, 'hours'],
    ['a day that is open and closed', { ...vienna, exceptions: [{ date: '2026-12-24' }] }, 'exceptions.0'],
    [
      'a rule that is none',
      { ...vienna, shifts: [{ start: '2026-01-05T09:00', duration: 'PT1H', rule: 'FREQ=DAILY;BYMONTH=13' }] },
      'shifts.0.rule',
    ],
    [
      'a country among dates that is none',
      { ...vienna, holidays: [{ date: '2026-12-24' }, { country: 'XX' }] },
      'holidays.1.country',
    ],
    [
      'a field of a feed that is none',
      { ...vienna, feeds: [{ url: 'https://example.org/x.ics', refresh: 'PT1H' }] },
      'feeds.0.refresh',
    ],
    ['a feed inside', { ...vienna, feeds: [{ url: 'http://10.0.0.1/x.ics' }] }, 'feeds.0.url'],
    [
      'a feed at every turn',
      { ...vienna, feeds: [{ url: 'https://example.org/x.ics', refreshEvery: 'PT1M' }] },
      'feeds.0.refreshEvery',
    ],
  ])('given %s, then it is refused, and nothing is changed', async (_what, body, field) => {
    const answer = await put('refused', body);

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect((answer.body['errors'] as { field: string }[]).map((error) => error.field)).toContain(field);
    expect((await sla.call('GET', '/v1/calendars/refused')).status).toBe(404);
  });
});

describe('calendars composed of others', () => {
  test('given a changed member, then what is composed of it has a new version, and the old one stays', async () => {
    await put('vienna', vienna);
    await put('tokyo', officeIn('Asia/Tokyo'));
    expect((await put('sun', { union: ['vienna', 'tokyo'] })).status).toBe(201);
    expect((await put('both', { intersection: ['sun', 'always'] })).status).toBe(201);

    const later = { ...vienna, hours: [{ days: ['mon'], from: '10:00', to: '12:00' }] };
    await put('vienna', later);

    expect(await get('sun')).toMatchObject({ version: 2, union: ['vienna', 'tokyo'] });
    expect((await versionsOf('sun')).map(({ definition }) => definition)).toEqual([
      { union: [vienna, officeIn('Asia/Tokyo')] },
      { union: [later, officeIn('Asia/Tokyo')] },
    ]);
    expect(await get('both')).toMatchObject({ version: 2 });
    await eventually(() => {
      const told = sla.said.filter(({ type }) => type === 'switchboard.sla.v1.CalendarChanged');
      expect(told.map(({ subject, sequence }) => [subject, sequence])).toContainEqual(['both', 2]);
    });
  });

  test('given a member that is not there, a circle, or a member that is used, then the reason is told', async () => {
    expect(await put('odd', { union: ['vienna', 'nowhere'] })).toMatchObject({
      status: 404,
      body: { code: 'unknown-id', errors: [{ field: 'union.1' }] },
    });
    expect(await put('vienna', { intersection: ['always', 'both'] })).toMatchObject({
      status: 409,
      body: { code: 'circular', errors: [{ field: 'intersection.1' }] },
    });
    expect(await put('sun', { union: ['sun'] })).toMatchObject({ status: 409, body: { code: 'circular' } });
    expect(await sla.call('DELETE', '/v1/calendars/vienna')).toMatchObject({
      status: 409,
      body: { code: 'in-use', detail: 'The calendar vienna is used by calendar sun' },
    });
    expect(await get('vienna')).toMatchObject({ version: 2 });
  });

  test('given compositions of compositions without end, then there is one', async () => {
    await put('nest-1', { union: ['always'] });
    for (const level of [2, 3, 4]) await put(`nest-${String(level)}`, { union: [`nest-${String(level - 1)}`] });

    expect(await put('nest-5', { union: ['nest-4'] })).toMatchObject({ status: 409, body: { code: 'too-deep' } });
    // From below likewise.
    await put('deep', { union: ['always'] });
    expect(await put('nest-1', { union: ['deep'] })).toMatchObject({ status: 409, body: { code: 'too-deep' } });
  });

  test('given compositions that would multiply, then they are refused', async () => {
    const name = 'closed for stocktaking '.repeat(8);
    const day = (n: number): string => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10);
    const busy = (days: number) => ({
      ...vienna,
      exceptions: Array.from({ length: days }, (_, n) => ({ date: day(n), name, closed: true })),
    });
    for (const id of ['busy-1', 'busy-2', 'busy-3']) expect((await put(id, busy(900))).status).toBe(201);
    for (const id of ['twice-1', 'twice-2']) await put(id, { union: ['busy-1', 'busy-2'] });

    expect(await put('four', { union: ['twice-1', 'twice-2', 'busy-1'] })).toMatchObject({
      status: 409,
      body: { code: 'too-large', errors: [{ field: 'union' }] },
    });
    // From below likewise.
    expect((await put('small', vienna)).status).toBe(201);
    expect((await put('three', { union: ['twice-1', 'busy-3', 'small'] })).status).toBe(201);
    expect((await put('four', { union: ['twice-1', 'twice-2', 'small'] })).status).toBe(201);
    expect(await put('small', busy(1000))).toMatchObject({ status: 409, body: { code: 'too-large' } });
  });

  test('given compositions whose parts together repeat too often, then they are refused', async () => {
    const hours = Array.from({ length: 8 }, (_, hour) => hour).join();
    const rule = `FREQ=DAILY;BYHOUR=${hours};BYMINUTE=0,15,30,45`;
    const often = { timeZone: 'UTC', shifts: [{ start: '2026-01-01T00:00', duration: 'PT1M', rule }] };
    for (const id of ['often-1', 'often-2']) expect((await put(id, often)).status).toBe(201);
    const errors = [{ field: 'union', reason: expect.stringContaining('all its parts together') as string }];
    expect(await put('too-often', { union: ['often-1', 'often-2', 'often-1b'] })).toMatchObject({ status: 404 });
    for (const id of ['often-3', 'rare']) await put(id, id === 'rare' ? vienna : often);
    expect(await put('too-often', { union: ['often-1', 'often-2', 'often-3'] })).toMatchObject({
      status: 409,
      body: { code: 'too-large', errors },
    });
    expect((await sla.call('GET', '/v1/calendars/too-often')).status).toBe(404);
    // From below likewise.
    expect((await put('too-often', { union: ['often-1', 'often-2', 'rare'] })).status).toBe(201);
    expect(await put('rare', often)).toMatchObject({ status: 409, body: { code: 'too-large' } });
  });

  test('given one that was removed, then its members are free, and its versions go on when it is put again', async () => {
    expect((await sla.call('DELETE', '/v1/calendars/both')).status).toBe(204);
    expect((await sla.call('DELETE', '/v1/calendars/sun')).status).toBe(204);
    expect((await sla.call('DELETE', '/v1/calendars/vienna')).status).toBe(204);

    expect(await put('vienna', vienna)).toMatchObject({ status: 201, body: { version: 4 } });
    expect((await versionsOf('vienna')).map(({ version }) => version)).toEqual([1, 2, 4]);
  });
});

describe('a version that begins later', () => {
  const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

  test('given an instant to come, then the calendar changes at that very instant', async () => {
    await put('later', vienna);
    await put('above', { union: ['later'] });
    const effectiveFrom = inAnHour();
    const changed = { ...vienna, holidays: { country: 'AT' } };
    const planned = await put('later', { ...changed, effectiveFrom });
    expect(planned).toMatchObject({ status: 202, body: { calendarId: 'later', effectiveFrom, ...changed } });
    expect(await get('later')).toMatchObject({ version: 1 });

    await sla.moveClock(3601);

    await eventually(async () => {
      expect(await get('later')).toMatchObject({ version: 2, ...changed });
    });
    expect((await versionsOf('later'))[1]).toMatchObject({ version: 2, effectiveFrom, definition: changed });
    expect((await versionsOf('above'))[1]).toMatchObject({ version: 2, effectiveFrom });
    expect((await sla.call('GET', '/v1/calendars/later/plans')).body['items']).toEqual([]);
    await sla.moveClock(0);
  });

  test('given one that is withdrawn, then it never begins; its members are held until then', async () => {
    await put('held', vienna);
    const effectiveFrom = inAnHour();
    const { body } = await put('later', { union: ['held'], effectiveFrom });
    expect((await sla.call('GET', '/v1/calendars/later/plans')).body['items']).toMatchObject([
      { effectiveFrom, union: ['held'] },
    ]);
    expect(await sla.call('DELETE', '/v1/calendars/held')).toMatchObject({ status: 409, body: { code: 'in-use' } });

    const plan = `/v1/calendars/later/plans/${String(body['planId'])}`;
    expect((await sla.call('DELETE', plan)).status).toBe(204);
    expect(await sla.call('DELETE', plan)).toMatchObject({ status: 404, body: { code: 'unknown-id' } });
    expect((await sla.call('DELETE', '/v1/calendars/held')).status).toBe(204);
  });

  test('given an instant that has passed, or no calendar yet, then it is refused', async () => {
    expect(await put('later', { ...vienna, effectiveFrom: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'effectiveFrom' }] },
    });
    expect(await put('unborn', { ...vienna, effectiveFrom: inAnHour() })).toMatchObject({ status: 404 });
  });
});

describe('a subscribed feed', () => {
  const holiday = (date: string, stamp: string): string =>
    [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'UID:1',
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${date}`,
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n');
  let server: Server;
  let url: string;
  let answer: { status: number; body: string; etag: string };
  const asked: IncomingMessage[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      const isKnown = answer.status === 200 && request.headers['if-none-match'] === answer.etag;
      response.writeHead(isKnown ? 304 : answer.status, { etag: answer.etag });
      response.end(isKnown ? '' : answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/holidays.ics`;
  });
  afterAll(() => server.close());

  const feed = async (): Promise<Shown> => ((await get('fed'))['feeds'] as readonly Shown[])[0] ?? {};
  let hours = 0;
  /** An hour passes, and the feed is asked once more. */
  const anHourLater = async (): Promise<void> => {
    // While one fetch is under way no other one is begun.
    await eventually(async () => {
      expect(await sla.sql(`select id from effect where kind = 'fetch-feed'`)).toEqual([]);
    });
    const before = asked.length;
    await sla.moveClock(3601 * (hours += 1));
    await eventually(() => {
      expect(asked.length).toBeGreaterThan(before);
    });
  };
  const failures = () => sla.said.filter(({ type }) => type === 'switchboard.sla.v1.FeedFailed');

  test('given what it says, then that makes a version; given the same again, then none', async () => {
    answer = { status: 200, body: holiday('20261225', '20260101T000000Z'), etag: '"one"' };
    expect(await put('fed', { ...vienna, feeds: [{ url }] })).toMatchObject({
      status: 201,
      body: { version: 1, feeds: [{ url }] },
    });
    await eventually(async () => {
      expect(await get('fed')).toMatchObject({
        version: 2,
        feeds: [{ url, lastSuccessAt: expect.any(String) as string }],
      });
    });
    expect(JSON.stringify((await versionsOf('fed'))[1])).toContain('20261225');

    await anHourLater();
    expect(asked.at(-1)?.headers['if-none-match']).toBe('"one"');
    answer = { status: 200, body: holiday('20261225', '20260909T000000Z'), etag: '"two"' };
    await anHourLater();
    await anHourLater();
    expect(asked.at(-1)?.headers['if-none-match']).toBe('"two"');
    expect(await get('fed')).toMatchObject({ version: 2 });
  });

  test('given that it fails, then nothing changes, and it is told once an outage', async () => {
    answer = { status: 500, body: '', etag: '' };
    await anHourLater();
    await eventually(async () => {
      expect(await feed()).toMatchObject({
        lastError: 'the address answers 500',
        failingSince: expect.any(String) as string,
      });
    });
    const { failingSince } = await feed();
    answer = { status: 200, body: '<html></html>', etag: '"three"' };
    await anHourLater();
    await eventually(async () => {
      expect(await feed()).toMatchObject({
        lastError: expect.stringContaining('invalid line') as string,
        failingSince,
      });
    });

    expect(await get('fed')).toMatchObject({ version: 2 });
    await eventually(() => {
      expect(failures().map(({ data }) => data)).toMatchObject([
        { calendarId: 'fed', url, error: 'the address answers 500' },
      ]);
    });
    // What was read, with the state of its feed, can be put back.
    expect(await put('fed', await get('fed'))).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test('given that it says something else again, then that counts from now on', async () => {
    answer = { status: 200, body: holiday('20261226', '20260101T000000Z'), etag: '"four"' };
    await anHourLater();

    await eventually(async () => {
      expect(await get('fed')).toMatchObject({ version: 3 });
    });
    expect(await feed()).not.toHaveProperty('lastError');
    expect(JSON.stringify((await versionsOf('fed'))[2])).toContain('20261226');
    expect(failures()).toMatchObject([{ sequence: 1 }]);

    answer = { status: 500, body: '', etag: '' };
    await anHourLater();
    await eventually(() => {
      expect(failures()).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    });
    await sla.moveClock(0);
  });
});

describe('whose calendar counts', () => {
  test('given a calendar for each contract, then the same promise is due by the clock of its place', async () => {
    await put('lisbon', officeIn('Europe/Lisbon'));
    await put('tallinn', officeIn('Europe/Tallinn'));
    const policy = (calendarId: string) => ({
      order: 1,
      match: `case.attributes.contract == "${calendarId}"`,
      calendarId,
      targets: { resolution: 'PT1H' },
    });
    for (const place of ['lisbon', 'tallinn']) await sla.call('PUT', `/v1/policies/${place}`, policy(place));

    // A Sunday.
    for (const contract of ['lisbon', 'tallinn']) {
      createStory(sla, { id: `case-${contract}`, attributes: { contract } }).opens('2026-11-15T12:00:00.000Z');
    }
    await sla.told();

    await eventually(async () => {
      const due = async (contract: string) => {
        const { items } = (await sla.call('GET', `/v1/clocks?caseId=case-${contract}`)).body as {
          items: readonly Shown[];
        };
        return items.map(({ target, dueAt }) => [target, dueAt]);
      };
      expect(await due('lisbon')).toEqual([['resolution', '2026-11-16T10:00:00.000Z']]);
      expect(await due('tallinn')).toEqual([['resolution', '2026-11-16T08:00:00.000Z']]);
    });
  });
});
