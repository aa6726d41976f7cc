/** Which absences an agent has: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import type { AgentAbsences } from '../domain/people/state.ts';

const text = `
  select agent.id, 1 as version,
         array(select absence.id from absence where absence.agent_id = agent.id order by absence.id) as "absenceKeys"
    from unnest($1::text[]) as agent(id)`;

export const agentAbsences: Store<AgentAbsences> = {
  load: (sql, ids) => sql.query<AgentAbsences>(text, [ids]),
  save: () => Promise.reject(new Error('lists of absences are not stored')),
  remove: () => Promise.reject(new Error('lists of absences are not stored')),
};
