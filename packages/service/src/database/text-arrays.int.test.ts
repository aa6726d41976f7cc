import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '@switchboard/testing';
import { openDatabase, type ServiceDatabase } from './pool.ts';
import { textArrayParameters } from './text-arrays.ts';

let home: TestDatabase;
let database: ServiceDatabase;
beforeAll(async () => {
  home = await testDatabase();
  database = openDatabase({
    url: home.url,
    schema: 'public',
    application: 'test',
    connections: 1,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function thereAndBack(texts: readonly (string | null)[]): Promise<(string | null)[]> {
  const rows = await database.query<{ text: string | null }>(
    'select text from unnest($1::text[]) with ordinality as u(text, at) order by at',
    [texts],
  );
  return rows.map(({ text }) => text);
}

describe('arrays of text', () => {
  test('come back as they were, whatever is in them', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
        expect(await thereAndBack(texts)).toEqual(texts);
      }),
      { numRuns: 200 },
    );
  });

  test('keep what looks like syntax, nothing, and an empty list', async () => {
    const odd = ['', 'NULL', '{a,b}', '"quoted" \\ and, more', null, 'ключ 🔑', '{"a": ["b"]}'];

    expect(await thereAndBack(odd)).toEqual(odd);
    expect(await thereAndBack([])).toEqual([]);
  });

  test('are refused with a zero byte, like any other text', async () => {
    await expect(thereAndBack(['a\0b'])).rejects.toMatchObject({ code: '22021' });
  });

  test('are found by their cast alone', () => {
    expect(
      textArrayParameters('select unnest($2::text[]), unnest($1::int[]), $3::text, $11::text[], $2::text[]'),
    ).toEqual([1, 10]);
  });
});
