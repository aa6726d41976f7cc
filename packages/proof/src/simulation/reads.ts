/**
 * Most looks of loops that poll find what the last look found. As long as nothing was committed since, and the clock has
 * no say in it, PostgreSQL could answer nothing else: so it is not asked again.
 */
import type { Database } from '@switchboard/hallway';

/** One for all processes of a seed: each sees what the others commit. */
export function rememberReads(real: Database): Database {
  const known = new Map<string, { readonly commits: number; readonly rows: readonly object[] }>();
  let commits = 0;

  async function read<R extends object>(text: string, values: readonly unknown[] | undefined): Promise<R[]> {
    const key = JSON.stringify([text, values]);
    const found = known.get(key);
    if (found?.commits === commits) return found.rows.map((row) => ({ ...row }) as R);
    const before = commits;
    const rows = await real.query<R>(text, values);
    known.set(key, { commits: before, rows });
    return rows.map((row) => ({ ...row }));
  }

  return {
    classify: (error) => real.classify(error),
    async query(text, values) {
      if (isTimelessRead(text)) return read(text, values);
      try {
        return await real.query(text, values);
      } finally {
        if (changesWhatIsRead(text)) commits += 1;
      }
    },
    async transaction(work) {
      try {
        return await real.transaction(work);
      } finally {
        commits += 1;
      }
    },
  };
}

const isRead = (text: string): boolean => /^\s*select\s(?!\s*keep_partitions)/.test(text);
const isTimelessRead = (text: string): boolean => isRead(text) && !/clock/.test(text);
/** A lease is taken and given back by one statement each, and never looked at. */
const changesWhatIsRead = (text: string): boolean => !isRead(text) && !/^(insert into|delete from) lease\b/.test(text);
