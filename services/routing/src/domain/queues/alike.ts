/** What conditions look at, of cases and of agents: those that agree on all of it cannot be told apart by them. */
import { compile, mentions, requirementsLanguage } from '@switchboard/rules';
import type { Mention } from '@switchboard/rules';
import type { AgentFacts } from '../people/state.ts';
import type { Facts, WorkTerms } from '../work/state.ts';
import type { TargetDefinition } from './definition.ts';

export interface Alike {
  /** Cases of one name are alike; absent: hardly two cases are. */
  readonly kindOf?: ((facts: Facts) => string) | undefined;
  /** Agents who agree on all of this are; absent: each is by themselves. */
  readonly looksAt?: readonly Mention[] | undefined;
}

/** For a queue. */
export function alikeIn(requirements: string | undefined, targets: readonly TargetDefinition[] = []): Alike {
  const paths = mentionsIn([requirements, ...targets.map((target) => target.requirements)]);
  const levels = targets.flatMap((target) => Object.keys(target.levels ?? {}));
  const asked = levels.map((skill): Mention => ['agent', 'skills', skill]);
  if (targets.some(({ teams }) => teams !== undefined)) asked.push(['agent', 'team']);
  return { kindOf: kindsBy(paths), looksAt: ofAgents([...paths, ...asked]) };
}

/** For items of a queue that ask for something of their own. */
export function alikeBeside({ kindOf, looksAt }: Alike, { requirements, team }: WorkTerms): Alike {
  const paths = mentionsIn([requirements]);
  const ownKind = kindsBy(paths);
  const asked: Mention[] = team === undefined ? paths : [...paths, ['agent', 'team']];
  return {
    kindOf: kindOf && ownKind && ((facts) => `${kindOf(facts)} ${ownKind(facts)}`),
    looksAt: looksAt && ofAgents([...looksAt, ...asked]),
  };
}

/** Those of one name agree on all of it. */
export const classOf = (looksAt: readonly Mention[], agent: AgentFacts): string =>
  JSON.stringify(looksAt.map((path) => valueAt({ agent }, path)));

/** What hardly two cases have in common. */
const UNLIKE = new Set(['case id', 'case subject', 'case openedAt', 'contact text', 'customer id']);

function kindsBy(all: readonly Mention[]): Alike['kindOf'] {
  const paths = all.filter(([variable]) => variable !== 'agent');
  if (paths.some((path) => UNLIKE.has(path.join(' ')) || path.length === 1)) return undefined;
  return (facts) => JSON.stringify(paths.map((path) => valueAt(facts, path)));
}

/** Each once, in one order; `undefined`: hardly two agents agree on it. */
function ofAgents(all: readonly Mention[]): Alike['looksAt'] {
  const paths = new Map(all.filter(([variable]) => variable === 'agent').map((path) => [path.join(' '), path]));
  const asked = [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return asked.some((path) => path.length === 1 || path[1] === 'id') ? undefined : asked;
}

/** Each once. */
function mentionsIn(conditions: readonly (string | undefined)[]): Mention[] {
  const paths = new Map<string, Mention>();
  for (const condition of conditions) {
    const compiled = condition === undefined ? undefined : compile(requirementsLanguage, condition);
    if (compiled?.ok !== true) continue;
    for (const path of mentions(compiled.expression)) paths.set(path.join(' '), path);
  }
  return [...paths.values()];
}

function valueAt(facts: unknown, path: Mention): unknown {
  let value: unknown = facts;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value ?? null;
}
