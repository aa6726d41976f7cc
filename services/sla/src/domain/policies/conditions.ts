/** What conditions say of a case as its newest snapshots have it. */
import {
  bind,
  calendarLanguage,
  compile,
  compileTo,
  evaluate,
  evaluateTo,
  matchLanguage,
  mentions,
} from '@switchboard/rules';
import type { Expression, Mention } from '@switchboard/rules';
import { factsAt, pastOf } from '../cases/past.ts';
import type { CaseClocks, KeptFacts } from '../cases/state.ts';
import type { ClockConditions, Terms } from './state.ts';

/** Expressions kept at most. */
const MOST = 5000;

/** A case keeps its terms as text; each text is compiled, and looked through, once a process. */
function remembered<T extends object>(make: (source: string) => T): (source: string) => T {
  const known = new Map<string, T>();
  return (source) => {
    const found = known.get(source);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const made = make(source);
    known.set(source, made);
    return made;
  };
}

const conditionOf = remembered((source) => compile(matchLanguage, source));
const instantOf = remembered((source) => compileTo(matchLanguage, source, { result: 'timestamp' }));
const plainOf = remembered((source) => compileTo(matchLanguage, source, { result: 'plain' }));
const calendarOf = remembered((source) => compileTo(calendarLanguage, source, { result: 'string' }));

/** What a condition, an instant to count from, or a dimension looks at; nothing where it cannot be understood. */
const mentionsOf = remembered((source): readonly Mention[] => {
  const compiled = conditionOf(source);
  const either = compiled.ok ? compiled : plainOf(source);
  return either.ok ? mentions(either.expression) : [];
});

const calendarMentionsOf = remembered((source): readonly Mention[] => {
  const compiled = calendarOf(source);
  return compiled.ok ? mentions(compiled.expression) : [];
});

/** Asked of one case at one moment. What cannot be decided does not hold, and yields nothing. */
export interface Asking {
  holds(source: string | undefined): boolean;
  instant(source: string): Date | undefined;
  /** Ids of calendars, the wanted one first. */
  calendarIds(sources: readonly string[]): readonly string[];
  /** Whatever an expression yields. */
  value(expression: Expression<'case' | 'contact' | 'customer'>): ReturnType<typeof evaluateTo>;
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
    value: (expression) => evaluateTo(expression, conditions()),
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
export function askBefore(state: Asked, at: string, { tier, ...earlier }: Situation): Asking {
  const { facts: known } = state.extras ?? {};
  const past = pastOf(state.extras);
  if (known === undefined) return askOf(state);
  const facts = past === undefined ? known : factsAt(past, known, at);
  const matter = { ...facts.case, ...earlier };
  const customer = facts.customer && { ...facts.customer, tier: tier === '' ? undefined : tier };
  const before = { ...facts, case: matter, ...(customer === undefined ? {} : { customer }) };
  return askOf({ ...state, extras: { ...state.extras, facts: before } });
}

/** Customers change on another topic than cases, in no common order. */
export const readsCustomer = (source: string): boolean =>
  mentionsOf(source).some(([variable]) => variable === 'customer');

/** What is a label of the case, or never changes: known of every time. */
const dated = new Set(['case status', 'case priority', 'customer tier', 'case id', 'case openedAt']);
const isLabel = (path: Mention): boolean => dated.has(path.join(' '));

/** Whether a condition can be asked of any time, for it reads nothing but labels. */
export const isDated = (source: string): boolean => pathsIn([source]).length === 0;

/** Whether conditions say that what was promised came. */
export function isStopped(conditions: ClockConditions | undefined, ask: Asking): boolean {
  return conditions !== undefined && !ask.holds(conditions.cancel) && ask.holds(conditions.stop);
}

/** What of a policy asks the facts again and again; `values`: what dimensions do. */
export type Asks = Pick<Terms, 'promises' | 'calendarFrom' | 'conditionsByTarget'> & {
  readonly values?: readonly string[];
};

/** Whether something looks at the facts again and again. */
export function needsFacts({ promises = [], calendarFrom = [], conditionsByTarget = {}, values = [] }: Asks): boolean {
  return [promises, calendarFrom, Object.keys(conditionsByTarget), values].some(({ length }) => length > 0);
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

const sourcesOf = ({ promises = [], conditionsByTarget = {}, values = [] }: Asks): readonly string[] => {
  const conditions = [...promises, ...Object.values(conditionsByTarget)];
  const sources = conditions.flatMap(({ start, stop, pause, resume, cancel, reset, startFrom }: ClockConditions) =>
    [start, stop, pause, resume, cancel, reset, startFrom].filter((source) => source !== undefined),
  );
  return [...sources, ...values];
};

/** Policies of the configuration stay for many facts. */
const known = new WeakMap<Asks, readonly Mention[]>();

function pathsOfOne(asks: Asks): readonly Mention[] {
  const paths = known.get(asks) ?? pathsIn(sourcesOf(asks));
  known.set(asks, paths);
  return paths;
}

/** What of the facts policies read again and again that is no label: each once. */
export const pathsOf = (all: readonly Asks[]): readonly Mention[] => once(all.flatMap(pathsOfOne));

/** The same of single conditions. */
export const pathsIn = (sources: readonly string[]): readonly Mention[] =>
  once(sources.flatMap(mentionsOf).filter((path) => !isLabel(path)));

const once = (paths: readonly Mention[]): readonly Mention[] => [
  ...new Map(paths.map((path) => [path.join(' '), path])).values(),
];

const knownText = new WeakMap<Asks, boolean>();

function readsText(asks: Asks): boolean {
  const reads = knownText.get(asks) ?? looksAtText(asks);
  knownText.set(asks, reads);
  return reads;
}

function looksAtText(asks: Asks): boolean {
  const written = sourcesOf(asks).flatMap(mentionsOf);
  const calendars = (asks.calendarFrom ?? []).flatMap(calendarMentionsOf);
  return [...written, ...calendars].some(([variable, field = 'text']) => variable === 'contact' && field === 'text');
}
