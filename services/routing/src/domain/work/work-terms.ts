/** What one item asks for beyond its queue, as the matcher sees it at one moment: a question of time alone. */
import { bind, compile, evaluate, requirementsLanguage } from '@switchboard/rules';
import type { WorkTerms } from './state.ts';
import type { Admission, Step } from '../queues/steps.ts';

/** Expressions kept at most. */
const MOST = 5000;
const known = new Map<string, Admission>();

/**
 * The same function for the same text, compiled when somebody is first asked; an expression that does not compile (it did
 * when it was saved) admits nobody.
 */
function admissionOf(source: string): Admission {
  const found = known.get(source);
  if (found !== undefined) return found;
  if (known.size >= MOST) known.clear();
  const expression = once(() => compile(requirementsLanguage, source));
  const admits: Admission = (facts, agent) => {
    const compiled = expression();
    return compiled.ok && evaluate(compiled.expression, bind(requirementsLanguage, { ...facts, agent })) === true;
  };
  known.set(source, admits);
  return admits;
}

function once<T extends object>(find: () => T): () => T {
  let found: T | undefined;
  return () => (found ??= find());
}

/** Stages of a step are few; while an item is its owner's they are others. */
const OWNED = 1_000_000;

/** The step of the queue, narrowed to what the item asks for. `undefined`: it is not offered yet. `now` in ms. */
export function narrowed(step: Step, terms: WorkTerms | undefined, now: number): Step | undefined {
  if (terms === undefined) return step;
  const { requirements, team, offerFrom, owner } = terms;
  if (offerFrom !== undefined && now < Date.parse(offerFrom)) return undefined;
  const serves = both(step.serves, requirements, team);
  if (owner !== undefined && (owner.until === undefined || now < Date.parse(owner.until)))
    return { ...step, serves, preferred: owner.agentId, stage: step.stage + OWNED };
  return { ...step, serves };
}

/** The same function for the same, again: what is known of verdicts is known by it. */
const narrowings = new WeakMap<Admission, Map<string, Admission>>();
const everybody: Admission = () => true;

function both(serves: Admission | undefined, requirements?: string, team?: string): Admission | undefined {
  if (requirements === undefined && team === undefined) return serves;
  const wide = serves ?? everybody;
  const own = narrowings.get(wide) ?? new Map<string, Admission>();
  narrowings.set(wide, own);
  const name = `${team ?? ''}\n${requirements ?? ''}`;
  const before = own.get(name);
  if (before !== undefined) return before;
  if (own.size >= MOST) own.clear();
  const admits = requirements === undefined ? undefined : admissionOf(requirements);
  const narrow: Admission = (facts, agent) =>
    (team === undefined || agent.team === team) && wide(facts, agent) && admits?.(facts, agent) !== false;
  own.set(name, narrow);
  return narrow;
}
