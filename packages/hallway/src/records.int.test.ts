/** Records over a real database: decided once, in order, or kept where they can be seen and replayed. */
import { eventually } from '@switchboard/testing';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from './ports.ts';
import { createLedger, creditRecord, type Ledger } from './testing/ledger.ts';

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

describe('a record', () => {
  test('delivered again changes nothing', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    await ledger.bus.publish(range(50).map(() => creditRecord('a', 2)));
    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 100 }));

    await ledger.bus.redeliver();

    expect(await ledger.account('a')).toMatchObject({ total: 100, version: 51 });
  });

  test('that cannot be decided goes to the dead letters with its bytes; its neighbours go on, and it can be replayed', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    await ledger.bus.publish([creditRecord('a', 1), creditRecord('a', 13), creditRecord('a', 1)]);

    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 2 }));
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({ reason: 'failed', error: 'thirteen' });
    await eventually(() => {
      const copy = ledger.bus.records.find(({ topic }) => topic === 'test.sla.dead-letters');
      expect(copy?.headers).toMatchObject({ sb_reason: 'failed', sb_error: 'thirteen', sb_topic: 'test.routing' });
      expect(JSON.parse(copy?.value?.toString() ?? '')).toMatchObject({ id: 'a' });
    });
    expect(await hallway.deadLetters.replay(letter?.id ?? '')).toMatchObject({ outcome: 'failed' });
    // One letter stands for it, however often it is replayed.
    const letters = await hallway.deadLetters.list({ limit: 10 });
    expect(letters.map(({ replayedAt }) => replayedAt === null)).toEqual([false, true]);
    expect((await hallway.deadLetters.list({ limit: 1, open: true })).map(({ id }) => id)).toEqual([letters[1]?.id]);
  });

  test('that is refused for what it says goes to the dead letters as invalid', async () => {
    await ledger.replica();

    await ledger.bus.publish([creditRecord('a', -1)]);

    await eventually(async () =>
      expect(await deadLetters()).toMatchObject([{ reason: 'invalid-data', error: 'amount: is negative' }]),
    );
  });

  test('of unreadable bytes under headers no database can hold goes to the dead letters', async () => {
    await ledger.replica();
    const headers = { ...creditRecord('a', 1).headers, 'a\0name': 'a\0value' };
    const record = { ...creditRecord('a', 1), value: Buffer.from([0xff, 0x00, 0x7b]), headers };

    await ledger.bus.publish([record]);

    await eventually(async () => expect(await deadLetters()).toMatchObject([{ reason: 'not-utf8' }]));
  });

  test('whose needs cannot be asked goes to the dead letters; its neighbours go on', async () => {
    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    await ledger.bus.publish([creditRecord('a', 1), creditRecord('a', 17), creditRecord('a', 1)]);

    await eventually(async () => {
      expect(await ledger.account('a')).toMatchObject({ total: 2 });
    });
    expect(await deadLetters()).toMatchObject([{ reason: 'failed', error: 'seventeen' }]);
  });
});

describe('the copy of a dead letter', () => {
  const copies = () => ledger.bus.records.filter(({ topic }) => topic === 'test.sla.dead-letters');

  test.each([
    ['no key and no value', null, null],
    ['a key and a value that are no text', Buffer.from([0xff, 0x00, 0x80]), Buffer.from([0xfe])],
  ])('given %s, then it has them as they were', async (_what, key, value) => {
    await ledger.replica();

    await ledger.bus.publish([{ ...creditRecord('a', 1), key, value }]);

    await eventually(() => expect(copies()).toMatchObject([{ key, value }]));
  });

  test.each([
    ['a value that leaves no room', { value: Buffer.alloc(999_000, 'x') }, 'value'],
    [
      'headers that leave no room',
      { value: Buffer.from('x'), headers: { h: 'x'.repeat(999_000) } },
      'key, headers, value',
    ],
  ])('given %s, then it can be published, and what follows is', async (_what, given, omitted) => {
    const hallway = await ledger.replica();

    await ledger.bus.publish([{ ...creditRecord('a', 1), ...given }]);
    await eventually(() => expect(copies()).toMatchObject([{ headers: { sb_omitted: omitted } }]));
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    await eventually(() => expect(ledger.versions('a')).toEqual([1]));
  });
});

