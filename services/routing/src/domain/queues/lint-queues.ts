/**
 * What contradicts itself in a queue, or among queues and agents. Where conditions only compare fields with constants,
 * all the ways in which they can turn out are tried, and a contradiction is certain: a fault. Else examples are tried,
 * and it is a warning.
 */
import {
  bind,
  compile,
  evaluate,
  examplesFor,
  figuresLanguage,
  matchLanguage,
  requirementsLanguage,
} from '@switchboard/rules';
import type { Language } from '@switchboard/rules';
import { compileQueue } from './compile-queue.ts';
import type { Fault } from './check.ts';
import { queuesNamed } from './definition.ts';
import type { QueueDefinition } from './definition.ts';
import type { RoutingConfiguration } from './queues.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Roster } from '../people/working-time.ts';

interface Findings {
  /** Certain: the queue is refused. */
  readonly faults: readonly Fault[];
  /** It may be meant so, or only examples say so. */
  readonly warnings: readonly Fault[];
}

interface Named {
  readonly id: string;
  readonly definition: QueueDefinition;
}

/** Queues compared with one another at most. */
const MOST = 100;

/** Its expressions compile. `agents`: everybody there is; nobody: nothing is said about who could serve it. */
export function lintQueue(
  queue: Named,
  { queues, fallback, roster }: RoutingConfiguration,
  agents: readonly AgentFacts[],
): Findings {
  const others = [...queues, fallback].flatMap(({ id, definition }) =>
    definition === undefined || id === queue.id ? [] : [{ id, definition }],
  );
  const parts = [
    conditions(queue.definition),
    { faults: [], warnings: [...reach(queue, others, fallback.id), ...pools(queue, agents)] },
    { faults: [], warnings: roster === undefined ? [] : calendarWarnings(queue.definition, roster) },
  ];
  return { faults: parts.flatMap(({ faults }) => faults), warnings: parts.flatMap(({ warnings }) => warnings) };
}

/** sla's calendar that needs no telling. */
const ALWAYS = 'always';

/** A calendar may come later, or have been removed. */
export function calendarWarnings(
  { schedule: { calendarId } = {} }: Pick<QueueDefinition, 'schedule'>,
  { calendars, removed }: Pick<Roster, 'calendars' | 'removed'>,
): Fault[] {
  const field = 'schedule.calendarId';
  if (calendarId === undefined || calendarId === ALWAYS) return [];
  if (!calendars.has(calendarId))
    return [{ field, reason: `there is no calendar ${calendarId}: the queue is always open` }];
  if (removed?.has(calendarId) !== true) return [];
  return [{ field, reason: `the calendar ${calendarId} was removed: the queue keeps the hours that it had last` }];
}

/** Queues that it names and that are not there, or are itself. */
export function unknownQueues({ id, definition }: Named, configuration: RoutingConfiguration): Fault[] {
  const known = new Set([...configuration.queues, configuration.fallback].map((queue) => queue.id));
  return queuesNamed(definition).flatMap((named) => {
    if (named.id === id) return [{ field: named.field, reason: 'must be another queue' }];
    return known.has(named.id) ? [] : [{ field: named.field, reason: `there is no queue ${named.id}` }];
  });
}

/** Requirements nobody could ever meet, conditions that never or always hold. */
function conditions({ requirements, targets = [] }: QueueDefinition): Findings {
  const parts = [
    never(
      requirementsLanguage,
      'requirements',
      requirements,
      'holds for no agent and no case: its conditions contradict each other',
    ),
    ...targets.flatMap((target, n) => {
      const at = `targets.${String(n)}`;
      const both = joined(requirements, target.requirements);
      return [
        never(
          requirementsLanguage,
          `${at}.requirements`,
          both,
          'holds for no agent and no case, together with those of the queue',
        ),
        never(figuresLanguage, `${at}.skipIf`, target.skipIf, 'never holds: the target would never be skipped'),
        never(figuresLanguage, `${at}.skipIf`, not(target.skipIf), 'always holds: the target would never be reached'),
        never(figuresLanguage, `${at}.overflow.if`, target.overflow?.if, 'never holds: nothing would ever leave'),
      ];
    }),
  ];
  return { faults: parts.flatMap(({ faults }) => faults), warnings: parts.flatMap(({ warnings }) => warnings) };
}

