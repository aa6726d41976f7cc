/** Followers at their own pace, over a history made up here. */
import { encodeEvent } from '@switchboard/contracts';
import { afterEach, expect, test, vi } from 'vitest';
import type { FeedEvent } from './definition.ts';
import { createFeed } from './feed.ts';
import type { Database } from './ports.ts';

const PAGE = 500;
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A feed over numbered events, and after which number each page of them was asked for. */
function openFeed(published: number) {
  const window = { oldest: 1, newest: published };
  const asked: number[] = [];
  const query = (text: string, [after]: readonly unknown[] = []): Promise<object[]> => {
    if (text.includes('as oldest'))
      return Promise.resolve([{ oldest: String(window.oldest), newest: String(window.newest) }]);
    asked.push(Number(after));
    const from = Math.max(window.oldest, Number(after) + 1);
    const length = Math.max(0, Math.min(PAGE, window.newest - from + 1));
    return Promise.resolve(Array.from({ length }, (_, at) => rowOf(from + at)));
  };
  const feed = createFeed({ query } as unknown as Database, logger);
  stops.push(() => feed.stop());
  return { feed, window, asked };
}

const idOf = (number: number): string => `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function rowOf(number: number): object {
  const event = {
    id: idOf(number),
    type: 'switchboard.routing.v1.QueueChanged' as const,
    ...{ subject: 'q', sequence: number, time: '2026-11-22T12:00:00.000Z', trace: { correlationId: 'test' } },
    data: { id: 'q', definition: {} },
  };
  const { topic, headers, value } = encodeEvent(event, { service: 'routing', prefix: 'test' });
  return {
    number: String(number),
    topic,
    key: 'q',
    headers: JSON.stringify(headers),
    value: value.toString(),
  };
}

async function follow({ feed }: ReturnType<typeof openFeed>, after: bigint | undefined) {
  const ending = new AbortController();
  stops.unshift(() => {
    ending.abort();
    return Promise.resolve();
  });
  const events = await feed.follow(after, ending.signal);
  if (events === 'gone') throw new Error('gone');
  const iterator = events[Symbol.asyncIterator]();
  return {
    iterator,
    async take(count: number): Promise<number[]> {
      const numbers: number[] = [];
      while (numbers.length < count) {
        const next: IteratorResult<FeedEvent, unknown> = await iterator.next();
        if (next.done === true) break;
        numbers.push(Number(next.value.number));
      }
      return numbers;
    },
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('one that is far behind is given a page at a time, as it takes them', async () => {
  const house = openFeed(20_000);
  const late = await follow(house, 0n);

  expect(await late.take(1)).toEqual([1]);
  expect(house.asked).toEqual([0]);
  expect(await late.take(19_999)).toEqual(range(2, 20_000));
});

test('one that stops taking has little kept for it, delays nobody, and misses nothing when it goes on', async () => {
  const house = openFeed(0);
  const [slow, quick] = [await follow(house, undefined), await follow(house, undefined)];
  for (const number of [1, 2]) {
    house.window.newest = number;
    expect(await Promise.all([slow.take(1), quick.take(1)])).toEqual([[number], [number]]);
  }

  house.window.newest = 5000;
  expect(await quick.take(4998)).toEqual(range(3, 5000));
  house.asked.length = 0;
  const rest = await slow.take(4998);

  expect(rest).toEqual(range(3, 5000));
  // Had all of it been kept in memory, nobody would have had to look this far back.
  expect(Math.min(...house.asked)).toBeLessThan(1500);
});

test('what was decoded before it was published is handed out as it is, once, and the rest is decoded', async () => {
  const { feed, window } = openFeed(0);
  const heard: FeedEvent[] = [];
  await feed.listen((events) => void heard.push(...events));
  const data = { id: 'known', definition: {} };
  feed.foresee([{ id: idOf(1), data } as never]);

  window.newest = 2;
  feed.poke();
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  const [first, second] = heard;

  expect(first).toMatchObject({ number: 1n });
  expect(first?.data).toBe(data);
  expect(second).toMatchObject({ number: 2n, data: { id: 'q' } });
});

test('one that is so far behind that its next events are no longer kept is ended', async () => {
  const house = openFeed(2000);
  const late = await follow(house, 0n);
  await late.take(10);
  house.window.oldest = 1000;

  expect(await late.take(5000)).toEqual(range(11, PAGE));
});
