/** Clocks with what their stories are told from: the labels of their cases, and every version of the calendars. */
import type { Sql } from '@switchboard/hallway';
import type { Db } from '@switchboard/service';
import { and, eq, gte, lt, sql as raw } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { versionedCalendars } from '../domain/configuration.ts';
import type { Configuration } from '../domain/configuration.ts';
import { tellStory } from '../domain/explain/story.ts';
import type { Story } from '../domain/explain/story.ts';
import { labelled } from '../domain/clocks/segments.ts';
import type { CaseClocks } from '../domain/cases/state.ts';
import type { ClockState } from '../domain/clocks/state.ts';
import { selectClocks } from './clock-queries.ts';
import { configurationLoader } from './configuration.ts';
import { clocks } from './schema.ts';

interface Reader {
  readonly db: Db;
  readonly sql: Sql;
}

/** Tells the story of one clock up to now; `undefined`: there is none of this id. */
export function storyReader({ db, sql }: Reader): (id: string) => Promise<Story | undefined> {
  const load = configurationLoader();
  return async (id) => {
    const [row] = await selectClocks(db, eq(clocks.id, id));
    return row === undefined ? undefined : storyOf(row, await load(sql));
  };
}

export interface ExportSpan {
  /** Of clocks that began from here … */
  readonly from: string;
  /** … to before here. */
  readonly to: string;
}

/** Clocks of one look at the table: what an export holds in memory. */
const PAGE = 500;

/** Tells the stories of many clocks, oldest first, a page at a time; the next page is read when it is asked for. */
export function storyPages({ db, sql }: Reader): (span: ExportSpan) => AsyncGenerator<readonly Story[]> {
  const load = configurationLoader();
  return async function* pages({ from, to }) {
    const configuration = await load(sql);
    let after: SQL | undefined;
    for (;;) {
      const rows = await selectClocks(db, and(gte(clocks.startedAt, from), lt(clocks.startedAt, to), after)).limit(
        PAGE,
      );
      if (rows.length > 0) yield rows.map((row) => storyOf(row, configuration));
      const last = rows.at(-1)?.clock;
      if (last === undefined || rows.length < PAGE) return;
      after = raw`(${clocks.startedAt}, ${clocks.id}) > (${last.startedAt}::timestamptz, ${last.id})`;
    }
  };
}

type Row = Awaited<ReturnType<typeof selectClocks>>[number];

function storyOf({ clock: stored, customerId, labels, now }: Row, configuration: Configuration): Story {
  const clock = withoutNulls<ClockState>({ ...stored, customerId });
  return tellStory(
    {
      clock,
      segments: labelled(clock, withoutNulls<Pick<CaseClocks, 'labels'>>({ labels }), configuration),
      calendarOf: versionedCalendars(configuration),
    },
    new Date(Math.floor(now)),
  );
}

/** NULL is an absent key. */
function withoutNulls<T extends object>(row: { readonly [K in keyof T]?: T[K] | null }): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;
}
