import { eventually } from '@switchboard/testing';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job, Outcome } from './definition.ts';
import type { Message } from './domain.ts';
import type { Database, Sql } from './ports.ts';
import { readBacklog } from './tables/backlog.ts';
import { createLedger, type Ledger, type LedgerCommands } from './testing/ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger();
});
afterEach(async () => {
  await ledger.close();
});

const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);
const deadLetters = (): Promise<{ reason: string; error: string; id: string }[]> =>
  ledger.database.query('select id, reason, error from dead_letter order by id');

describe('a command', () => {
  test('is durable when it is answered, and its event is published once', async () => {
    const hallway = await ledger.replica();

    const outcome = await hallway.submit({ type: 'open', data: { id: 'a' } });

    expect(outcome).toMatchObject({ outcome: 'done', reply: { id: 'a', version: 1 } });
    expect(await ledger.account('a')).toMatchObject({ version: 1 });
    await eventually(() => expect(ledger.versions('a')).toEqual([1]));
    await eventually(async () => expect(await ledger.database.query('select * from outbox')).toEqual([]));
  });

  test('two hundred at once on one account fold in order, over two replicas', async () => {
    const [one, two] = [await ledger.replica(), await ledger.replica()];
    await one.submit({ type: 'open', data: { id: 'a' } });

    const outcomes = await Promise.all(
      range(200).map((n) => (n % 2 === 0 ? one : two).submit({ type: 'credit', data: { id: 'a', amount: 1 } })),
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(range(200).map(() => 'done'));
    expect(await ledger.account('a')).toMatchObject({ total: 200, version: 201 });
    await eventually(() => expect(ledger.versions('a')).toEqual(range(201)));
  });

  test('a rejection is an answer to its own message only', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    const [again, other] = await Promise.all([
      hallway.submit({ type: 'open', data: { id: 'a' } }),
      hallway.submit({ type: 'open', data: { id: 'b' } }),
    ]);

    expect(again.outcome).toBe('rejected');
    expect(other.outcome).toBe('done');
  });

  test('one whose write the database refuses is found by halving; its neighbours commit', async () => {
    const hallway = await ledger.replica();

    const outcomes = await Promise.all(
      range(20).map((n) =>
        hallway.submit({ type: 'open', data: { id: `a${String(n)}`, note: n === 7 ? 'x\0y' : '' } }),
      ),
    );

    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(19);
    expect(outcomes[6]).toMatchObject({ outcome: 'failed' });
    expect(await deadLetters()).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const submit = async (fingerprint: string, hallway: Awaited<ReturnType<Ledger['replica']>>): Promise<Outcome> =>
    hallway.submit(
      { type: 'open', data: { id: uuidv7() } },
      { idempotency: { scope: 't', key: 'k', fingerprint, respond: (body) => ({ status: 201, body }) } },
    );

  test('gives the stored answer again, and refuses another body', async () => {
    const hallway = await ledger.replica();

    const first = await submit('f', hallway);
    const second = await submit('f', hallway);
    const other = await submit('g', hallway);

    expect(second).toEqual({ outcome: 'repeated', status: 201, body: (first as { reply: unknown }).reply });
    expect(other).toEqual({ outcome: 'key-reused' });
  });

  test('used at the same instant on two replicas has one effect', async () => {
    const [one, two] = [await ledger.replica(), await ledger.replica()];

    await Promise.all(range(20).map((n) => submit('f', n % 2 === 0 ? one : two)));

    expect(await ledger.database.query('select id from account')).toHaveLength(1);
  });
});

describe('an event larger than the bus carries', () => {
  test("is refused with its command, and stands in nobody's way", async () => {
    const hallway = await ledger.replica();

    const [large, other] = await Promise.all([
      hallway.submit({ type: 'open', data: { id: 'a', note: 'x'.repeat(1_000_000) } }),
      hallway.submit({ type: 'open', data: { id: 'b' } }),
    ]);

    expect(large).toMatchObject({ outcome: 'failed', error: { name: 'EventTooLargeError' } });
    expect(other.outcome).toBe('done');
    await eventually(() => expect(ledger.versions('b')).toEqual([1]));
    expect(await ledger.account('a')).toBeUndefined();
  });
});

describe('a timer', () => {
  test('fires once when it is due, not before, on two replicas', async () => {
    const hallway = await ledger.replica();
    await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    const due = new Date(Date.now() + 3_600_000).toISOString();
    await hallway.submit({ type: 'credit-later', data: { id: 'a', amount: 3, due } });
    await ledger.moveClock(3_590_000);
    expect(await ledger.account('a')).toMatchObject({ total: 0 });

    await ledger.moveClock(20_000);

    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 3 }));
    expect(await ledger.database.query('select * from timer')).toEqual([]);
  });

  test('that a replica does not know is left to one that does, and told of while there is none', async () => {
    const told: unknown[] = [];
    const warn = (about: object): number => told.push(about);
    await ledger.database.query(
      `insert into timer (kind, id, due, data, trace) values ('credit', 'a', 'epoch', '{"amount": 3}', '{"correlationId": "c"}')`,
    );
    const older = await ledger.replica({ knowsNoTimers: true, warn });
    await older.submit({ type: 'open', data: { id: 'a' } });
    await eventually(() => {
      expect(told).toContainEqual({ unknown: [{ kind: 'credit', count: 1 }] });
    });
    const watched = { waitingWindowMs: 1000, timerKinds: [], unclaimedMs: 60_000 };
    expect(await readBacklog(ledger.database, watched)).toMatchObject({ timerLag: null, unknownTimers: 1 });
    expect(await ledger.account('a')).toMatchObject({ total: 0 });

    await ledger.replica();

    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 3 }));
    expect(await ledger.database.query('select * from timer')).toEqual([]);
    expect(await deadLetters()).toEqual([]);
  });

  test('that an earlier message of its batch moved waits for its new time, as if that had been a batch before', async () => {
    const message = (type: keyof LedgerCommands, data: object): Message => ({
      ...{ id: uuidv7(), type, data },
      trace: { correlationId: 'c' },
    });
    const lane = ledger.lane();
    await lane.submit([{ message: message('open', { id: 'a' }) }]);
    await lane.submit([{ message: message('credit-later', { id: 'a', amount: 3, due: new Date(0) }) }]);
    const [due] = await ledger.database.query<{ revision: string }>('select revision::text from timer');
    const timer = { kind: 'credit', id: 'a', revision: due?.revision ?? '' };
    const later = new Date(Date.now() + 3_600_000);

    const outcomes = await lane.submit([
      { message: message('credit-later', { id: 'a', amount: 3, due: later }) },
      { message: message('credit', { id: 'a', amount: 3 }), timer },
    ]);

    expect(outcomes).toMatchObject([{ outcome: 'done' }, { outcome: 'duplicate' }]);
    expect(await ledger.account('a')).toMatchObject({ total: 0 });
    expect(await ledger.database.query('select due from timer')).toEqual([{ due: later }]);
  });

  test('that fails goes to the dead letters and does not come back', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'credit-later', data: { id: 'a', amount: 13, due: new Date(0).toISOString() } });

    await eventually(async () => expect(await deadLetters()).toMatchObject([{ reason: 'failed' }]));
    expect(await ledger.database.query('select * from timer')).toEqual([]);
  });
});

