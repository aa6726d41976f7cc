/** Repairs: the clocks of a case, or page by page of all cases of a policy or on a calendar, computed anew. */
import { reject } from '@switchboard/hallway';
import type { Change, Decision, Handler, Message, Need } from '@switchboard/hallway';
import { align } from '../clocks/align.ts';
import { termsOf } from '../policies/choose-policy.ts';
import { snapshotOf } from '../clocks/announce.ts';
import type { ClockSnapshot } from '../clocks/announce.ts';
import { cancel } from '../clocks/clock.ts';
import type { Promised } from '../clocks/clock.ts';
import type { RepairScope, SlaCommands } from '../commands.ts';
import { askOf, needsFacts } from '../policies/conditions.ts';
import { ALWAYS } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { pausesIn, promisedFor, timeOf, timesOf } from '../clocks/demand.ts';
import { caseNeeds, closeLedger, moveClock, ofCustomer, openLedger, patchExtras, sceneOf } from '../clocks/ledger.ts';
import type { Ledger, SlaContext, SlaWorld } from '../clocks/ledger.ts';
import { repaired, repairOf } from './repair.ts';
import type { Repair } from './repair.ts';
import { countingSince, joined, until, without } from '../clocks/segments.ts';
import { allTerms } from '../clocks/slots.ts';
import { isDone } from '../cases/stints.ts';
import { labelsFor } from '../clocks/labels.ts';
import { casePageId, PAGE_SIZE } from '../pages.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState, Stretch } from '../clocks/state.ts';
import type { CasesOf } from '../pages.ts';
import type { Terms } from '../policies/state.ts';
import type { SlaKinds } from '../state.ts';
import { repairTimer } from '../clocks/timers.ts';

type Data = SlaCommands['repair-clocks'];
type RepairClocks = Handler<SlaKinds, Configuration, Message<'repair-clocks', Data>>;

/** What a caller is told. */
export interface RepairReply {
  /** Clocks that are others now, those that ended as well. */
  readonly items: readonly Repair[];
  /** Clocks that begin; their ids are drawn when they really do. */
  readonly begun: readonly ClockSnapshot[];
  /** Cases of which no facts were kept that today's conditions could be asked of: what those refine stays as it was. */
  readonly withoutFacts?: readonly string[];
  /** Cases were looked at up to this one; absent: there are no more. */
  readonly after?: string;
  /** Whether the others follow by themselves. */
  readonly continues: boolean;
}

/** The cases of a policy or on a calendar; the one case of a clock. */
function sharedBy(scope: RepairScope): CasesOf | undefined {
  if ('policyId' in scope) return { by: 'policy', id: scope.policyId };
  return 'calendarId' in scope ? { by: 'calendar', id: scope.calendarId } : undefined;
}

function caseIdsOf({ scope, after }: Data, world: SlaWorld): readonly string[] {
  if ('caseId' in scope) return [scope.caseId];
  if ('clockId' in scope) {
    const clock = world.get('clock', scope.clockId);
    return clock === undefined ? [] : [clock.caseId];
  }
  const shared = sharedBy(scope);
  return shared === undefined ? [] : (world.get('casePage', casePageId(shared, after))?.caseIds ?? []);
}

/** Clocks that are over as well, where one case is asked for. */
function endedIds({ scope }: Data, world: SlaWorld): readonly string[] {
  if ('clockId' in scope) return [scope.clockId];
  return 'caseId' in scope ? (world.get('clocksOfCase', scope.caseId)?.clockIds ?? []) : [];
}

export const repairClocks: RepairClocks = {
  needs: ({ data }, world) => {
    const { scope, after } = data;
    const shared = sharedBy(scope);
    return [
      ...(shared === undefined ? [] : [{ kind: 'casePage', id: casePageId(shared, after), mode: 'read' } as const]),
      ...('caseId' in scope ? [{ kind: 'clocksOfCase', id: scope.caseId, mode: 'read' } as const] : []),
      ...('clockId' in scope && world.get('clock', scope.clockId) === undefined
        ? [{ kind: 'clock', id: scope.clockId, mode: 'read' } as const]
        : []),
      ...caseIdsOf(data, world).flatMap((caseId): Need<SlaKinds>[] => caseNeeds(caseId, world)),
      ...lockedOnceKnown(data, world),
    ];
  },
  decide: ({ data }, world, context) => {
    const missing = missingOf(data.scope, world, context);
    if (missing !== undefined) return missing;
    const caseIds = caseIdsOf(data, world);
    const results = caseIds.flatMap((caseId) => {
      const state = world.get('caseClocks', caseId);
      return state === undefined ? [] : [repairCase(state, data, { world, context })];
    });
    const last = sharedBy(data.scope) !== undefined && caseIds.length === PAGE_SIZE ? caseIds.at(-1) : undefined;
    const unknown = results.flatMap(({ withoutFacts = [] }) => withoutFacts);
    const reply: RepairReply = {
      items: results.flatMap(({ items }) => items),
      begun: results.flatMap(({ begun }) => begun),
      ...(unknown.length === 0 ? {} : { withoutFacts: unknown }),
      ...(last === undefined ? {} : { after: last }),
      continues: last !== undefined && !data.dryRun,
    };
    if (data.dryRun) return { reply };
    const decisions = results.map(({ decision }) => decision);
    return {
      reply,
      changes: decisions.flatMap(({ changes = [] }): readonly Change<SlaKinds>[] => changes),
      events: decisions.flatMap(({ events = [] }) => events),
      timers: [
        ...decisions.flatMap(({ timers = [] }) => timers),
        ...(last === undefined ? [] : [repairTimer({ ...data, after: last }, context.now)]),
      ],
    };
  },
};

