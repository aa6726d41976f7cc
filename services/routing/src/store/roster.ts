/** Who could be offered anything: looked up, never stored. */
import type { Store } from '@switchboard/hallway';
import { agentFacts } from '../domain/people/state.ts';
import type { AgentDefinition, Roster } from '../domain/people/state.ts';

/** More would not change what is said of them. */
const MOST = 5000;

interface Row {
  readonly id: string;
  readonly definition: AgentDefinition;
}

export const roster: Store<Roster> = {
  load: async (sql, ids) => {
    const rows = await sql.query<Row>('select id, definition from agent order by id limit $1', [MOST]);
    const agents = rows.map(({ id, definition }) => agentFacts(id, definition));
    return ids.map((id) => ({ id, version: 1, agents }));
  },
  save: () => Promise.reject(new Error('the roster is not stored')),
  remove: () => Promise.reject(new Error('the roster is not stored')),
};
