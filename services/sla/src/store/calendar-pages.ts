/** Which cases have unfinished clocks on a calendar, a page at a time: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { PAGE_SIZE } from '../domain/pages.ts';
import type { CalendarPage } from '../domain/pages.ts';

/** Clocks that are not over are found in two indexes: those that may still be kept, and those that cannot. */
const withClocks = (isOpen: string): string =>
  `(select distinct case_id from clock
     where calendar_id = page.id::jsonb ->> 0 and case_id > page.id::jsonb ->> 1 and ${isOpen}
     order by case_id limit ${String(PAGE_SIZE)})`;

const text = `
  select page.id, 1 as version, array(
    ${withClocks(`status in ('running', 'paused')`)}
    union
    ${withClocks(`status = 'breached' and met_at is null and canceled_at is null`)}
     order by 1 limit ${String(PAGE_SIZE)}) as "caseIds"
    from unnest($1::text[]) as page(id)`;

export const calendarPages: Store<CalendarPage> = {
  load: (sql, ids) => sql.query<CalendarPage>(text, [ids]),
  save: () => Promise.reject(new Error('pages are not stored')),
  remove: () => Promise.reject(new Error('pages are not stored')),
};
