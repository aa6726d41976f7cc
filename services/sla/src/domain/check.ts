/** What a schema cannot say about calendars and policies. */
import { compileCalendar, parseDuration } from '@switchboard/calendar';
import type { CalendarDefinition } from '@switchboard/calendar';
import { compile, matchLanguage } from '@switchboard/rules';
import { targets } from './state.ts';
import type { PolicyDefinition, TargetTime } from './state.ts';

interface Fault {
  readonly field: string;
  readonly reason: string;
}

export function checkCalendar(definition: CalendarDefinition): readonly Fault[] {
  const compiled = compileCalendar(definition);
  return compiled.ok ? [] : compiled.errors;
}

export function checkPolicy(definition: Pick<PolicyDefinition, 'match' | 'targets'>): readonly Fault[] {
  const match = compile(matchLanguage, definition.match, 'match');
  const faults = match.ok ? [] : match.errors.map(({ reason }) => ({ field: 'match', reason }));
  return [...faults, ...targets.flatMap((target) => checkTime(`targets.${target}`, definition.targets[target]))];
}

function checkTime(field: string, time: TargetTime | undefined): Fault[] {
  if (time === undefined) return [];
  if (typeof time === 'string') return isPositive(time) ? [] : [{ field, reason: 'must be longer than nothing' }];
  return Object.entries(time).flatMap(([priority, text]) => checkTime(`${field}.${priority}`, text));
}

const isPositive = (text: string): boolean => (parseDuration(text) ?? 0) > 0;
