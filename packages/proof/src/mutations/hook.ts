/**
 * Loaded with `node --import <this file>?mutation=<name>`: changes the source text of the files that the mutation
 * names, before the types are stripped. A piece that is not there exactly once ends the process.
 */
import { registerHooks } from 'node:module';
import { applyEdit, findMutation } from './mutations.ts';

const { edits } = findMutation(new URL(import.meta.url).searchParams.get('mutation') ?? '');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const path = url.startsWith('file:') ? new URL(url).pathname : '';
    const wanted = edits.filter(({ file }) => path.endsWith(`/${file}`));
    if (wanted.length === 0 || loaded.source === undefined) return loaded;
    const text =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    return { ...loaded, source: wanted.reduce((changed, edit) => applyEdit(edit, changed), text) };
  },
});
