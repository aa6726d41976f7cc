/** Cases under way, each with a promise that runs and the timer of its due time. */
import type { ScenarioContext } from '../scenario.ts';
import { fill, idOf, isoOf, RUNNING_CASE, settleTables, withSeeder } from './sql.ts';

const caseId = idOf(RUNNING_CASE, 'n');
const clockId = idOf('c11', 'n');
const TERMS = JSON.stringify({
  policyId: 'default',
  calendarId: 'always',
  targets: { resolution: 'P30D' },
  warnAt: [],
  pauseIn: ['pending'],
});

/** Started within the last hour, due in thirty days. */
const insert = `
with made as materialized (
  select ${clockId} as id, ${caseId} as case_id,
    date_trunc('second', now()) - interval '1 hour' + (n % 3600) * interval '1 second' as started
  from generate_series($1::bigint, $2::bigint - 1) n),
cases as (
  insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, open_since, clocks)
  select case_id, 1, 1, 'open', 3, '${TERMS}', true, 1, started, jsonb_build_object('resolution', id) from made),
timers as (
  insert into timer (kind, id, due, data, trace)
  select 'clock-breach', id, started + interval '30 days', jsonb_build_object('clockId', id),
    jsonb_build_object('correlationId', case_id) from made)
insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, due_at,
  scheduled_at, warn_at, warned)
select id, 1, case_id, 'default', 'always', 'resolution', 'running', 30 * 86400000.0, started,
  jsonb_build_array(jsonb_build_object('from', ${isoOf('started')})), started + interval '30 days', started, '[]', '[]'
from made`;

export async function seedRunningClocks(adminUrl: string, context: ScenarioContext, count: number): Promise<void> {
  await withSeeder(adminUrl, 'sla', async (client) => {
    await fill(client, context, { what: 'running clocks', count, insert });
    context.progress('analysing the tables');
    await settleTables(client, ['case_clocks', 'clock', 'timer']);
  });
}
