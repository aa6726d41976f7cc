import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { applyEdit, findMutation, mutationArguments, mutations } from './mutations.ts';

test.each(mutations)('$name applies to the sources as they are', ({ name }) => {
  expect(findMutation(name).breaks).not.toBe('');
});

test('no two mutations have one name', () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});

test('a piece that is gone, or there twice, is no mutation', () => {
  const edit = { file: 'a.ts', find: 'b', replace: 'c' };

  expect(() => applyEdit(edit, 'a')).toThrow('0 times');
  expect(() => applyEdit(edit, 'b b')).toThrow('2 times');
  expect(applyEdit(edit, 'a b')).toBe('a c');
});

/** Runs a program in a process of its own that loads the file a mutation changes. */
function runUnder(nodeArguments: readonly string[], program: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeArguments, '--input-type=module', '--eval', program],
    { encoding: 'utf8', cwd: import.meta.dirname },
  );
  return { status, output: stdout + stderr };
}

const printOrder = `
  const { unpublished } = await import(${JSON.stringify(new URL('../../../hallway/src/tables/outbox.ts', import.meta.url).href)});
  await unpublished({ query: async (text) => (console.log(text), []) }, 1);
`;

test('a process under a mutation runs the changed text, one without it the text as written', () => {
  const written = runUnder([], printOrder);
  const changed = runUnder(mutationArguments('outbox-order'), printOrder);

  expect(written.output).toContain('order by sized.seq\n');
  expect(changed.output).toContain('order by sized.seq desc\n');
});

test('a process under a mutation that does not exist ends', () => {
  const hook = new URL('hook.ts?mutation=nonsense', import.meta.url).href;

  expect(runUnder(['--import', hook], 'console.log("alive")')).toMatchObject({ status: 1 });
});
