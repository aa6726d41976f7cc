/** Which cases have something in common, a page at a time, and which clocks a case has: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { PAGE_SIZE } from '../domain/pages.ts';
import type { CasePage, ClocksOfCase } from '../domain/pages.ts';

/** Clocks that are not over are found in two indexes: those that may still be kept, and those that cannot. */
const onCalendar = (isOpen: string): string =>
  `(select distinct case_id from clock
     where page.id::jsonb ->> 0 = 'calendar' and calendar_id = page.id::jsonb ->> 1 and case_id > page.id::jsonb ->> 2
       and ${isOpen} order by case_id limit ${String(PAGE_SIZE)})`;

/** One of the three finds something; each goes along an index, in the order of case ids. */
const text = `
  select page.id, 1 as version, array(
    select id from case_clocks
     where page.id::jsonb ->> 0 in ('customer', 'unclosed', 'merged') and customer_id = page.id::jsonb ->> 1
       and id > page.id::jsonb ->> 2 and (open_since is not null or page.id::jsonb ->> 0 = 'merged'
         or page.id::jsonb ->> 0 = 'unclosed' and status <> 'closed')
     order by id limit ${String(PAGE_SIZE)}) || array(
    select distinct case_id from clock
     where page.id::jsonb ->> 0 = 'policy' and policy_id = page.id::jsonb ->> 1 and case_id > page.id::jsonb ->> 2
     order by case_id limit ${String(PAGE_SIZE)}) || array(
    ${onCalendar(`status in ('running', 'paused')`)}
    union
    ${onCalendar(`status = 'breached' and met_at is null and canceled_at is null`)}
     order by 1 limit ${String(PAGE_SIZE)}) as "caseIds"
    from unnest($1::text[]) as page(id)`;

export const casePages: Store<CasePage> = {
  load: (sql, ids) => sql.query<CasePage>(text, [ids]),
  save: () => Promise.reject(new Error('pages are not stored')),
  remove: () => Promise.reject(new Error('pages are not stored')),
};

const ofCase = `
  select page.id, 1 as version, array(select id from clock where case_id = page.id order by id) as "clockIds"
    from unnest($1::text[]) as page(id)`;

export const clocksOfCases: Store<ClocksOfCase> = {
  load: (sql, ids) => sql.query<ClocksOfCase>(ofCase, [ids]),
  save: () => Promise.reject(new Error('they are clocks by themselves')),
  remove: () => Promise.reject(new Error('they are clocks by themselves')),
};