describe('an outage', () => {
  const refused = (): Error => Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });

  test('of the database is waited out; the dead letters stay empty', async () => {
    let left = 4;
    const wrap = (database: Database): Database => ({
      ...database,
      transaction: (work) => (left-- > 0 ? Promise.reject(refused()) : database.transaction(work)),
    });
    const hallway = await ledger.replica({ wrap });

    expect(await hallway.submit({ type: 'open', data: { id: 'a' } })).toMatchObject({ outcome: 'done' });
    expect(await deadLetters()).toEqual([]);
  });

  test('that hides whether a commit counted does not apply the batch twice', async () => {
    let left = 2;
    const wrap = (database: Database): Database => ({
      ...database,
      async transaction(work) {
        const result = await database.transaction(work);
        if (left-- > 0) throw refused();
        return result;
      },
    });
    const hallway = await ledger.replica({ wrap });

    expect(await hallway.submit({ type: 'open', data: { id: 'a' } })).toMatchObject({ outcome: 'done' });
    expect(await ledger.account('a')).toMatchObject({ version: 1 });
  });

  test('that hides a commit which is still under way when the batch is tried again does not apply it twice', async () => {
    const someoneWaits = async (): Promise<void> => {
      const waiting = await ledger.database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    };
    let breaks = false;
    const wrap = (database: Database): Database => ({
      ...database,
      transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
        if (!breaks) return database.transaction(work);
        breaks = false;
        const answer = Promise.withResolvers<T>();
        // The connection is gone and the server goes on: it commits once the next try waits for it.
        const going = database.transaction(async (sql) => {
          await work(sql);
          answer.reject(refused());
          await eventually(someoneWaits);
        });
        going.catch(answer.reject);
        return answer.promise;
      },
    });
    const hallway = await ledger.replica({ wrap });
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    breaks = true;

    const outcome = await hallway.submit({ type: 'credit', data: { id: 'a', amount: 5 } });

    expect(outcome).toMatchObject({ outcome: 'done', reply: { total: 5 } });
    expect(await ledger.account('a')).toMatchObject({ version: 2, total: 5 });
  });

  test('of the bus delays events and loses none', async () => {
    const hallway = await ledger.replica();
    ledger.bus.down = refused();
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    ledger.bus.down = undefined;

    await eventually(() => expect(ledger.versions('a')).toEqual([1]));
  });
});

describe('an effect', () => {
  test('is performed after the commit, tried again when it fails, and answers as a command', async () => {
    const attempts: number[] = [];
    const hallway = await ledger.replica({
      bank(attempt) {
        attempts.push(attempt);
        return attempt === 1 ? Promise.reject(new Error('busy')) : Promise.resolve();
      },
    });

    await hallway.submit({ type: 'call-bank', data: { id: 'a' } });

    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ version: 1 }), {
      timeoutMs: 15_000,
    });
    expect(attempts).toEqual([1, 2]);
  });
});

