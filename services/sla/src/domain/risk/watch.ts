/**
 * Which clocks are to be looked at, and when: around every handler, so that none has to think of it. Without a model
 * nothing is written and nothing is looked at.
 */
import type { Answer, Change, Handler, Message } from '@switchboard/hallway';
import type { Configuration } from '../configuration.ts';
import type { CaseSnapshot } from '../policies/facts.ts';
import { modelKey } from './life.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from '../clocks/state.ts';
import type { SlaKinds } from '../state.ts';

type AnyHandler = Handler<SlaKinds, Configuration, Message>;

/** A new clock is looked at when so much of its target is used: most of the quick ones have ended by then. */
const FIRST_SHARE = 0.02;

/** Characters of a trait. */
const LONGEST = 200;

/** The same handlers; what they change is marked. The look itself says when to look again. */
export function watching<H extends Readonly<Record<string, AnyHandler>>>(handlers: H): H {
  const all = Object.entries(handlers);
  return Object.fromEntries(all.map(([type, plain]) => [type, type === 'assess-due' ? plain : watched(plain)])) as H;
}

function watched(plain: AnyHandler): AnyHandler {
  return {
    needs: (message, world) => plain.needs(message, world),
    decide: (message, world, context): Answer<SlaKinds> => {
      const answer = plain.decide(message, world, context);
      if (!('changes' in answer) || answer.changes === undefined || answer.changes.length === 0) return answer;
      const { configuration, now } = context;
      const snapshot = (message.data as { readonly case?: CaseSnapshot }).case;
      return { ...answer, changes: answer.changes.map((change) => marked(change, { snapshot, configuration, now })) };
    },
  };
}

interface Scene {
  readonly snapshot: CaseSnapshot | undefined;
  readonly configuration: Configuration;
  readonly now: Date;
}

function marked(change: Change<SlaKinds>, { snapshot, configuration, now }: Scene): Change<SlaKinds> {
  if (!('state' in change)) return change;
  if (change.kind === 'clock') {
    const state = nextLook(change.state, configuration, now);
    return state === change.state ? change : { ...change, state };
  }
  if (change.kind === 'caseClocks' && snapshot?.id === change.state.id) {
    return { ...change, state: withTraits(change.state, snapshot) };
  }
  return change;
}

/** Something happened to the clock. */
function nextLook(clock: ClockState, { risk }: Configuration, now: Date): ClockState {
  if (isOver(clock)) {
    if (clock.riskNext === undefined && clock.riskProbability === undefined) return clock;
    return { ...clock, riskNext: undefined, riskProbability: undefined };
  }
  if (risk?.models.has(modelKey(clock)) !== true) return clock;
  const first = clock.version === 1 ? Math.max(1000, clock.targetMs * FIRST_SHARE) : 0;
  return { ...clock, riskNext: new Date(now.getTime() + first).toISOString() };
}

/** What is broken or over is not at risk. */
export function isOver({ status, metAt, canceledAt }: ClockState): boolean {
  return status === 'breached' || metAt !== undefined || canceledAt !== undefined;
}

/** What of a case is compared with other cases. */
function withTraits(state: CaseClocks, snapshot: CaseSnapshot): CaseClocks {
  const { traits } = state;
  if (traits !== undefined && compared.every((name) => traits[name] === known(snapshot[name]))) return state;
  const found: Record<string, string> = {};
  for (const name of compared) {
    const value = known(snapshot[name]);
    if (value !== undefined) found[name] = value;
  }
  return { ...state, traits: found };
}

const compared = ['reason', 'product', 'channel', 'language'] as const;
const known = (text: string): string | undefined =>
  text === '' ? undefined : text.length > LONGEST ? text.slice(0, LONGEST) : text;
