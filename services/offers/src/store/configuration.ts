/** The offers as decisions look them up: expressions compiled once for each change of the configuration. */
import type { Sql } from '@switchboard/hallway';
import { bind, compile, eligibilityLanguage, evaluate, triggerLanguage } from '@switchboard/rules';
import type { Bound, Facts, Language, Problem } from '@switchboard/rules';
import type { CompiledOffer, OffersConfiguration, Verdict } from '../domain/configuration.ts';
import type { OfferDefinition } from '../domain/state.ts';

type Condition<N extends string> = (facts: Facts<N>) => Verdict;

/**
 * Conditions by their text: many offers share one. Each is compiled once, and asked once over the same facts object,
 * however many offers ask it.
 */
function conditions<N extends string>(language: Language<N>): (source: string) => Condition<N> {
  const known = new Map<string, Condition<N>>();
  let bound: { readonly facts: Facts<N>; readonly values: Bound<N> } | undefined;
  const valuesOf = (facts: Facts<N>): Bound<N> => {
    if (bound?.facts !== facts) bound = { facts, values: bind(language, facts) };
    return bound.values;
  };
  return (source) => {
    let found = known.get(source);
    if (found === undefined) known.set(source, (found = remembering(condition(language, source, valuesOf))));
    return found;
  };
}

function remembering<N extends string>(condition: Condition<N>): Condition<N> {
  let last: { readonly facts: Facts<N>; readonly verdict: Verdict } | undefined;
  return (facts) => {
    if (last?.facts !== facts) last = { facts, verdict: condition(facts) };
    return last.verdict;
  };
}

/** An expression that an earlier version let in and this one refuses matches nothing, and says why. */
function condition<N extends string>(
  language: Language<N>,
  source: string,
  valuesOf: (facts: Facts<N>) => Bound<N>,
): Condition<N> {
  const compiled = compile(language, source);
  if (!compiled.ok) {
    const error = compiled.errors.map(({ reason }) => reason).join('; ');
    return () => ({ error });
  }
  return (facts) => evaluate(compiled.expression, valuesOf(facts));
}

/** Reasons against the expressions of an offer, by field. */
export function problemsOf({ trigger, eligibility }: OfferDefinition): readonly Problem[] {
  const triggering = compile(triggerLanguage, trigger, 'trigger');
  const eligible = eligibility === undefined ? undefined : compile(eligibilityLanguage, eligibility, 'eligibility');
  return [triggering, eligible].flatMap((one) => (one === undefined || one.ok ? [] : one.errors));
}

/** Offers as decisions look them up. */
export function compileOffers(rows: readonly StoredOffer[]): readonly CompiledOffer[] {
  const triggering = conditions(triggerLanguage);
  const eligible = conditions(eligibilityLanguage);
  return rows.map(({ id, definition }) => ({
    id,
    definition,
    triggers: triggering(definition.trigger),
    isEligible: definition.eligibility === undefined ? () => true : eligible(definition.eligibility),
  }));
}

interface StoredOffer {
  readonly id: string;
  readonly definition: OfferDefinition;
}

/** Reads and compiles every offer. */
export async function loadConfiguration(
  sql: Sql,
  windows: OffersConfiguration['windows'],
): Promise<OffersConfiguration> {
  const rows = await sql.query<StoredOffer>('select id, definition from offer order by id');
  return { offers: compileOffers(rows), windows };
}
