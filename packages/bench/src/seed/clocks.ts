/** Running clocks with their timers, as sla leaves them when nobody answers. */
import type { Client } from 'pg';
import type { ScenarioContext } from '../scenario.ts';
import { fill, idOf, isoOf, settleTables, withSeeder } from './sql.ts';

export interface ClockPlan {
  /** The first timer's due time; the others follow evenly. ISO 8601. */
  readonly from: string;
  readonly ratePerS: number;
  /** Timers that become due one after the other. */
  readonly due: number;
  /** Timers that are pending for long after those, at least. */
  readonly later: number;
}

/**
 * Every clock has promised an answer within an hour, with warnings at a half and at three quarters. Of three clocks one
 * comes to its first warning, one to its second and one to its breach; what it then still waits for is due later.
 */
export const TARGET_MS = 3_600_000;
const SHARES = 'array[0.5, 0.75, 1.0]';

/** @param startedAt SQL over `n`; @param warned SQL: how many warnings are behind it */
function clocksAt(startedAt: string, warned: string): string {
  const id = idOf('c10', 'n');
  const caseId = idOf('ca5', 'n');
  const from = `select n, ${id} as id, ${caseId} as case_id, ${startedAt} as started, ${warned} as warned
    from generate_series($1::bigint, $2::bigint - 1) n`;
  return `
with made as materialized (${from}),
cases as (
  insert into case_clocks (id, version, case_version, status, priority, terms, responded, answered_version, unanswered,
    open_since, clocks)
  select case_id, 1, 1, 'open', 3,
    '{"policyId": "default", "calendarId": "always", "targets": {"firstResponse": "PT1H"}, "warnAt": [0.5, 0.75], "pauseIn": []}',
    false, 0, jsonb_build_object('since', ${isoOf('started')}, 'caseVersion', 1), started,
    jsonb_build_object('firstResponse', id) from made),
timers as (
  insert into timer (kind, id, due, data, trace)
  select case share when 1 then 'clock-breach' else 'clock-warn' end, case share when 1 then id else id || ':' || share end,
    started + share * interval '${String(TARGET_MS)} ms',
    case share when 1 then jsonb_build_object('clockId', id) else jsonb_build_object('clockId', id, 'share', share) end,
    jsonb_build_object('correlationId', case_id)
  from made, unnest((${SHARES})[warned + 1 :]) share)
insert into clock (id, version, case_id, policy_id, calendar_id, target, status, target_ms, started_at, segments, due_at,
  scheduled_at, warn_at, warned)
select id, 1 + warned, case_id, 'default', 'always', 'firstResponse', 'running', ${String(TARGET_MS)}, started,
  jsonb_build_array(jsonb_build_object('from', ${isoOf('started')})), started + interval '${String(TARGET_MS)} ms',
  started, '[0.5, 0.75]', (array['[]', '[0.5]', '[0.5, 0.75]'])[warned + 1]::jsonb
from made`;
}

/** Adds clocks whose timers become due one after the other, at once: a few thousand. */
export async function addDueClocks(
  client: Client,
  context: ScenarioContext,
  plan: Omit<ClockPlan, 'later'>,
): Promise<void> {
  await fill(client, context, {
    what: 'due clocks',
    count: plan.due,
    insert: clocksAt(startedBefore(plan), '(n % 3)::int'),
  });
}

/** When the clock whose timer is number n to be due has started. */
function startedBefore({ from, ratePerS }: Omit<ClockPlan, 'later'>): string {
  const dueAt = `timestamptz '${from}' + round(n * 1000.0 / ${String(ratePerS)}) * interval '1 ms'`;
  return `${dueAt} - (${SHARES})[n % 3 + 1] * interval '${String(TARGET_MS)} ms'`;
}

/** Fills sla's tables. @returns how many timers are pending when the first one is due */
export async function seedClocks(adminUrl: string, context: ScenarioContext, plan: ClockPlan): Promise<number> {
  const { from, due, later } = plan;
  return withSeeder(adminUrl, 'sla', async (client) => {
    await fill(client, context, { what: 'clocks', count: due, insert: clocksAt(startedBefore(plan), '(n % 3)::int') });
    // A third of those still wait for two timers afterwards, a third for one; fresh clocks make up what is missing.
    const fresh = Math.max(0, Math.ceil((later - due) / 3));
    const laterAt = `timestamptz '${from}' + interval '2 hours' + (n - ${String(due)}) * interval '1 ms'`;
    await fill(client, context, { what: 'clocks of later', count: fresh, first: due, insert: clocksAt(laterAt, '0') });
    context.progress('analysing the tables');
    await settleTables(client, ['case_clocks', 'clock', 'timer']);
    const { rows } = await client.query<{ pending: string }>('select count(*)::text as pending from timer');
    return Number(rows[0]?.pending);
  });
}
