import { expect, it } from 'vitest';
import { createHouse } from '../../testing/house.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import { follow } from '../matching/follow.ts';
import { createMemory } from '../matching/memory.ts';
import { setQueue } from '../matching/items.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import type { CalendarSource } from './rules.ts';

/** A Monday. */
const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const morning: CalendarSource = { timeZone: 'UTC', hours: [{ days: ['mon'], from: '08:00', to: '11:00' }] };
const allDay: CalendarSource = { timeZone: 'UTC', hours: [{ days: ['mon'], from: '08:00', to: '18:00' }] };
const plain: QueueDefinition = { order: 1, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

it('given one that is removed, then it keeps the hours that it had last, marked, until it is put again', () => {
  const house = createHouse();
  const memory = createMemory();
  setQueue(memory, 'q', compileQueue('q', { ...plain, schedule: { calendarId: 'desk' } }));
  let seen = 0;
  const adopt = (toldVersion: number, source?: CalendarSource) => {
    house.tell({ type: 'adopt-calendar', data: { id: 'desk', toldVersion, source } });
    follow(memory, house.events.slice(seen), compileQueue);
    seen = house.events.length;
    return {
      source: house.get('calendar', 'desk')?.source,
      isOpen: memory.queues.get('q')?.schedule?.openingAt(NOON).isOpen,
    };
  };
  expect(adopt(1, morning)).toEqual({ source: morning, isOpen: false });
  expect(adopt(2)).toEqual({ source: { ...morning, removed: true }, isOpen: false });
  expect(house.events.at(-1)?.data).toMatchObject({ id: 'desk', definition: morning, removed: true });
  // Told again, and told late.
  expect(adopt(3)).toEqual({ source: { ...morning, removed: true }, isOpen: false });
  expect(adopt(2, allDay)).toEqual({ source: { ...morning, removed: true }, isOpen: false });
  expect(adopt(4, allDay)).toEqual({ source: allDay, isOpen: true });
});

it('given one that was removed before anything else was heard of it, then nobody knows its hours', () => {
  const house = createHouse();
  house.tell({ type: 'adopt-calendar', data: { id: 'desk', toldVersion: 7 } });
  expect(house.get('calendar', 'desk')?.source).toEqual({ removed: true });
  expect(house.events.at(-1)?.data).toMatchObject({ definition: {}, removed: true });
});
