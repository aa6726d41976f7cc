/** A case and its clocks while one message is decided: what changes, what is said, which timers move. */
import type { Context, Decision, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { next } from '@switchboard/hallway';
import type { Moved, Scene } from './clock.ts';
import type { Configuration } from '../configuration.ts';
import { neededLabels } from './labels.ts';
import { settled } from './result.ts';
import { allTerms, clockIds, sortedOut } from './slots.ts';
import type { CaseClocks, CaseExtras } from '../cases/state.ts';
import type { ClockState } from './state.ts';
import type { Terms } from '../policies/state.ts';
import type { SlaKinds } from '../state.ts';

export type SlaContext = Context<Configuration>;
export type SlaWorld = World<SlaKinds>;

export interface Ledger {
  readonly context: SlaContext;
  readonly world: SlaWorld;
  /** The instant of the fact. */
  readonly at: Date;
  /** The case before the fact. */
  readonly was: CaseClocks;
  /** The case as it will be; its version grows when the ledger is closed. */
  state: CaseClocks;
  /** The clocks that count now, by policy and slot. */
  readonly clocks: Map<string, ClockState>;
  readonly touched: Map<string, ClockState>;
  readonly events: OutgoingEvent[];
  readonly timers: TimerChange[];
}

/** What may be told late. */
interface Late {
  readonly answers?: boolean;
  /** A team's stretch that begins at this instant. */
  readonly heldAt?: string;
}

/** A case and the clocks that count for it; where something may be told of late, those that are over as well. */
export function caseNeeds(caseId: string, world: SlaWorld, { answers = false, heldAt }: Late = {}): Need<SlaKinds>[] {
  const state = world.get('caseClocks', caseId);
  if (state === undefined) return [{ kind: 'caseClocks', id: caseId }];
  const ids = new Set(clockIds(state).values());
  if (answers || allTerms(state).some(isAnswerRefined)) for (const id of formerIds(state)) ids.add(id);
  if (heldAt !== undefined && isLate(state, heldAt)) for (const id of state.extras?.handed ?? []) ids.add(id);
  return [{ kind: 'caseClocks', id: caseId }, ...[...ids].map((id) => ({ kind: 'clock', id }) as const)];
}

/** Conditions may turn out to have ended a promise of an answer before it was kept. */
const isAnswerRefined = ({ conditionsByTarget }: Terms): boolean =>
  (conditionsByTarget?.firstResponse ?? conditionsByTarget?.nextResponse) !== undefined;

/** Whether it is known already what came after. */
function isLate({ labels = [] }: CaseClocks, at: string): boolean {
  const instant = new Date(at).toISOString();
  return labels.some((label) => label.at > instant);
}

function formerIds({ withdrawn, extras }: CaseClocks): readonly string[] {
  const canceled = withdrawn === undefined ? [] : [withdrawn.clockId, ...(withdrawn.others ?? [])];
  return [...canceled, ...(extras?.answered?.clockIds ?? []), ...(extras?.ended ?? [])];
}

export function openLedger(
  state: CaseClocks,
  at: string,
  { world, context }: { readonly world: SlaWorld; readonly context: SlaContext },
): Ledger {
  const clocks = new Map<string, ClockState>();
  for (const [key, id] of clockIds(state)) {
    const clock = world.get('clock', id);
    if (clock !== undefined && !isOver(clock)) clocks.set(key, ofCustomer(clock, state));
  }
  return { context, world, at: new Date(at), was: state, state, clocks, touched: new Map(), events: [], timers: [] };
}

const isOver = ({ metAt, canceledAt }: ClockState): boolean => metAt !== undefined || canceledAt !== undefined;

/** The customer often becomes known after the clock has started: that alone moves nothing and is no news of a promise. */
export function ofCustomer(clock: ClockState, state: CaseClocks | undefined): ClockState {
  return state?.customerId === undefined ? clock : { ...clock, customerId: state.customerId };
}

/** What was decided; the case is written even when no clock moved. */
export function closeLedger(ledger: Ledger): Decision<SlaKinds> {
  const ids = new Map([...ledger.clocks].map(([key, { id }]) => [key, id]));
  const { clocks, others } = sortedOut(ledger.state.terms.policyId, ids);
  if (others !== undefined || ledger.state.extras?.clocks !== undefined) patchExtras(ledger, { clocks: others });
  const state = ledger.state.version === 0 ? { ...ledger.state, version: 1, clocks } : next(ledger.state, { clocks });
  const labels = neededLabels(state, ledger.clocks.values());
  return {
    changes: [
      { kind: 'caseClocks', state: labels === state.labels ? state : { ...state, labels } },
      ...[...ledger.touched.values()].map(
        (clock) => ({ kind: 'clock', state: settled(clock, state, ledger.context.configuration) }) as const,
      ),
    ],
    events: ledger.events,
    timers: ledger.timers,
  };
}

/** Changes what few cases have; what is `undefined` goes. */
export function patchExtras(
  ledger: Ledger,
  patch: { readonly [K in keyof CaseExtras]: CaseExtras[K] | undefined },
): void {
  const merged = Object.entries<unknown>({ ...ledger.state.extras, ...patch }).filter(
    ([, value]) => value !== undefined,
  );
  const { extras: _, ...rest } = ledger.state;
  ledger.state = merged.length === 0 ? rest : { ...rest, extras: Object.fromEntries(merged) };
}

/** The instant of the fact, unless what is known is of a later one. */
export function laterOf(known: string | undefined, { at }: Pick<Ledger, 'at'>): string {
  const instant = at.toISOString();
  return known !== undefined && known > instant ? known : instant;
}

type ChangeClock = (clock: ClockState, scene: Scene) => Moved;

/** Changes the clock of a key; one that was met or canceled no longer counts. */
export function moveKey(ledger: Ledger, key: string, change: ChangeClock, at?: string): void {
  const clock = ledger.clocks.get(key);
  if (clock === undefined) return;
  keep(ledger, key, change(clock, sceneOf(ledger, at)));
}

/** Changes a clock that no longer counts. */
export function moveAgain(ledger: Ledger, id: string, at: string, change: ChangeClock): void {
  const clock = ledger.touched.get(id) ?? ledger.world.get('clock', id);
  if (clock === undefined) return;
  write(ledger, change(ofCustomer(clock, ledger.state), sceneOf(ledger, at)));
}

/** A new clock of a key, or a changed one. */
export function keep(ledger: Ledger, key: string, moved: Moved): void {
  write(ledger, moved);
  if (isOver(moved.clock)) ledger.clocks.delete(key);
  else ledger.clocks.set(key, moved.clock);
}

/** A clock that was changed by itself; its key stays. */
export function moveClock(ledger: Ledger, moved: Moved): void {
  const key = [...ledger.clocks].find(([, { id }]) => id === moved.clock.id)?.[0];
  if (key === undefined) write(ledger, moved);
  else keep(ledger, key, moved);
}

function write(ledger: Ledger, { clock, events, timers }: Moved): void {
  ledger.touched.set(clock.id, clock);
  ledger.events.push(...events);
  ledger.timers.push(...timers);
}

/** Where something happens: at the instant of the fact, unless another is given. */
export function sceneOf({ context, at }: Ledger, other?: string): Scene {
  return { calendars: context.configuration, at: other === undefined ? at : new Date(other), now: context.now };
}
