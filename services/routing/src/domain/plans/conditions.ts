/** What conditions of plans are asked of: the case, and what became of the steps so far. */
import { bind, compile, evaluate, planLanguage } from '@switchboard/rules';
import type { Compiled } from '@switchboard/rules';
import type { Facts } from '../work/state.ts';
import type { PlanStep } from './state.ts';

/** Expressions kept at most. */
const MOST = 5000;
const known = new Map<string, Compiled<'case' | 'contact' | 'customer' | 'steps'>>();

/** A plan keeps its conditions as text; each text is compiled once a process. */
function compiledOf(source: string): Compiled<'case' | 'contact' | 'customer' | 'steps'> {
  const found = known.get(source);
  if (found !== undefined) return found;
  if (known.size >= MOST) known.clear();
  const compiled = compile(planLanguage, source);
  known.set(source, compiled);
  return compiled;
}

/** Whether it holds; what cannot be decided does not. */
export function holds(source: string, facts: Facts, steps: readonly PlanStep[]): boolean {
  const compiled = compiledOf(source);
  if (!compiled.ok) return false;
  const told = steps.map(({ id, status, result }) => [id, { status, ...(result === undefined ? {} : { result }) }]);
  const bound = bind(planLanguage, { ...facts, steps: Object.fromEntries(told) as object });
  return evaluate(compiled.expression, bound) === true;
}
