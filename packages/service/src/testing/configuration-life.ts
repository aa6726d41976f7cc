/**
 * What holds for every resource of a configuration, however its service wraps the common putting and removing:
 * versions without a gap, If-Match, one event a change and none without one, refusals that change nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Answer, Commands, Definition, Kinds, OutgoingEvent, Versioned } from '@switchboard/hallway';
import type { StrictHouse, TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readSettings } from '../config.ts';
import type { SettingsShape } from '../config.ts';
import type { BuildParts, ServiceDefinition } from '../definition.ts';

/** A stored resource, as far as it is looked at here. */
export interface ResourceState extends Versioned {
  readonly definition: object;
}

/** What is asked of one resource; without a definition: to remove it. */
export interface Asked {
  readonly id: string;
  readonly definition?: object;
}

/** A "no" that the service may give beside the common ones. */
export interface Refusal {
  readonly code: string;
  /** Named in `errors`. */
  readonly field?: string;
}

export interface ConfigurationKind<K extends Kinds> {
  /** `queue`: the commands are `put-queue` and `remove-queue`. */
  readonly kind: keyof K & string;
  readonly ids: readonly string[];
  readonly definition: fc.Arbitrary<object>;
  /** What If-Match is about; the version, unless something else changes the resource as well. */
  readonly tag?: (state: ResourceState) => number;
  /** The one event of a change, with the new state, or the last one with a version more. */
  readonly event: (state: ResourceState, removed: boolean) => { readonly type: string; readonly data: object };
  /** What stands in the way; absent: nothing ever does. */
  readonly refusals?: (asked: Asked, house: Pick<StrictHouse<K, Commands>, 'get' | 'all'>) => readonly Refusal[];
}

export interface ConfigurationLife<K extends Kinds, M extends Commands> {
  begin(): StrictHouse<K, M>;
  readonly kinds: readonly ConfigurationKind<K>[];
  /** What else happens to the resources. */
  readonly meanwhile?: fc.Arbitrary<(house: StrictHouse<K, M>) => TypedCommand<M>>;
}

/** A service's whole list, built as it is before anything runs. */
export function builtDefinition<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  service: ServiceDefinition<S, K, M, C>,
): Definition<K, M, C> {
  const url = 'postgres://nobody@nowhere.test/nothing';
  const settings = readSettings(service.settings, { DATABASE_URL: url, BUS_DATABASE_URL: url });
  // Nothing else is used before it runs.
  return service.build({ settings } as BuildParts<S>).definition;
}

/** The event of most resources: id, version, definition and whether it is gone. */
export function plainEvent(type: OutgoingEvent['type']): ConfigurationKind<Kinds>['event'] {
  return ({ id, version, definition }, removed) => ({
    type,
    data: { id, version, definition: { id, ...definition }, removed },
  });
}

/**
 * Lives many short lives. Answers what was seen in them: `created`, `replaced`, `same`, `removed` and the codes of
 * refusals, so that a test can tell whether what it is about came up at all.
 */