/** The case first, as everywhere: a clock is locked once its case is known. */
function lockedOnceKnown(data: Data, world: SlaWorld): Need<SlaKinds>[] {
  const known = caseIdsOf(data, world).every((caseId) => world.get('caseClocks', caseId) !== undefined);
  return known ? endedIds(data, world).map((id) => ({ kind: 'clock', id })) : [];
}

function missingOf(scope: RepairScope, world: SlaWorld, { configuration }: SlaContext) {
  const gone = (field: string, id: string) =>
    reject('not-found', 'unknown-id', `There is no ${field.slice(0, -2)} ${id}`, [
      { field, reason: `there is no ${id}` },
    ]);
  if ('clockId' in scope) return world.get('clock', scope.clockId) ? undefined : gone('clockId', scope.clockId);
  if ('caseId' in scope) return world.get('caseClocks', scope.caseId) ? undefined : gone('caseId', scope.caseId);
  if ('policyId' in scope) {
    const { policyId } = scope;
    return configuration.policies.some(({ id }) => id === policyId) ? undefined : gone('policyId', policyId);
  }
  const { calendarId } = scope;
  return calendarId === ALWAYS || configuration.calendars.has(calendarId) ? undefined : gone('calendarId', calendarId);
}

interface Surroundings {
  readonly world: SlaWorld;
  readonly context: SlaContext;
}

function repairCase(
  state: CaseClocks,
  data: Data,
  { world, context }: Surroundings,
): Pick<RepairReply, 'items' | 'begun' | 'withoutFacts'> & { readonly decision: Decision<SlaKinds> } {
  const ledger = openLedger(state, context.now.toISOString(), { world, context });
  const meant = (policyId: string): boolean => isMeant(policyId, data.scope, { world, state });
  const isUnknown = allTerms(state).some(
    ({ policyId }) => meant(policyId) && lacksFacts(todaysOf(policyId, ledger), state),
  );
  const terms = allTerms(state).map((one) => (meant(one.policyId) ? todaysTerms(one, ledger) : one));
  const [first = state.terms, ...others] = terms;
  ledger.state = { ...ledger.state, terms: first };
  if (others.length > 0) patchExtras(ledger, { moreTerms: others });
  const counting = [...ledger.clocks.values()];
  const ended = endedIds(data, world)
    .flatMap((id) => world.get('clock', id) ?? [])
    .filter(({ id }) => !counting.some((clock) => clock.id === id));
  for (const clock of [...counting, ...ended]) {
    if (!meant(clock.policyId)) continue;
    const own = terms.find(({ policyId }) => policyId === clock.policyId) ?? todaysOf(clock.policyId, ledger);
    if (own !== undefined) repairClock(ledger, clock, own);
  }
  // What today's policies promise besides begins, and what they do not ends.
  align(ledger);
  return { ...toldOf(ledger), ...(isUnknown ? { withoutFacts: [state.id] } : {}), decision: closeLedger(ledger) };
}

/** What became of the clocks of a case. */
function toldOf(ledger: Ledger): Pick<RepairReply, 'items' | 'begun'> {
  const { touched, world, state, context } = ledger;
  const scene = sceneOf(ledger);
  const moves = [...touched.values()].map((after) => ({ after, before: world.get('clock', after.id) }));
  return {
    items: moves.flatMap(({ before, after }) =>
      before === undefined ? [] : (repairOf(ofCustomer(before, state), after, scene) ?? []),
    ),
    begun: moves.flatMap(({ before, after }) =>
      before === undefined ? [snapshotOf(after, context.configuration, context.now)] : [],
    ),
  };
}

