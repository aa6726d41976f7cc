/**
 * What conditions read of a case, as it was before the newest facts: of what is told late, and of what is promised only
 * later, they are asked of the case as it was then. Status, priority and tier are labels (`labels.ts`), not kept here.
 */
import type { CaseExtras, History, KeptFacts, Past, PastTurn, Reading } from './state.ts';

/** Turns kept at most. */
const MOST = 50;
/** Characters of their JSON at most: conditions may read what a customer wrote, and each message is another. */
const LONGEST = 20_000;

type Path = readonly string[];
type Variable = keyof KeptFacts;

const keyOf = (path: Path): string => path.join(' ');

const NOTHING: History = { since: {}, turns: [] };

type Dates = Pick<CaseExtras, 'factsAt' | 'customerAt'>;

const stampOf = ({ factsAt = '', customerAt = '' }: Dates): string => `${factsAt} ${customerAt}`;

/** To be kept with facts of these dates. */
export const stamped = (history: History, dates: Dates): Past => ({ ...history, of: stampOf(dates) });

/** Nothing where a replica of the version before took newer facts: it tells the dates and knows of no past. */
export function pastOf(extras: CaseExtras | undefined): Past | undefined {
  const past = extras?.past;
  return past?.of === stampOf(extras ?? {}) ? past : undefined;
}

/** What is read from now on; of what was not read before, it is known since an instant how it was. */
export function reading(past: History | undefined, paths: readonly Path[], at: string): History {
  const { since, turns } = past ?? NOTHING;
  return { since: Object.fromEntries(paths.map(keyOf).map((key) => [key, since[key] ?? at])), turns };
}

/** Since when it is known how something was; absent in rows of before, and where nothing read it. */
export const knownSince = (past: History | undefined, path: Path): string | undefined => past?.since[keyOf(path)];

/** Facts of some variables are others from an instant on. */
interface Change {
  /** As they were known, and as they are. */
  readonly was: KeptFacts;
  readonly is: KeptFacts;
  readonly variables: readonly Variable[];
  readonly at: string;
  /** What is read. */
  readonly paths: readonly Path[];
}

/** Told late, it lies before what other variables were later, and takes the place of what its own were. */
export function withTurn(past: History, { was: known, is, variables, at, paths }: Change): History {
  const isOwn = ([variable]: Path): boolean => variables.some((one) => one === variable);
  const then = factsAt(past, known, at);
  const was = paths.filter(isOwn).flatMap((path): Reading[] => {
    const value = read(then, path);
    if (isSame(value, read(is, path))) return [];
    return [value === undefined ? { path } : { path, value }];
  });
  const others = past.turns.flatMap((turn): PastTurn[] => {
    if (turn.until <= at) return [turn];
    const left = turn.was.filter(({ path }) => !isOwn(path));
    return left.length === 0 ? [] : [{ ...turn, was: left }];
  });
  if (was.length === 0) return { ...past, turns: others };
  return bounded({ ...past, turns: inserted(others, { until: at, was }) });
}

/** Of two changes at one instant, what was before the first of them stays. */
function inserted(turns: readonly PastTurn[], turn: PastTurn): readonly PastTurn[] {
  const index = turns.findLastIndex(({ until }) => until <= turn.until) + 1;
  const twin = turns[index - 1];
  if (twin?.until !== turn.until) return turns.toSpliced(index, 0, turn);
  const more = turn.was.filter(({ path }) => !twin.was.some((known) => isSame(known.path, path)));
  return turns.with(index - 1, { ...twin, was: [...twin.was, ...more] });
}

function bounded({ since, turns }: History): History {
  let room = LONGEST;
  const last = turns.findLastIndex((turn, n) => (room -= JSON.stringify(turn).length) < 0 || n < turns.length - MOST);
  const dropped = turns[last]?.until;
  if (dropped === undefined) return { since, turns };
  const later = Object.entries(since).map(([key, at]) => [key, at > dropped ? at : dropped]);
  return { since: Object.fromEntries(later) as Past['since'], turns: turns.slice(last + 1) };
}

/** The facts as they were at an instant, as far as conditions read them; what is not known of then is as it is. */
export function factsAt({ turns }: History, known: KeptFacts, at: string): KeptFacts {
  const later = turns.filter(({ until }) => until > at).toReversed();
  return later.flatMap(({ was }) => was).reduce((facts, { path, value }) => written(facts, path, value), known);
}

function read(value: unknown, [name, ...path]: Path): unknown {
  if (name === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, name) ? read(value[name], path) : undefined;
}

function written<T extends object>(record: T, [name = '', ...path]: Path, value: unknown): T {
  const { [name]: now, ...others } = record as Readonly<Record<string, unknown>>;
  const inner = path.length === 0 ? value : written(isRecord(now) ? now : {}, path, value);
  return (inner === undefined ? others : { ...others, [name]: inner }) as T;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