export function liveConfiguration<K extends Kinds, M extends Commands>({
  begin,
  kinds,
  meanwhile,
}: ConfigurationLife<K, M>): ReadonlySet<string> {
  const seen = new Set<string>();
  const steps = kinds.map((of) =>
    stepOf(of).map((step) => {
      const run = (house: StrictHouse<K, M>): void => void seen.add(take(house, of, step));
      return Object.assign(run, { [fc.toStringMethod]: () => `${of.kind} ${JSON.stringify(step)}` });
    }),
  );
  const others = meanwhile?.map((command) => (house: StrictHouse<K, M>) => {
    house.tell(command(house));
  });
  const step = fc.oneof(...steps, ...(others === undefined ? [] : [others]));
  const life = fc.array(fc.tuple(step, fc.constantFrom(0, 1000, 90_000)), { maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(life, (all) => {
      const house = begin();
      for (const [one, ms] of all) {
        one(house);
        house.pass(ms);
      }
    }),
    { numRuns: 120 },
  );
  return seen;
}

interface Step {
  readonly id: string;
  /** `again`: what is there already, its fields in another order. */
  readonly what: 'put' | 'again' | 'remove';
  readonly definition: object;
  readonly ifMatch: 'absent' | 'any' | 'current' | 'other' | 'nothing';
}

function stepOf<K extends Kinds>({ ids, definition }: ConfigurationKind<K>): fc.Arbitrary<Step> {
  return fc.record({
    id: fc.constantFrom(...ids),
    what: fc.constantFrom('put', 'put', 'again', 'remove'),
    // As JSON makes it: records of fast-check have no prototype, which counts when they are compared.
    definition: definition.map((drawn) => structuredClone(drawn)),
    ifMatch: fc.constantFrom('absent', 'absent', 'absent', 'any', 'current', 'current', 'other', 'nothing'),
  });
}

const versionOf = ({ version }: ResourceState): number => version;

/** Takes one step and looks at everything that comes of it. Answers what it was. */
function take<K extends Kinds, M extends Commands>(
  house: StrictHouse<K, M>,
  of: ConfigurationKind<K>,
  step: Step,
): string {
  const { id } = step;
  const { kind, tag = versionOf, refusals = () => [] } = of;
  const before = house.get(kind, id) as ResourceState | undefined;
  const definition = wanted(step, before);
  const asked: Asked = { id, ...(definition && { definition }) };
  const reasons = [...commonRefusals(step, before), ...refusals(asked, house)];
  const told = house.events.length;
  const type = `${definition === undefined ? 'remove' : 'put'}-${kind}`;
  const data = { ...asked, ifMatch: ifMatchOf(step, before && tag(before)) };
  const answer = house.tell({ type, data } as unknown as TypedCommand<M>);
  const said = house.events.slice(told);
  const after = house.get(kind, id) as ResourceState | undefined;
  if (reasons.length > 0) {
    expect([after, said]).toEqual([before, []]);
    return checkRefusal(answer, reasons);
  }
  expect(answer).not.toHaveProperty('rejected');
  if (definition === undefined && before !== undefined) {
    expect(after).toBeUndefined();
    checkSaid(
      said,
      { ...before, version: before.version + 1 },
      of.event({ ...before, version: before.version + 1 }, true),
    );
    return 'removed';
  }
  return checkPut({ answer, before, after, said, definition, of });
}

interface Result<K extends Kinds> {
  readonly answer: Answer<K>;
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  readonly said: readonly OutgoingEvent[];
  readonly definition: object | undefined;
  readonly of: ConfigurationKind<K>;
}

function checkPut<K extends Kinds>({ answer, before, after, said, definition, of }: Result<K>): string {
  expect(answer).toMatchObject({ reply: { created: before === undefined } });
  if (after === undefined) throw new Error('it was put and is not there');
  expect(after.definition).toEqual(definition);
  if (before !== undefined && isDeepStrictEqual(before.definition, definition)) {
    expect(after).toBe(before);
    expect(said).toEqual([]);
    return 'same';
  }
  const { tag = versionOf } = of;
  if (before !== undefined) expect([after.version, tag(after)]).toEqual([before.version + 1, tag(before) + 1]);
  checkSaid(said, after, of.event(after, false));
  return before === undefined ? 'created' : 'replaced';
}

/** Once of the resource itself; what else the change brings about has other subjects or other types. */
function checkSaid(
  said: readonly OutgoingEvent[],
  { id, version }: ResourceState,
  { type, data }: { readonly type: string; readonly data: object },
): void {
  const own = said.filter((event) => event.subject === id && event.type === type);
  expect(own).toMatchObject([{ sequence: version, data }]);
}

function checkRefusal<K extends Kinds>(answer: Answer<K>, reasons: readonly Refusal[]): string {
  if (!('rejected' in answer)) throw new Error(`not refused, in spite of ${JSON.stringify(reasons)}`);
  const { code, errors = [] } = answer;
  const fields = errors.map(({ field }) => field);
  const fitting = reasons.filter(
    (reason) => reason.code === code && (reason.field === undefined || fields.includes(reason.field)),
  );
  expect(fitting, JSON.stringify({ answer, reasons })).not.toEqual([]);
  return code;
}

function wanted({ what, definition }: Step, before: ResourceState | undefined): object | undefined {
  if (what === 'remove') return undefined;
  if (what === 'put' || before === undefined) return definition;
  return Object.fromEntries((Object.entries(before.definition) as [string, unknown][]).reverse());
}

function commonRefusals({ what, ifMatch }: Step, before: ResourceState | undefined): Refusal[] {
  const fits = ifMatch === 'absent' || (before !== undefined && (ifMatch === 'any' || ifMatch === 'current'));
  const isUnknown = what === 'remove' && before === undefined;
  return [...(fits ? [] : [{ code: 'stale' }]), ...(isUnknown ? [{ code: 'unknown-id' }] : [])];
}

function ifMatchOf({ ifMatch }: Step, tag: number | undefined): '*' | readonly number[] | undefined {
  if (ifMatch === 'absent') return undefined;
  if (ifMatch === 'any') return '*';
  if (ifMatch === 'nothing') return [];
  return ifMatch === 'current' ? [77_777, tag ?? 1] : [(tag ?? 0) + 1, (tag ?? 2) - 1];
}
