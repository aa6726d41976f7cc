/** Ways to break one guarantee at a time, by changing a piece of source text as it is loaded. For tests alone. */
import { readFileSync } from 'node:fs';
import { guards } from './guards.ts';
import type { Edit, Mutation } from './mutation.ts';
import { paths } from './paths.ts';

export const mutations: readonly Mutation[] = [...guards, ...paths];

const root = new URL('../../../../', import.meta.url);

/** @throws when there is none of that name, or when the sources are no longer what it changes */
export function findMutation(name: string): Mutation {
  const mutation = mutations.find((one) => one.name === name);
  if (mutation === undefined) throw new Error(`no mutation is called ${name}`);
  for (const edit of mutation.edits) applyEdit(edit, readFileSync(new URL(edit.file, root), 'utf8'));
  return mutation;
}

/** The changed text. @throws when the piece is not there exactly once */
export function applyEdit({ file, find, replace }: Edit, text: string): string {
  const pieces = text.split(find);
  if (pieces.length !== 2) {
    throw new Error(`${file} has ${String(pieces.length - 1)} times the piece to change, not once: ${find}`);
  }
  return pieces.join(replace);
}

/** Arguments for `node` under which a process runs with the mutation. @throws as `findMutation` */
export function mutationArguments(name: string): string[] {
  const hook = new URL('hook.ts', import.meta.url);
  hook.searchParams.set('mutation', findMutation(name).name);
  return ['--import', hook.href];
}
