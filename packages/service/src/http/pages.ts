/** Cursor pages: `{items, nextCursor}`. A cursor is where the last page ended, opaque to callers. */
import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import { z } from 'zod';
import { problem } from './problem.ts';
import { textErrors } from './text.ts';

/** `?limit=&cursor=`: spread into a route's query schema. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
};

/** The schema of a page of these items. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** What a cursor holds: the sort columns of the page's last item. */
export type Position = readonly (string | number)[];

/** An instant within a cursor. The database knows no year 0. */
export const cursorInstant = z.iso.datetime().refine((text) => !text.startsWith('0000'));

/** One schema for each sort column. */
export type CursorShape = readonly [z.ZodType<string | number>, ...z.ZodType<string | number>[]];

/**
 * The position after which the page starts.
 * @throws Problem invalid-query when the cursor is not one of this list's
 */
export function readCursor(cursor: string | undefined, shape: CursorShape): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = z.tuple([...shape]).safeParse(decode(cursor));
  if (!parsed.success || textErrors(parsed.data).length > 0) {
    throw problem('invalid-query', 'The cursor does not fit', {
      errors: [{ field: 'cursor', reason: 'is not a nextCursor of this list' }],
    });
  }
  return parsed.data;
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * `where` for the rows behind a position, all columns sorted the same way.
 * @param after from `readCursor`; `undefined` for the first page
 */
export function behind(
  columns: readonly Column[],
  direction: 'asc' | 'desc',
  after: Position | undefined,
): SQL | undefined {
  if (after === undefined) return undefined;
  const left = sql.join([...columns], sql`, `);
  const right = sql.join(
    after.map((value, index) => sql`${value}::${sql.raw(columns[index]?.getSQLType() ?? 'text')}`),
    sql`, `,
  );
  return direction === 'asc' ? sql`(${left}) > (${right})` : sql`(${left}) < (${right})`;
}

/** Cuts the page out of `limit + 1` rows: one row more than asked for tells that there is a next page. */
export function toPage<R>(
  rows: readonly R[],
  limit: number,
  position: (row: R) => Position,
): { readonly items: R[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? Buffer.from(JSON.stringify(position(last))).toString('base64url') : null };
}
