/**
 * Who waits for whom. What agents write, calls they take and, where a policy says so, what bots write are answers.
 * Calls are told by routing, messages by intake, in no common order: whichever was earlier counts, whenever it is told.
 */
import { cancelAfterAll, meet, meetAfterAll } from '../clocks/clock.ts';
import { askOf, isStopped } from '../policies/conditions.ts';
import type { ContactSnapshot } from '../policies/facts.ts';
import { align } from '../clocks/align.ts';
import { moveAgain, moveKey, patchExtras } from '../clocks/ledger.ts';
import type { Ledger } from '../clocks/ledger.ts';
import { allTerms, keyOf } from '../clocks/slots.ts';
import { answeredAt, answerEnded } from './ended.ts';
import type { CaseClocks, Conversation, Unanswered } from './state.ts';
import type { Terms } from '../policies/state.ts';
import { conversationOf, viewOf } from './views.ts';
import type { View } from './views.ts';

/** Calls remembered: a message that is told later may have been answered by one. */
const CALLS = 10;

function setConversation(ledger: Ledger, view: View, conversation: Partial<Conversation>): void {
  const { responded, answeredVersion, unanswered } = { ...conversationOf(ledger.state, view), ...conversation };
  const all = { responded, answeredVersion, ...(unanswered === undefined ? {} : { unanswered }) };
  if (view === 'withBots') patchExtras(ledger, { withBots: all });
  else ledger.state = { ...ledger.state, unanswered: undefined, ...all };
}

function viewsOf({ extras }: CaseClocks): readonly View[] {
  return extras?.withBots === undefined ? ['agents'] : ['agents', 'withBots'];
}

/** A customer wrote. The clock is that of the oldest message nobody has answered: a second one moves nothing. */
export function hear(ledger: Ledger, contact: ContactSnapshot, caseVersion: number): void {
  const heard = unansweredBy(contact, caseVersion);
  const talked = ledger.state.extras?.taken?.some((call) => call < heard.since) ?? false;
  for (const view of viewsOf(ledger.state)) {
    const { unanswered, answeredVersion, responded } = conversationOf(ledger.state, view);
    if (unanswered === undefined && caseVersion > answeredVersion) {
      setConversation(ledger, view, { unanswered: heard, responded: responded || talked });
    }
  }
}

/** What was told of calls before the message they answered was. */
export function answerByCalls(ledger: Ledger): void {
  const calls = ledger.state.extras?.taken ?? [];
  const waits = viewsOf(ledger.state).flatMap((view) => conversationOf(ledger.state, view).unanswered ?? []);
  const [oldest] = waits.map(({ since }) => since).sort();
  const at = oldest === undefined ? undefined : calls.find((call) => call >= oldest);
  if (at === undefined) return;
  align(ledger);
  answer(ledger, at, { before: ({ since }) => since <= at });
}

/** An answer that is earlier than the one known so far counts instead of it. */
function answerEarlier(ledger: Ledger, at: string): void {
  const { answered } = ledger.state.extras ?? {};
  if (answered === undefined || at < answered.since || at >= answered.at) return;
  for (const id of answered.clockIds) moveAgain(ledger, id, at, answeredAt);
  patchExtras(ledger, { answered: { ...answered, at } });
}

/** What is unanswered was answered at an instant, where `before` says that it came before the answer. */
export function answer(
  ledger: Ledger,
  at: string,
  { before, views = viewsOf(ledger.state) }: { before: (unanswered: Unanswered) => boolean; views?: readonly View[] },
): void {
  const clockIds: string[] = [];
  let since: string | undefined;
  for (const view of views) {
    const { unanswered, answeredVersion } = conversationOf(ledger.state, view);
    if (unanswered !== undefined && !before(unanswered)) continue;
    since ??= unanswered?.since;
    for (const terms of allTerms(ledger.state)) {
      if (viewOf(terms) === view) clockIds.push(...meetResponses(ledger, terms, at));
    }
    const upTo = Math.max(answeredVersion, unanswered?.caseVersion ?? 0);
    setConversation(ledger, view, { responded: true, unanswered: undefined, answeredVersion: upTo });
  }
  if (since !== undefined && clockIds.length > 0) patchExtras(ledger, { answered: { clockIds, since, at } });
}

function meetResponses(ledger: Ledger, { policyId }: Terms, at: string): string[] {
  return (['firstResponse', 'nextResponse'] as const).flatMap((target) => {
    const key = keyOf(policyId, target);
    const clock = ledger.clocks.get(key);
    if (clock === undefined) return [];
    moveKey(ledger, key, clock.startedAt > at ? answeredAt : meet, at);
    return [clock.id];
  });
}

