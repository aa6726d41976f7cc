/** Reads and compiles ladders. */
import type { Calendar } from '@switchboard/calendar';
import type { Sql } from '@switchboard/hallway';
import { compile, ladderLanguage } from '@switchboard/rules';
import { loudHours } from '../domain/escalation/hours.ts';
import { byOrder } from '../domain/escalation/ladder.ts';
import type { CompiledLadder, LadderExpression } from '../domain/escalation/ladder.ts';
import type { LadderDefinition, LadderState } from '../domain/escalation/state.ts';

type Calendars = ReadonlyMap<string, Calendar>;

/** @throws when one that is stored no longer compiles: then nobody would be told, and the service says so */
export async function loadLadders(sql: Sql, calendars: Calendars): Promise<readonly CompiledLadder[]> {
  const rows = await sql.query<LadderState>('select id, version, definition from ladder');
  return rows.map((row) => compileLadder(row, calendars)).sort(byOrder);
}

export function compileLadder(
  { id, version, definition }: Pick<LadderState, 'id' | 'version' | 'definition'>,
  calendars: Calendars,
): CompiledLadder {
  const expression = (source: string): LadderExpression => {
    const compiled = compile(ladderLanguage, source);
    if (!compiled.ok) throw new Error(`ladder ${id}: ${compiled.errors.map(({ reason }) => reason).join('; ')}`);
    return compiled.expression;
  };
  return {
    id,
    version,
    definition,
    match: expression(definition.match),
    critical: expression(definition.critical),
    loud: loudFor(definition, calendars),
  };
}

/** Where the calendar was removed, no hour is quiet. */
function loudFor({ quietHours }: LadderDefinition, calendars: Calendars): Calendar | undefined {
  if (quietHours === undefined) return undefined;
  return 'calendarId' in quietHours ? calendars.get(quietHours.calendarId) : loudHours(quietHours);
}
