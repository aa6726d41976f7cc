/** Clocks that ended, read a page at a time, newest first, each with how it looked on its way. */
import type { Sql } from '@switchboard/hallway';
import { rowStore } from '@switchboard/service';
import type { Configuration } from '../domain/configuration.ts';
import { lessonOf } from '../domain/risk/lesson.ts';
import type { Lesson } from '../domain/risk/lesson.ts';
import type { StaffingState } from '../domain/risk/staffing.ts';
import { caseClocks, clocks, staffings } from './schema.ts';

/** Clocks read at once: some milliseconds of this thread's time. */
const PAGE = 200;
/** Clocks that were kept, and as many that were broken, at most. */
const MOST = 10_000;

const ofClocks = rowStore(clocks);
const ofCases = rowStore(caseClocks);
const ofTeams = rowStore(staffings);

/** Newest first; a window of time that is the same for kept and broken ones would lose nothing but the oldest. */
const page = `
  select id, case_id as "caseId", started_at::text as "startedAt" from clock
   where status = $1 and (started_at, id) < ($2::timestamptz, $3)
   order by started_at desc, id desc limit $4`;

interface Found {
  readonly id: string;
  readonly caseId: string;
  readonly startedAt: string;
}

/** Pages of lessons. The thread is given back between them. */
export async function* lessons(sql: Sql, configuration: Configuration): AsyncGenerator<readonly Lesson[]> {
  const teams = await sql.query<{ id: string }>('select id from staffing');
  const staffing = new Map(
    (
      await ofTeams.load(
        sql,
        teams.map(({ id }) => id),
        'read',
      )
    ).map((team): [string, StaffingState] => [team.id, team]),
  );
  for (const status of ['met', 'breached'] as const) {
    let last: Pick<Found, 'id' | 'startedAt'> = { startedAt: 'infinity', id: '' };
    for (let read = 0; read < MOST; read += PAGE) {
      const found = await sql.query<Found & Record<string, unknown>>(page, [status, last.startedAt, last.id, PAGE]);
      yield await lessonsOf(sql, found, { configuration, staffing });
      last = found.at(-1) ?? last;
      if (found.length < PAGE) break;
    }
  }
}

interface House {
  readonly configuration: Configuration;
  readonly staffing: ReadonlyMap<string, StaffingState>;
}

async function lessonsOf(sql: Sql, found: readonly Found[], house: House): Promise<Lesson[]> {
  const states = await ofClocks.load(
    sql,
    found.map(({ id }) => id),
    'read',
  );
  const cases = await ofCases.load(sql, [...new Set(found.map(({ caseId }) => caseId))], 'read');
  const byId = new Map(cases.map((one) => [one.id, one]));
  return states.flatMap((clock) => {
    const own = byId.get(clock.caseId);
    return own === undefined ? [] : (lessonOf(clock, own, house) ?? []);
  });
}
