/** What conditions say of a case as its newest snapshots have it. */
import { bind, calendarLanguage, compile, compileTo, evaluate, evaluateTo, matchLanguage } from '@switchboard/rules';
import type { Compiled } from '@switchboard/rules';
import type { CaseClocks, KeptFacts } from '../cases/state.ts';
import type { ClockConditions, Terms } from './state.ts';

/** Expressions kept at most. */
const MOST = 5000;

/** A case keeps its terms as text; each text is compiled once a process. */
function remembered<N extends string>(make: (source: string) => Compiled<N>): (source: string) => Compiled<N> {
  const known = new Map<string, Compiled<N>>();
  return (source) => {
    const found = known.get(source);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const compiled = make(source);
    known.set(source, compiled);
    return compiled;
  };
}

const conditionOf = remembered((source) => compile(matchLanguage, source));
const instantOf = remembered((source) => compileTo(matchLanguage, source, { result: 'timestamp' }));
const calendarOf = remembered((source) => compileTo(calendarLanguage, source, { result: 'string' }));

/** Asked of one case at one moment. What cannot be decided does not hold, and yields nothing. */
export interface Asking {
  holds(source: string | undefined): boolean;
  instant(source: string): Date | undefined;
  /** Ids of calendars, the wanted one first. */
  calendarIds(sources: readonly string[]): readonly string[];
}

type Asked = Pick<CaseClocks, 'extras' | 'team'>;

/** Facts are bound when first asked for. */
export function askOf({ extras, team }: Asked): Asking {
  const facts = extras?.facts ?? { case: {}, contact: {} };
  let bound: ReturnType<typeof bind<'case' | 'contact' | 'customer'>> | undefined;
  const conditions = () => (bound ??= bind(matchLanguage, facts));
  return {
    holds: (source) => {
      if (source === undefined) return false;
      const compiled = conditionOf(source);
      return compiled.ok && evaluate(compiled.expression, conditions()) === true;
    },
    instant: (source) => {
      const compiled = instantOf(source);
      const result = compiled.ok ? evaluateTo(compiled.expression, conditions()) : { error: '' };
      if ('error' in result || !(result.value instanceof Date)) return undefined;
      // An absent instant reads as the beginning of time.
      return result.value.getTime() > 0 ? result.value : undefined;
    },
    calendarIds: (sources) => {
      const withTeam = bind(calendarLanguage, { ...facts, team: team === undefined ? {} : { id: team } });
      return sources.flatMap((source) => {
        const compiled = calendarOf(source);
        const result = compiled.ok ? evaluateTo(compiled.expression, withTeam) : { error: '' };
        return 'value' in result && typeof result.value === 'string' ? [result.value] : [];
      });
    },
  };
}

/** What is known of a case at earlier times. An empty tier: none. */
export interface Situation {
  readonly status: string;
  readonly priority: number;
  readonly tier: string;
}

/** The same case as it was at an earlier time; what is not known of then is as it is. */
export function askBefore(state: Asked, { tier, ...earlier }: Situation): Asking {
  const { facts } = state.extras ?? {};
  if (facts === undefined) return askOf(state);
  const matter = { ...facts.case, ...earlier };
  const customer = facts.customer && { ...facts.customer, tier: tier === '' ? undefined : tier };
  const before = { ...facts, case: matter, ...(customer === undefined ? {} : { customer }) };
  return askOf({ ...state, extras: { ...state.extras, facts: before } });
}

/** Whether conditions say that what was promised came. */
export function isStopped(conditions: ClockConditions | undefined, ask: Asking): boolean {
  return conditions !== undefined && !ask.holds(conditions.cancel) && ask.holds(conditions.stop);
}

type Asks = Pick<Terms, 'promises' | 'calendarFrom' | 'conditionsByTarget'>;

/** Whether a policy looks at the facts again and again. */
export function needsFacts({ promises = [], calendarFrom = [], conditionsByTarget = {} }: Asks): boolean {
  return promises.length > 0 || calendarFrom.length > 0 || Object.keys(conditionsByTarget).length > 0;
}

/** The facts as a case keeps them; what the customer wrote is long, and kept only where a condition reads it. */
export function keptFacts(
  all: readonly Asks[],
  {
    case: matter,
    contact,
    customer,
  }: { readonly case: object; readonly contact: object; readonly customer?: object | undefined },
): KeptFacts {
  const { text, ...short } = contact as { readonly text?: string };
  const kept = text !== undefined && all.some(readsText) ? contact : short;
  return { case: matter, contact: kept, ...(customer === undefined ? {} : { customer }) };
}

function readsText({ promises = [], calendarFrom = [], conditionsByTarget = {} }: Asks): boolean {
  const conditions: readonly ClockConditions[] = [...promises, ...Object.values(conditionsByTarget)];
  const sources = conditions.flatMap(({ start, stop, pause, resume, cancel, reset, startFrom }) =>
    [start, stop, pause, resume, cancel, reset, startFrom].filter((source) => source !== undefined),
  );
  return [...sources, ...calendarFrom].some((source) => /\bcontact\s*\.\s*text\b/u.test(source));
}