/** An agent wrote in public: everything said up to that version of the case is answered. */
export function answerInWriting(ledger: Ledger, at: string, caseVersion: number): void {
  answerEarlier(ledger, at);
  answerEnded(ledger, at, viewsOf(ledger.state));
  answer(ledger, at, { before: (unanswered) => unanswered.caseVersion < caseVersion });
  for (const view of viewsOf(ledger.state)) {
    const { answeredVersion } = conversationOf(ledger.state, view);
    setConversation(ledger, view, { answeredVersion: Math.max(answeredVersion, caseVersion) });
  }
}

/** A bot wrote in public: that answers only where the policy lets it. */
export function answerByBot(ledger: Ledger, at: string, caseVersion: number): void {
  const { withBots } = ledger.state.extras ?? {};
  if (withBots === undefined) return;
  answer(ledger, at, { before: (unanswered) => unanswered.caseVersion < caseVersion, views: ['withBots'] });
  const { answeredVersion } = conversationOf(ledger.state, 'withBots');
  setConversation(ledger, 'withBots', { answeredVersion: Math.max(answeredVersion, caseVersion) });
}

/** Somebody talks to the customer. */
export function answerByCall(ledger: Ledger, at: string): void {
  const { taken = [] } = ledger.state.extras ?? {};
  if (taken.includes(at)) return;
  patchExtras(ledger, { taken: [...taken, at].sort().slice(-CALLS) });
  answerEnded(ledger, at, viewsOf(ledger.state));
  const { withdrawn } = ledger.state;
  if (withdrawn !== undefined && withdrawn.since <= at && at <= withdrawn.until) {
    const ids = [withdrawn.clockId, ...(withdrawn.others ?? [])];
    for (const id of ids) moveAgain(ledger, id, at, answeredAt);
    ledger.state = { ...ledger.state, responded: true, withdrawn: undefined };
    if (ledger.state.extras?.withBots !== undefined) setConversation(ledger, 'withBots', { responded: true });
    patchExtras(ledger, { answered: { clockIds: ids, since: withdrawn.since, at } });
    return;
  }
  answerEarlier(ledger, at);
  for (const view of viewsOf(ledger.state)) {
    const { unanswered } = conversationOf(ledger.state, view);
    // Whoever writes after a call had an answer before.
    if (unanswered !== undefined && at < unanswered.since) setConversation(ledger, view, { responded: true });
    else if (unanswered !== undefined) answer(ledger, at, { before: () => true, views: [view] });
  }
}

/** Resolved: nobody waits for an answer any more. A call that came after that, and was told before it, answered nothing. */
export function endConversation(ledger: Ledger, caseVersion: number): void {
  const { unanswered, withdrawn } = ledger.state;
  const until = ledger.at.toISOString();
  const { answered, withBots } = ledger.state.extras ?? {};
  const before = answered !== undefined && answered.since <= until && until < answered.at ? answered : undefined;
  if (before !== undefined) takeBack(ledger, before.clockIds, until);
  const waiting = allTerms(ledger.state).flatMap((terms) => {
    const { responded } = conversationOf(ledger.state, viewOf(terms));
    return ledger.clocks.get(keyOf(terms.policyId, responded ? 'nextResponse' : 'firstResponse'))?.id ?? [];
  });
  const [clockId, ...others] = [...waiting, ...(before?.clockIds ?? [])];
  const since = unanswered?.since ?? withBots?.unanswered?.since ?? before?.since;
  const more = others.length === 0 ? {} : { others };
  const now = clockId === undefined || since === undefined ? withdrawn : { clockId, ...more, since, until };
  ledger.state = { ...ledger.state, withdrawn: now };
  for (const view of viewsOf(ledger.state)) {
    setConversation(ledger, view, { unanswered: undefined, answeredVersion: caseVersion });
  }
}

/** The promises were withdrawn before they were kept; who had no answer before has none now. */
function takeBack(ledger: Ledger, clockIds: readonly string[], at: string): void {
  for (const id of clockIds) {
    const clock = ledger.touched.get(id) ?? ledger.world.get('clock', id);
    const terms = allTerms(ledger.state).find(({ policyId }) => policyId === clock?.policyId);
    const conditions = clock && clock.target !== 'promise' ? terms?.conditionsByTarget?.[clock.target] : undefined;
    moveAgain(ledger, id, at, isStopped(conditions, askOf(ledger.state)) ? meetAfterAll : cancelAfterAll);
    const view = terms === undefined ? 'agents' : viewOf(terms);
    if (clock?.target === 'firstResponse') setConversation(ledger, view, { responded: false });
  }
  patchExtras(ledger, { answered: undefined });
}

export function unansweredBy({ acceptedAt, occurredAt }: ContactSnapshot, caseVersion: number): Unanswered {
  const claimed = occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt).toISOString() };
  return { since: new Date(acceptedAt).toISOString(), ...claimed, caseVersion };
}
