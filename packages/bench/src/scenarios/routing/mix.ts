/**
 * Who works, what waits and what happens when routing is measured as a whole; the same at every run. Of ten agents eight
 * are at work, one rests, and one serves the hotline, where nobody waits. Of ten events eight are work that is finished,
 * one is somebody back from a rest, and one is a call on the hotline: each makes exactly one match possible.
 */
import { freshId, intakeRecord, type IntakeRecord } from '../../load/intake-event.ts';
import { scatter } from '../journey/mix.ts';

export type Kind = 'completion' | 'presence' | 'contact';

const ORDER: readonly Kind[] = [
  ...(['completion', 'completion', 'completion', 'completion', 'presence'] as const),
  ...(['completion', 'completion', 'completion', 'completion', 'contact'] as const),
];

/** Of event number `index`. */
export const kindAt = (index: number): Kind => ORDER[index % ORDER.length] ?? 'completion';

export type Part = 'working' | 'resting' | 'hotline';

/** Of agent number `n`. */
export function partAt(n: number): Part {
  if (n % 10 === 8) return 'resting';
  return n % 10 === 9 ? 'hotline' : 'working';
}

export interface Named {
  readonly id: string;
  /** As REST takes it. */
  readonly body: object;
}

const PRODUCTS = 20;
const TEAMS = 10;
const LANGUAGES = ['de', 'en', 'pt', 'tr'];
const CHANNELS = ['phone', 'chat', 'email'];
/** One queue each. */
const REASONS = ['billing', 'repair', 'moving', 'contract', 'fraud'];
const HOTLINE = 'hotline';

/** An even choice for a number; `what` keeps the choices for one number apart. */
const oneOf = <T>(all: readonly T[], what: number, n: number): T | undefined =>
  all[scatter(scatter(n) + what) % all.length];

const product = (n: number): string => `product-${String(n % PRODUCTS)}`;
const levels = [1, 2, 3, 4, 5];

/** Agent number `n`, who does one thing at a time. */
export function agentAt(n: number): Named {
  const id = `agent-${String(n).padStart(5, '0')}`;
  const body = { name: `Agent ${String(n)}`, units: 1 };
  if (partAt(n) === 'hotline') return { id, body: { ...body, team: HOTLINE } };
  const skills = { senior: oneOf(levels, 1, n), [oneOf(REASONS, 2, n) ?? '']: oneOf(levels, 3, n) };
  const products = Array.from({ length: 5 }, (_, more) => product(n + more * 3));
  const languages = [oneOf(LANGUAGES, 4, n)];
  return { id, body: { ...body, team: `team-${String(n % TEAMS)}`, skills, languages, products } };
}

const skilled = 'case.product in agent.products && (case.priority > 2 || agent.skills["senior"] >= 3)';
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const always = { timeZone: 'UTC', hours: [{ days, from: '00:00', to: '24:00' }] };

const definitions: Readonly<Record<string, object>> = {
  billing: { strategy: 'least-cost', requirements: skilled },
  repair: { strategy: 'longest-idle', requirements: skilled },
  moving: {
    strategy: 'least-cost',
    requirements: 'case.product in agent.products',
    targets: [
      { levels: { senior: 4 }, timeout: 'PT10M', preferredFor: 'PT1M' },
      { levels: { senior: 2 }, timeout: 'PT20M' },
      {},
    ],
  },
  contract: {
    strategy: 'longest-idle',
    requirements: 'case.language in agent.languages',
    targets: [{ levels: { billing: 1 }, timeout: 'PT15M' }, {}],
  },
  fraud: { strategy: 'least-cost', requirements: skilled, schedule: { hours: always }, stale: { after: 'PT12H' } },
  [HOTLINE]: { strategy: 'longest-idle', requirements: `agent.team == "${HOTLINE}"` },
};

/** Nobody misses an offer: what is measured is how soon it is made. */
export const queues: readonly Named[] = Object.entries(definitions).map(([id, definition], order) => ({
  id,
  body: { order, match: `case.reason == "${id}"`, reservationTimeout: 'PT10M', ...definition },
}));

const TEXT =
  'The line has been down since this morning, the modem blinks red, and I was told that somebody would call me back.';

export interface OpenedCase extends IntakeRecord {
  readonly caseId: string;
}

/** Case number `n` of those that wait for somebody who knows about them. */
export function waitingCase(n: number): OpenedCase {
  return opened({
    reason: oneOf(REASONS, 5, n),
    product: product(scatter(n)),
    language: oneOf(LANGUAGES, 6, n),
    priority: oneOf(levels, 7, n) ?? 3,
    channel: oneOf(CHANNELS, 8, n) ?? 'phone',
  });
}

/** A call for which somebody is free. */
export const hotlineCase = (): OpenedCase => opened({ reason: HOTLINE, priority: 1, channel: 'phone' });

interface About {
  readonly reason: string | undefined;
  readonly product?: string;
  readonly language?: string | undefined;
  readonly priority: number;
  readonly channel: string;
}

function opened(about: About): OpenedCase {
  const caseId = freshId();
  const at = new Date().toISOString();
  const { channel } = about;
  const contactPoint = `user:${caseId}`;
  const data = {
    case: { id: caseId, version: 1, status: 'open', subject: 'My line is down', contactPoint, openedAt: at, ...about },
    contact: { id: freshId(), caseId, channel, contactPoint, text: TEXT, acceptedAt: at },
  };
  const record = intakeRecord({ type: 'CaseOpened', subject: caseId, sequence: 1, correlationId: caseId, data });
  return { caseId, ...record };
}
