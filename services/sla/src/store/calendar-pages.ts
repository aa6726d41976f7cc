/** Which cases have unfinished clocks on a calendar, a page at a time: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { PAGE_SIZE } from '../domain/pages.ts';
import type { CalendarPage } from '../domain/pages.ts';

const text = `
  select page.id, 1 as version, array(
    select distinct case_id from clock
     where calendar_id = page.id::jsonb ->> 0 and case_id > page.id::jsonb ->> 1 and status in ('running', 'paused')
     order by case_id limit ${String(PAGE_SIZE)}) as "caseIds"
    from unnest($1::text[]) as page(id)`;

export const calendarPages: Store<CalendarPage> = {
  load: (sql, ids) => sql.query<CalendarPage>(text, [ids]),
  save: () => Promise.reject(new Error('pages are not stored')),
  remove: () => Promise.reject(new Error('pages are not stored')),
};