/** A clock's repair is that of its policy in the case: a case keeps one set of terms of each. */
function isMeant(
  policyId: string,
  scope: RepairScope,
  { world, state }: { readonly world: SlaWorld; readonly state: CaseClocks },
): boolean {
  if ('policyId' in scope) return policyId === scope.policyId;
  if ('clockId' in scope) return world.get('clock', scope.clockId)?.policyId === policyId;
  return 'caseId' in scope ? state.id === scope.caseId : true;
}

/** A policy as it is today; as it was, where it is gone. Conditions need facts, which may not have been kept. */
function todaysTerms(terms: Terms, ledger: Ledger): Terms {
  const today = todaysOf(terms.policyId, ledger);
  if (today === undefined || !lacksFacts(today, ledger.state)) return today ?? terms;
  const { promises: _, calendarFrom: __, conditionsByTarget: ___, ...plain } = today;
  return { ...plain, targets: targetsWithoutFacts(today, terms) };
}

const lacksFacts = (today: Terms | undefined, { extras }: CaseClocks): boolean =>
  today !== undefined && needsFacts(today) && extras?.facts === undefined;

/** Whether a target with such conditions is promised at all cannot be told: it is promised as it was, if it was. */
function targetsWithoutFacts({ targets, conditionsByTarget = {} }: Terms, before: Terms): Terms['targets'] {
  const refined = Object.entries(conditionsByTarget)
    .filter(([, { start, stop, cancel }]) => (start ?? stop ?? cancel) !== undefined)
    .map(([target]) => target);
  const partOf = (all: Terms['targets'], isRefined: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([target]) => refined.includes(target) === isRefined));
  return { ...partOf(targets, false), ...partOf(before.targets, true) };
}

function todaysOf(policyId: string, { context }: Ledger): Terms | undefined {
  const policy = context.configuration.policies.find(({ id }) => id === policyId);
  return policy === undefined ? undefined : termsOf(policy);
}

function repairClock(ledger: Ledger, clock: ClockState, terms: Terms): void {
  const promised = todaysPromise(ledger, clock, terms);
  if (promised === undefined) {
    // That it was broken would else keep it.
    if (clock.metAt === undefined && clock.canceledAt === undefined) moveClock(ledger, cancel(clock, sceneOf(ledger)));
    return;
  }
  const segments = recounted(ledger.state, clock, { terms, promised });
  const isHeld = clock.target === 'promise' || terms.conditionsByTarget?.[clock.target]?.pause !== undefined;
  const held = clock.extras?.held;
  // What no condition holds any more ends, or it would hold whatever comes.
  const ended = held === undefined || isHeld ? held : until(held, ledger.context.now);
  const result = repaired(clock, { promised, segments, held: ended }, sceneOf(ledger));
  if (result !== undefined) moveClock(ledger, result);
}

function todaysPromise({ state, context }: Ledger, clock: ClockState, terms: Terms): Promised | undefined {
  const end = clock.metAt ?? clock.canceledAt;
  const priority = labelsFor(clock, state).findLast(
    (label) => label.priority !== undefined && (end === undefined || label.at <= end),
  );
  const step = terms.promises?.find(({ name }) => name === clock.name);
  if (clock.target === 'promise' && step === undefined) return undefined;
  const times = clock.target === 'promise' ? step?.target : timesOf(terms, clock.target, clock.team);
  const time = timeOf(times, priority?.priority ?? state.priority);
  return promisedFor({ terms, state, ask: askOf(state), configuration: context.configuration }, time, step?.warnAt);
}

/** What would have counted under today's policy: as far as it is known what the case was when. */
function recounted(
  state: CaseClocks,
  clock: ClockState,
  { terms, promised }: { readonly terms: Terms; readonly promised: Promised },
): readonly Stretch[] {
  const end = clock.metAt ?? clock.canceledAt;
  if (promised.relative !== undefined) return [{ from: clock.startedAt, ...(end === undefined ? {} : { to: end }) }];
  if (clock.target === 'promise' || state.labels === undefined) return clock.segments;
  const seen = { status: state.status, labels: labelsFor(clock, state) };
  const { owedSince, held = [] } = clock.extras ?? {};
  const conditions = terms.conditionsByTarget?.[clock.target];
  // What it was for conditions before now is not known: what they held stays held, where there are any.
  const back = owedSince !== undefined && conditions?.retroactivePauses !== true ? owedSince : clock.startedAt;
  const pauses = pausesIn(terms, clock.target);
  const stands = (status: string): boolean => pauses(status) || (conditions !== undefined && isDone(status));
  const since = countingSince(back, seen, stands);
  const before = back > clock.startedAt ? [{ from: clock.startedAt, to: back }] : [];
  const counted = without(joined(before, since), conditions?.pause === undefined ? [] : held);
  return end === undefined ? counted : until(counted, new Date(end));
}