test('an effect that takes longer than its lease is not performed by another replica meanwhile', async () => {
  let performed = 0;
  const bank = async (): Promise<void> => {
    performed += 1;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  };
  const one = await ledger.replica({ bank, effectLease: 300 });
  await ledger.replica({ bank, effectLease: 300 });

  await one.submit({ type: 'call-bank', data: { id: 'a' } });

  await eventually(async () => expect(await ledger.account('a')).toMatchObject({ version: 1 }));
  expect(performed).toBe(1);
});

describe('a job', () => {
  /** Credits every opened account once: its memory comes from the tables at the start and from the feed afterwards. */
  const welcome = (starts: string[], name: string, faults = { left: 0 }): Job<LedgerCommands> => ({
    name: 'welcome',
    interval: 50,
    async start(sql) {
      const rows = await sql.query<{ id: string }>('select id from account where version = 1');
      starts.push(name);
      const fresh = new Set(rows.map(({ id }) => id));
      return {
        onEvents: (events) => {
          for (const event of events) if (event.sequence === 1) fresh.add(event.subject);
        },
        run: () => {
          const commands = [...fresh].map((id) => ({ type: 'credit' as const, data: { id, amount: 10 } }));
          fresh.clear();
          if (commands.length > 0 && (faults.left -= 1) >= 0) throw new Error('a fault of the job');
          return commands;
        },
        onOutcomes: () => undefined,
      };
    },
  });

  test('has one owner, who hears of everything', async () => {
    const starts: string[] = [];
    const one = await ledger.replica({ jobs: [welcome(starts, 'one')] });
    await ledger.replica({ jobs: [welcome(starts, 'two')] });
    // What is opened while its memory is read is both read and heard of.
    await eventually(() => expect(starts).toHaveLength(1));

    for (const n of range(10)) await one.submit({ type: 'open', data: { id: `a${String(n)}` } });

    await eventually(async () => {
      const rows = await ledger.database.query<{ total: number }>('select total from account');
      expect(rows.map(({ total }) => total)).toEqual(range(10).map(() => 10));
    });
    expect(starts).toHaveLength(1);
  });

  test('hears at once what its own process committed, and of all once more when it is published', async () => {
    const heard: string[] = [];
    const note = (when: string) => (events: readonly { readonly subject: string; readonly sequence: number }[]) => {
      for (const { subject, sequence } of events) heard.push(`${when} ${subject} ${String(sequence)}`);
    };
    const listening = (): Job<LedgerCommands> => ({
      ...{ name: 'listen', interval: 50 },
      start: () =>
        Promise.resolve({
          ...{ onCommitted: note('committed'), onEvents: note('published') },
          ...{ run: () => [], onOutcomes: () => undefined },
        }),
    });
    const one = await ledger.replica({ jobs: [listening()] });
    const other = await ledger.replica();
    await one.submit({ type: 'open', data: { id: 'a' } });
    await eventually(() => expect(heard).toContain('published a 1'));
    heard.length = 0;
    ledger.bus.down = new Error('away');

    await other.submit({ type: 'credit', data: { id: 'a', amount: 1 } });
    await one.submit({ type: 'credit', data: { id: 'a', amount: 1 } });
    await eventually(() => expect(heard).toEqual(['committed a 3']));
    ledger.bus.down = undefined;

    await eventually(() => expect(heard).toEqual(['committed a 3', 'published a 2', 'published a 3']));
  });

  test('that fails begins anew: what it counted on and never sent is not lost', async () => {
    const starts: string[] = [];
    const hallway = await ledger.replica({ jobs: [welcome(starts, 'one', { left: 1 })] });

    await hallway.submit({ type: 'open', data: { id: 'a' } });

    await eventually(async () => {
      const rows = await ledger.database.query<{ total: number }>('select total from account');
      expect(rows.map(({ total }) => total)).toEqual([10]);
    });
    expect(starts).toHaveLength(2);
  });
});

describe('the feed', () => {
  test('tells what is past the given number, then what is new, each once', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    await hallway.submit({ type: 'credit', data: { id: 'a', amount: 1 } });
    await eventually(() => expect(ledger.versions('a')).toEqual([1, 2]));
    const end = new AbortController();

    const events = await hallway.follow(1n, end.signal);
    if (events === 'gone') throw new Error('gone');
    const seen: number[] = [];
    const reading = (async () => {
      for await (const event of events) if (seen.push(event.sequence) === 3) end.abort();
    })();
    await hallway.submit({ type: 'credit', data: { id: 'a', amount: 1 } });
    await hallway.submit({ type: 'credit', data: { id: 'a', amount: 1 } });
    await reading;

    expect(seen).toEqual([2, 3, 4]);
  });

  test('says when the past asked for is gone', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    await eventually(async () => expect(await ledger.database.query('select * from outbox_history')).toHaveLength(1));
    await ledger.database.query('update outbox_history set number = 50');

    expect(await hallway.follow(3n, new AbortController().signal)).toBe('gone');
  });
});
