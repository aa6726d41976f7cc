import { expect, it } from 'vitest';
import type { Sql } from './ports.ts';
import { createWorld } from './world.ts';

type Kinds = { box: { readonly id: string; readonly version: number } };

const sql: Sql = { query: () => Promise.resolve([]) };
const emptyTable = {
  load: () => Promise.resolve([]),
  save: () => Promise.resolve(1),
  remove: () => Promise.resolve(0),
};

it('given an aggregate that was looked at and then made, when a later message locks it, then it is still there', async () => {
  const world = createWorld<Kinds>([{ kind: 'box', store: emptyTable }]);
  await world.fetch(sql, [{ kind: 'box', id: '1', mode: 'read' }]);
  world.apply([{ kind: 'box', state: { id: '1', version: 1 } }]);
  await world.fetch(sql, [{ kind: 'box', id: '1' }]);
  expect(world.get('box', '1')).toEqual({ id: '1', version: 1 });
});

it('given an aggregate that was looked at and then removed, when a later message locks it, then it is still gone', async () => {
  const load = () => Promise.resolve([{ id: '1', version: 1 }]);
  const world = createWorld<Kinds>([{ kind: 'box', store: { ...emptyTable, load } }]);
  await world.fetch(sql, [{ kind: 'box', id: '1', mode: 'read' }]);
  world.apply([{ kind: 'box', remove: '1' }]);
  await world.fetch(sql, [{ kind: 'box', id: '1' }]);
  expect(world.get('box', '1')).toBeUndefined();
});
