/** Which escalations a digest gathers, which a removed ladder leaves, which clocks a new one finds: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { ESCALATION_PAGE } from '../domain/escalation/state.ts';
import type { EscalationPage } from '../domain/escalation/state.ts';

const found = `jsonb_build_object('id', e.id, 'clockId', e.clock_id, 'caseId', e.case_id)`;
const lost = `jsonb_build_object('id', c.id, 'clockId', c.id, 'caseId', c.case_id, 'breachedAt', c.breached_at)`;
const few = `order by e.id limit ${String(ESCALATION_PAGE)}`;

const text = `
  select page.id, 1 as version, coalesce((
    select jsonb_agg(found) from (
      (select ${found} as found from escalation e
        where page.id::jsonb ->> 0 = 'digest' and e.ladder_id = page.id::jsonb ->> 1
          and e.held_for = 'digest' and e.next_at = (page.id::jsonb ->> 2)::timestamptz and e.id > page.id::jsonb ->> 4
          ${few})
      union all
      (select ${found} as found from escalation e
        where page.id::jsonb ->> 0 = 'ladder' and e.ladder_id = page.id::jsonb ->> 1 and e.status <> 'ended' ${few})
      union all
      (select ${lost} as found from clock c
        where page.id::jsonb ->> 0 = 'lost' and c.status = 'breached' and c.met_at is null and c.canceled_at is null
          and (c.breached_at, c.id) > ((page.id::jsonb ->> 3)::timestamptz, page.id::jsonb ->> 4)
          and c.extras ->> 'quiet' is distinct from 'true'
        order by c.breached_at, c.id limit ${String(ESCALATION_PAGE)})
    ) as either), '[]'::jsonb) as found
    from unnest($1::text[]) as page(id)`;

export const escalationPages: Store<EscalationPage> = {
  load: (sql, ids) => sql.query<EscalationPage>(text, [ids]),
  save: () => Promise.reject(new Error('pages are not stored')),
  remove: () => Promise.reject(new Error('pages are not stored')),
};
