/** The figures of `routing --whole` out of notes and rows made up here. */
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@switchboard/testing';
import type { Happening } from './desks.ts';
import { readBooks, waysOf } from './ways.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let client: Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    create schema routing;
    create table routing.reservation (id text, agent_id text, work_item_id text, created_at timestamptz, ended_at timestamptz);
    create table routing.desk (id text, holds jsonb);
    create table routing.dead_letter (id text);
    create table routing.work_item (id text, status text);
    insert into routing.work_item values ('i8', 'pending'), ('i1', 'completed')`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const fill = async (rows: string, desks: string): Promise<void> => {
  await client.query(`delete from routing.reservation; delete from routing.desk;
    insert into routing.reservation select id, agent, item, '2026-11-22T12:00Z'::timestamptz + began * interval '1 s',
      '2026-11-22T12:00Z'::timestamptz + ended * interval '1 s' from (values ${rows}) r(id, agent, item, began, ended);
    insert into routing.desk values ${desks}`);
};

it('balances where each begins when the one before has ended', async () => {
  await fill(
    `('r1', 'anna', 'i1', 0, 5), ('r2', 'anna', 'i2', 5, 9), ('r3', 'anna', 'i1', 9, null)`,
    `('anna', '[{}]')`,
  );
  const none = { overCapacity: 0, heldTwice: 0, wrongLedgers: 0, deadLetters: 0 };
  expect(await readBooks(client)).toEqual({ ...none, reservations: 3, waiting: 1 });
});

it('finds who had two, which item two had, and a ledger that says something else', async () => {
  await fill(
    `('r1', 'anna', 'i1', 0, 5), ('r2', 'anna', 'i2', 4, 9), ('r3', 'bert', 'i2', 8, 20), ('r4', 'cleo', 'i3', 0, null)`,
    `('anna', '[]'), ('bert', '[{}]'), ('cleo', '[{}]')`,
  );
  expect(await readBooks(client)).toMatchObject({ overCapacity: 1, heldTwice: 1, wrongLedgers: 1 });
});

it('counts from the answer, the intended moment and the commit, and what led to nothing', () => {
  const noted = (from: number, partial: Partial<Happening> = {}): Happening => ({
    ...{ kind: 'completion', intendedAt: from, acknowledgedAt: from + 10, endedId: `e${String(from)}` },
    offer: { id: `r${String(from)}`, agentId: 'anna', caseId: 'c', toldAt: from + 70 },
    ...partial,
  });
  const { offer: _, ...led } = noted(900);
  const happenings = [noted(0), noted(100, { kind: 'contact' }), noted(200), led];
  const offers = new Map(
    [0, 100].map((from) => [`r${String(from)}`, { decidedAt: from + 30, committedAt: from + 50 }]),
  );
  const ways = waysOf(happenings, { offers, ends: new Map([['e0', 4]]) });
  const { whole, intended, committed, decided, written, told, byKind, unmatched, lastAt } = ways;
  expect([whole, intended, committed, decided, written, told].map(({ maxMs }) => Math.round(maxMs))).toEqual([
    40, 50, 46, 20, 20, 20,
  ]);
  expect([whole.count, committed.count, byKind.get('contact')?.count, unmatched, lastAt]).toEqual([2, 1, 1, 2, 150]);
});
