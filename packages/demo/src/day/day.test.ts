import { activityRecorded, contactReceived } from '@switchboard/contracts';
import { describe, expect, it } from 'vitest';
import { channels, reasons } from '../company/reasons.ts';
import { customersOf, MOST_CUSTOMERS } from './customers.ts';
import { clockTime, CLOSES, hourOf, OPENS, shareOfDay } from './day-curve.ts';
import { historyOf, lastMondays } from './history.ts';
import { momentsOf } from './moments.ts';
import type { Moment } from './moments.ts';
import { phrases, phrasesOf } from './phrases.ts';

const customers = customersOf(300, 1);
const day = (seed: number, count = 1500): Moment[] => [...momentsOf({ seed, count, customers, run: 'test' })];
const byHour = (moments: Moment[], hour: number): number =>
  moments.filter((moment) => Math.floor(moment.hour) === hour).length;

describe('the customers', () => {
  it('are as many as asked for, each with contact points of their own', () => {
    const all = customersOf(MOST_CUSTOMERS + 1, 7);
    expect(all).toHaveLength(MOST_CUSTOMERS);
    for (const key of ['phone', 'email', 'user'] as const) {
      expect(new Set(all.map((customer) => customer[key])).size).toBe(all.length);
    }
    expect(customersOf(1, 2)).not.toEqual(customersOf(1, 1));
    expect(all.every(({ mobile, home }) => mobile !== undefined || home !== undefined)).toBe(true);
  });

  it('given the same call, have the same history, which every guard lets pass', () => {
    const mondays = lastMondays(new Date('2026-07-15T12:00:00Z'), 3);
    expect(mondays).toEqual(['2026-06-29', '2026-07-06', '2026-07-13']);
    const history = customers.flatMap((customer) => historyOf(customer, mondays));
    expect(history).toEqual(customers.flatMap((customer) => historyOf(customer, mondays)));
    expect(new Set(history.map(({ externalId }) => externalId)).size).toBe(history.length);
    for (const activity of history) expect(activityRecorded.parse(activity)).toEqual(activity);
  });
});

describe('a day', () => {
  it('given the same seed, is the same day; given another, another', () => {
    expect(day(7)).toEqual(day(7));
    expect(day(7)).not.toEqual(day(8));
  });

  it('consists of bodies that every guard lets pass, with nothing left to fill in', () => {
    for (const { kind, body } of day(3)) {
      expect(kind === 'contact' ? contactReceived.parse(body) : activityRecorded.parse(body)).toEqual(body);
      expect(JSON.stringify(body)).not.toMatch(/\{\w+\}/u);
    }
  });

  it('has so many contacts, in their order, by every channel, for every reason, in every language', () => {
    const moments = day(5);
    const contacts = moments.filter((moment) => moment.kind === 'contact');
    expect(contacts).toHaveLength(1500);
    expect(new Set(contacts.map(({ body }) => body.externalId)).size).toBe(1500);
    expect(moments.map(({ hour }) => hour)).toEqual(moments.map(({ hour }) => hour).sort((a, b) => a - b));
    expect(new Set(contacts.map(({ channel }) => channel))).toEqual(new Set(channels));
    expect(new Set(contacts.map(({ reason }) => reason))).toEqual(new Set(reasons));
    expect(new Set(contacts.map(({ body }) => body.language))).toEqual(new Set(Object.keys(phrases)));
  });

  it('has its waves', () => {
    const moments = day(5);
    expect(byHour(moments, 18)).toBeGreaterThan(2 * byHour(moments, 21));
    expect(byHour(moments, 10)).toBeGreaterThan(2 * byHour(moments, 7));
  });

  it('asks only about what the customer has', () => {
    for (const moment of day(9)) {
      if (moment.kind !== 'contact') continue;
      if (moment.reason === 'outage') expect(moment.customer.home).toBeDefined();
      if (moment.reason === 'roaming') expect(moment.customer.mobile).toBeDefined();
    }
  });
});

describe('the hours', () => {
  it('begin when the company opens and end when it closes', () => {
    expect(hourOf(0, 10, 0)).toBe(OPENS);
    expect(hourOf(10, 10, 0)).toBe(CLOSES);
    expect([shareOfDay(OPENS), shareOfDay(CLOSES)]).toEqual([0, 1]);
  });

  it.each([
    [7, '07:00'],
    [13.25, '13:15'],
    [22.01, '22:00'],
  ])('%d reads %s', (hour, text) => {
    expect(clockTime(hour)).toBe(text);
  });
});

it('answers in the language of the case, in English where it is not spoken', () => {
  expect(phrasesOf('de-AT')).toBe(phrases.de);
  expect(phrasesOf('ja')).toBe(phrases.en);
  expect(phrasesOf('')).toBe(phrases.en);
});