const joined = (all: string | undefined, own: string | undefined): string | undefined =>
  own === undefined || all === undefined ? own : `(${all}) && (${own})`;
const not = (source: string | undefined): string | undefined => (source === undefined ? undefined : `!(${source})`);

/** Priorities have no other values. */
const known = { 'case.priority': [1, 2, 3, 4, 5] };

/** A condition that holds for no facts. */
function never<N extends string>(
  language: Language<N>,
  field: string,
  source: string | undefined,
  reason: string,
): Findings {
  const nothing = { faults: [], warnings: [] };
  if (source === undefined) return nothing;
  const compiled = compile(language, source);
  // Joined to something longer than an expression may be: nothing is known.
  if (!compiled.ok) return nothing;
  const { expression } = compiled;
  const { facts, complete } = examplesFor([expression], { known });
  for (const example of facts) if (evaluate(expression, bind(language, example)) === true) return nothing;
  if (complete) return { faults: [{ field, reason }], warnings: [] };
  return { faults: [], warnings: [{ field, reason: `looks as if it ${reason} (among the examples that were tried)` }] };
}

/** Whether cases come here, and whether they still come to others. A queue may live of what others send. */
function reach({ id, definition }: Named, others: readonly Named[], last: string): Fault[] {
  const isFed = others.some((other) => queuesNamed(other.definition).some((named) => named.id === id));
  const before = others.filter((other) => other.id !== last && (id === last || isBefore(other, { id, definition })));
  const after = id === last ? [] : others.filter((other) => other.id !== last && isBefore({ id, definition }, other));
  const warnings: Fault[] = [];
  if (!isFed && !holdsSomewhere(definition.match))
    warnings.push({ field: 'match', reason: 'holds for no case, and no other queue sends anything here' });
  const shadow = before.slice(-MOST).find((other) => covers(other.definition.match, definition.match));
  if (shadow !== undefined && !isFed && id !== last)
    warnings.push({
      field: 'match',
      reason: `looks as if only cases are left that the queue ${shadow.id} takes before it`,
    });
  const hidden = after.slice(0, MOST).filter((other) => covers(definition.match, other.definition.match));
  if (hidden.length > 0)
    warnings.push({
      field: 'match',
      reason: `looks as if it leaves no cases to the queues ${hidden.map((other) => other.id).join(', ')}`,
    });
  return warnings;
}

const isBefore = (a: Named, b: Named): boolean =>
  a.definition.order - b.definition.order < 0 || (a.definition.order === b.definition.order && a.id < b.id);

function holdsSomewhere(match: string): boolean {
  const compiled = compile(matchLanguage, match);
  if (!compiled.ok) return true;
  const { facts } = examplesFor([compiled.expression], { known });
  for (const example of facts) if (evaluate(compiled.expression, bind(matchLanguage, example)) === true) return true;
  return false;
}

/** Whether one holds wherever the other does, and the other does somewhere. */
function covers(one: string, other: string): boolean {
  const [first, second] = [compile(matchLanguage, one), compile(matchLanguage, other)];
  if (!first.ok || !second.ok || !holdsSomewhere(other)) return false;
  const { facts } = examplesFor([first.expression, second.expression], { known });
  for (const example of facts) {
    const bound = bind(matchLanguage, example);
    if (evaluate(second.expression, bound) === true && evaluate(first.expression, bound) !== true) return false;
  }
  return true;
}

/** Targets that nobody meets today, as far as that depends on the agents alone. */
function pools({ id, definition }: Named, agents: readonly AgentFacts[]): Fault[] {
  if (agents.length === 0) return [];
  const { pool, targets = [] } = compileQueue(id, definition);
  const able = pool === undefined ? agents : agents.filter(pool);
  if (able.length === 0) return [{ field: 'requirements', reason: 'no agent there is meets them' }];
  return targets.flatMap(({ pool: own }, n) =>
    own === undefined || able.some(own)
      ? []
      : [{ field: `targets.${String(n)}`, reason: 'no agent there is meets it' }],
  );
}
