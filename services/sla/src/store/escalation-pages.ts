/** Which escalations a digest gathers, and which a removed ladder leaves: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { ESCALATION_PAGE } from '../domain/escalation/state.ts';
import type { EscalationPage } from '../domain/escalation/state.ts';

const found = `jsonb_build_object('id', e.id, 'clockId', e.clock_id, 'caseId', e.case_id)`;
const few = `order by e.id limit ${String(ESCALATION_PAGE)}`;

const text = `
  select page.id, 1 as version, coalesce((
    select jsonb_agg(found) from (
      (select ${found} as found from escalation e
        where page.id::jsonb ->> 0 = 'digest' and e.ladder_id = page.id::jsonb ->> 1
          and e.held_for = 'digest' and e.next_at = (page.id::jsonb ->> 2)::timestamptz ${few})
      union all
      (select ${found} as found from escalation e
        where page.id::jsonb ->> 0 = 'ladder' and e.ladder_id = page.id::jsonb ->> 1 and e.status <> 'ended' ${few})
    ) as either), '[]'::jsonb) as found
    from unnest($1::text[]) as page(id)`;

export const escalationPages: Store<EscalationPage> = {
  load: (sql, ids) => sql.query<EscalationPage>(text, [ids]),
  save: () => Promise.reject(new Error('pages are not stored')),
  remove: () => Promise.reject(new Error('pages are not stored')),
};
