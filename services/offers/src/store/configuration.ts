/** The offers as decisions look them up: expressions compiled once for each change of the configuration. */
import type { Sql } from '@switchboard/hallway';
import { bind, compile, eligibilityLanguage, evaluate, triggerLanguage } from '@switchboard/rules';
import type { Facts, Language, Problem } from '@switchboard/rules';
import type { CompiledOffer, OffersConfiguration, Verdict } from '../domain/configuration.ts';
import type { OfferDefinition } from '../domain/state.ts';

type Condition<N extends string> = (facts: Facts<N>) => Verdict;

/** An expression that an earlier version let in and this one refuses matches nothing, and says why. */
function condition<N extends string>(language: Language<N>, source: string): Condition<N> {
  const compiled = compile(language, source);
  if (!compiled.ok) {
    const error = compiled.errors.map(({ reason }) => reason).join('; ');
    return () => ({ error });
  }
  return (facts) => evaluate(compiled.expression, bind(language, facts));
}

/** Reasons against the expressions of an offer, by field. */
export function problemsOf({ trigger, eligibility }: OfferDefinition): readonly Problem[] {
  const triggering = compile(triggerLanguage, trigger, 'trigger');
  const eligible = eligibility === undefined ? undefined : compile(eligibilityLanguage, eligibility, 'eligibility');
  return [triggering, eligible].flatMap((one) => (one === undefined || one.ok ? [] : one.errors));
}

function compileOffer({
  id,
  definition,
}: {
  readonly id: string;
  readonly definition: OfferDefinition;
}): CompiledOffer {
  const triggers = condition(triggerLanguage, definition.trigger);
  const { eligibility } = definition;
  const isEligible = eligibility === undefined ? () => true : condition(eligibilityLanguage, eligibility);
  return { id, definition, triggers, isEligible };
}

/** Reads and compiles every offer. */
export async function loadConfiguration(
  sql: Sql,
  windows: OffersConfiguration['windows'],
): Promise<OffersConfiguration> {
  const rows = await sql.query<{ id: string; definition: OfferDefinition }>(
    'select id, definition from offer order by id',
  );
  return { offers: rows.map(compileOffer), windows };
}