describe('the waiting room', () => {
  test('keeps records for an account that is not there yet and lets them in, in order, when it is opened', async () => {
    const hallway = await ledger.replica();
    await ledger.bus.publish([creditRecord('a', 5), creditRecord('a', 7)]);
    await eventually(async () => expect(await ledger.database.query('select * from waiting')).toHaveLength(2));

    await hallway.submit({ type: 'open', data: { id: 'a' } });

    expect(await ledger.account('a')).toMatchObject({ total: 12, version: 3 });
    expect(await ledger.database.query('select * from waiting')).toEqual([]);
  });

  test('loses nobody when records and the opening race over two replicas', async () => {
    const [one, two] = [await ledger.replica(), await ledger.replica()];
    const ids = range(40).map((n) => `a${String(n)}`);

    await Promise.all(
      ids.map(async (id, index) => {
        const published = ledger.bus.publish([creditRecord(id, 5)]);
        await (index % 2 === 0 ? one : two).submit({ type: 'open', data: { id } });
        await published;
      }),
    );

    // Both replicas are groups of one memory bus: each record is handed to both, and counts once.
    await eventually(async () => {
      const rows = await ledger.database.query<{ total: number }>('select total from account');
      expect(rows.map(({ total }) => total)).toEqual(ids.map(() => 5));
    });
  });

  test('ends in the dead letters when nobody ever comes', async () => {
    await ledger.replica({ waitingWindow: 0 });
    await ledger.bus.publish([creditRecord('ghost', 5)]);

    await eventually(async () => {
      expect(await deadLetters()).toMatchObject([{ reason: 'never-arrived' }]);
    });
    expect(await ledger.database.query('select * from waiting')).toEqual([]);
  });
});

describe('a replay', () => {
  /** A letter whose record can be handled now. */
  async function letter(): Promise<string> {
    const record = creditRecord('a', 5);
    const [row] = await ledger.database.query<{ id: string }>(
      `insert into dead_letter (id, topic, partition, record_offset, key, value, headers, reason, error)
       values ($1, $2, 0, '0', 'a', $3, $4, 'failed', 'x') returning id`,
      [uuidv7(), record.topic, record.value, JSON.stringify(record.headers)],
    );
    return row?.id ?? '';
  }

  test('asked for twice at once, of two replicas, has its effect once', async () => {
    let read = 0;
    const wrap = (database: Database): Database => ({
      ...database,
      async query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]> {
        const rows = await database.query<R>(text, values);
        if (text.includes('message from dead_letter')) read += 1;
        return rows;
      },
    });
    const [one, two] = [await ledger.replica({ wrap }), await ledger.replica({ wrap })];
    await one.submit({ type: 'open', data: { id: 'a' } });
    const id = await letter();

    // All have read it before any may decide it: who reads it later asks for one more replay.
    const { asked } = await ledger.database.transaction(async (sql) => {
      await sql.query('select 1 from dead_letter where id = $1 for update', [id]);
      const all = Promise.all([one, one, two].map((replica) => replica.deadLetters.replay(id)));
      await eventually(() => expect(read).toBe(3));
      return { asked: all };
    });

    expect((await asked).map((outcome) => outcome?.outcome).sort()).toEqual(['done', 'duplicate', 'duplicate']);
    expect(await ledger.account('a')).toMatchObject({ total: 5 });
  });

  test('is marked by the transaction that has its effect, or not at all', async () => {
    const gate = Promise.withResolvers<undefined>();
    let dies = false;
    const wrap = (database: Database): Database => ({
      ...database,
      async transaction(work) {
        const result = await database.transaction(work);
        // As if the process ended here: nothing comes after the commit.
        if (dies) await gate.promise;
        return result;
      },
    });
    const hallway = await ledger.replica({ wrap });
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    const id = await letter();
    dies = true;
    const lost = hallway.deadLetters.replay(id);
    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 5 }));
    const next = await ledger.replica();

    const again = await next.deadLetters.replay(id, { open: true });
    const open = await next.deadLetters.list({ open: true, limit: 10 });
    gate.resolve(undefined);
    await lost;

    expect([again, open]).toEqual([{ outcome: 'duplicate' }, []]);
    expect(await ledger.account('a')).toMatchObject({ total: 5 });
  });

  test('under a key is answered again with what became of it, and decided once', async () => {
    const hallway = await ledger.replica();
    const [early, late] = [await letter(), await letter()];
    const replay = (id: string, key: string) =>
      hallway.deadLetters.replay(id, {
        idempotency: { scope: 't', key, fingerprint: 'f', respond: (outcome) => ({ status: 200, body: outcome }) },
      });

    const waiting = await replay(early, 'early');
    const stillWaiting = await replay(early, 'early');
    await hallway.submit({ type: 'open', data: { id: 'a' } });
    const done = await replay(late, 'late');
    const again = await replay(late, 'late');

    expect([waiting, stillWaiting]).toEqual([
      { outcome: 'waiting' },
      { outcome: 'repeated', status: 200, body: { outcome: 'waiting' } },
    ]);
    expect([done?.outcome, again]).toMatchObject(['done', { outcome: 'repeated', body: { outcome: 'done' } }]);
    await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 10 }));
  });
});
