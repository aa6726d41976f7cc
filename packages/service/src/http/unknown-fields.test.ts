import { expect, test } from 'vitest';
import { z } from 'zod';
import { unknownFields, unknownFinder } from './unknown-fields.ts';

const hours = z.object({ from: z.string(), to: z.string().default('18:00') });
const body = z.object({
  name: z.string().optional(),
  hours: z.union([z.array(hours), hours]).optional(),
  capacity: z.record(z.string(), z.int()).default({}),
  managers: z.array(z.string().transform((id) => ({ id }))).optional(),
});
const find = (sent: unknown) => unknownFields(sent, body.parse(sent)).map(({ field }) => field);

test.each([
  ['at the top', { nmae: 'x' }, ['nmae']],
  ['in a list', { hours: [{ from: '09:00' }, { from: '09:00', until: '17:00' }] }, ['hours.1.until']],
  ['in one of a union', { hours: { from: '09:00', until: '17:00', too: 1 } }, ['hours.until', 'hours.too']],
  ['nowhere, with free keys', { name: 'x', capacity: { phone: 1, toString: 2 } }, []],
  ['nowhere, where the schema fills in', { hours: { from: '09:00' } }, []],
  ['nowhere, where a text becomes an object', { managers: ['mia'] }, []],
  ['under a name that every object has', { constructor: 1 }, ['constructor']],
])('unknown %s', (_where, sent, fields) => {
  expect(find(sent)).toEqual(fields);
});

test('given what the route itself shows, then it may come back, and nothing else', () => {
  const resource = body.safeExtend({
    id: z.string(),
    version: z.int(),
    hours: z.array(hours.safeExtend({ by: z.string() })),
  });
  const finder = unknownFinder(() => [resource, z.undefined()]);
  const ask = (sent: object) => finder(sent, body.parse(sent)).map(({ field }) => field);

  expect(ask({ id: 'x', version: 2, name: 'y', hours: [{ from: '09:00', to: '10:00', by: 'me' }] })).toEqual([]);
  expect(ask({ id: 'x', verson: 2 })).toEqual(['verson']);
  expect(ask({ id: 7, verson: 2 })).toEqual(['id', 'verson']);
});

test('given a body of nothing but unknown fields, then ten are named', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${String(at)}`, at]));

  expect(unknownFinder(() => [])(many, {})).toHaveLength(10);
});
