/** What happens to a case, as its clocks see it. */
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message } from '@switchboard/hallway';
import { align, askingOf, choose, knownAt } from '../clocks/align.ts';
import type { CaseNews, SlaCommands } from '../commands.ts';
import { askOf, keptFacts, pathsOf } from '../policies/conditions.ts';
import type { Configuration } from '../configuration.ts';
import {
  answerByBot,
  answerByCall,
  answerByCalls,
  answerInWriting,
  endConversation,
  hear,
  unansweredBy,
} from './conversation.ts';
import { caseFacts, contactFacts, customerFacts } from '../policies/facts.ts';
import type { CustomerSnapshot } from '../policies/facts.ts';
import { cancel } from '../clocks/clock.ts';
import { caseNeeds, closeLedger, laterOf, moveKey, openLedger, patchExtras } from '../clocks/ledger.ts';
import type { Ledger } from '../clocks/ledger.ts';
import { becameOf, mergeNeeds } from './merges.ts';
import { withLabel } from '../clocks/labels.ts';
import { allTerms, keyOf } from '../clocks/slots.ts';
import { pastOf, reading, stamped, withTurn } from './past.ts';
import { isDone, meetKey, tellStint } from './stints.ts';
import type { CaseClocks, CaseExtras, CaseLabel, KeptFacts } from './state.ts';
import type { SlaKinds } from '../state.ts';
import { mergeTimer } from '../clocks/timers.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** Channels on which taking the work is talking to the customer. */
const conversations = new Set(['phone', 'in-person']);

export const openCase: SlaHandler<'open-case'> = {
  needs: ({ data }, world) => caseNeeds(data.case.id, world),
  decide: ({ data }, world, context) => {
    const { case: snapshot, contact } = data;
    if (world.get('caseClocks', snapshot.id) !== undefined) return nothing;
    const { status, priority } = snapshot;
    const unanswered = unansweredBy(contact, snapshot.version);
    const state: CaseClocks = {
      id: snapshot.id,
      version: 0,
      caseVersion: snapshot.version,
      status,
      priority,
      terms: { policyId: '', calendarId: '', targets: {}, warnAt: [], pauseIn: [] },
      responded: false,
      answeredVersion: 0,
      unanswered,
      openSince: unanswered.since,
      openOccurredAt: unanswered.occurredAt,
      clocks: {},
      labels: [{ at: unanswered.since, status, priority }],
    };
    const ledger = openLedger(state, data.at, { world, context });
    choose(ledger, { case: caseFacts(snapshot), contact: contactFacts(contact) });
    tellBots(ledger);
    align(ledger);
    return closeLedger(ledger);
  },
};

/** A bot's message is told of like any other change of the case. */
export const followCase = onCase<'follow-case'>((ledger, data) => {
  if (data.isBots === true) {
    answerByBot(ledger, data.at, data.case.version);
    noteUpdate(ledger, 'any');
  }
  takeOver(ledger, data);
});

export const receiveMessage = onCase<'receive-message'>((ledger, data) => {
  const before = ledger.state;
  hear(ledger, data.contact, data.case.version);
  const isHeard = ledger.state !== before;
  const factsAt = laterOf(ledger.state.extras?.factsAt, ledger);
  // What waits for an answer waits since it was accepted, and conditions may read it since then.
  const at = new Date(data.contact.acceptedAt).toISOString();
  takeFacts(ledger, { contact: contactFacts(data.contact) }, { factsAt }, at);
  takeOver(ledger, data);
  // What is answered already was promised by what the case is with this message.
  if (isHeard) answerByCalls(ledger);
});

export const recordAnswer = onCase<'record-answer'>((ledger, data) => {
  answerInWriting(ledger, data.at, data.case.version);
  noteUpdate(ledger, 'agent');
  takeOver(ledger, data);
}, 'answers');

export const acceptWork: SlaHandler<'accept-work'> = {
  needs: ({ data }, world) => caseNeeds(data.caseId, world, { answers: true, heldAt: data.at }),
  decide: ({ data }, world, context) => {
    const state = world.get('caseClocks', data.caseId);
    if (state === undefined) return { waitFor: { kind: 'caseClocks', id: data.caseId } };
    const ledger = openLedger(state, data.at, { world, context });
    if (data.team !== undefined) holdBy(ledger, data.team);
    assign(ledger, data);
    if (conversations.has(data.channel)) answerByCall(ledger, ledger.at.toISOString());
    if (ledger.state === state) return nothing;
    align(ledger);
    return closeLedger(ledger);
  },
};

/** Which team has the work now; none, once it is done or queued for all. */
export const followWork: SlaHandler<'follow-work'> = {
  // Most work is in queues that no team answers for: such a case is looked at, and that is all.
  needs: ({ data }, world) =>
    isHeldBy(world.get('caseClocks', data.caseId), data)
      ? [{ kind: 'caseClocks', id: data.caseId }]
      : caseNeeds(data.caseId, world, { heldAt: data.at }),
  decide: ({ data }, world, context) => {
    const state = world.get('caseClocks', data.caseId);
    // A release waits as well: whoever took the case may be waiting before it.
    if (state === undefined) return { waitFor: { kind: 'caseClocks', id: data.caseId } };
    const ledger = openLedger(state, data.at, { world, context });
    release(ledger, data);
    if (isHeldBy(state, data)) {
      return ledger.state === state ? nothing : { changes: [{ kind: 'caseClocks', state: next(ledger.state, {}) }] };
    }
    holdBy(ledger, data.team);
    align(ledger);
    return closeLedger(ledger);
  },
};

/**
 * The policy is chosen once more, and then stays. The case's own changes are left to intake, which tells when they
 * were: this topic may be faster than that one.
 */
const attributed = onCase<'attribute-case'>((ledger, data) => {
  const { customerId, status, priority } = ledger.state;
  const became = becameOf(data.customer.id, ledger.world);
  if (customerId !== undefined && became.includes(customerId)) return;
  // Told after the merge that it was before: the case follows like those that were there.
  if (became.length > 1)
    ledger.timers.push(mergeTimer({ customerId: data.customer.id, after: '' }, ledger.context.now));
  takeCustomer(ledger, data.customer);
  ledger.state = { ...ledger.state, customerId: data.customer.id };
  if (customerId !== undefined) return;
  const { facts } = ledger.state.extras ?? {};
  const { caseVersion } = ledger.state;
  const told = caseFacts(data.case);
  const isNewest = caseVersion <= data.case.version;
  const others = { contact: contactFacts(data.contact), customer: customerFacts(data.customer) };
  // The case may be further than the snapshot that was attributed.
  const matter = isNewest ? told : (facts?.case ?? { ...told, status, priority });
  // A policy that reads the text may be new since the facts were kept without.
  const kept = facts && { ...facts, contact: { text: data.contact.text, ...facts.contact } };
  choose(ledger, { case: matter, ...others }, kept ?? { case: matter, ...others });
  tellBots(ledger);
});

export const attributeCase: SlaHandler<'attribute-case'> = {
  needs: (message, world) => [...mergeNeeds(message.data.customer.id, world), ...attributed.needs(message, world)],
  decide: attributed.decide,
};

/** Decides over a case that is there, and makes its clocks follow. */
function onCase<T extends 'follow-case' | 'receive-message' | 'record-answer' | 'attribute-case'>(
  change: (ledger: Ledger, data: SlaCommands[T]) => void,
  what?: 'answers',
): SlaHandler<T> {
  return {
    needs: ({ data }, world) =>
      caseNeeds(data.case.id, world, { answers: what === 'answers' || isDone(data.case.status) }),
    decide: ({ data }, world, context): Answer<SlaKinds> => {
      const state = world.get('caseClocks', data.case.id);
      if (state === undefined) return { waitFor: { kind: 'caseClocks', id: data.case.id } };
      const ledger = openLedger(state, data.at, { world, context });
      change(ledger, data);
      if (ledger.state === state) return nothing;
      align(ledger);
      return closeLedger(ledger);
    },
  };
}

/** Takes over what a newer snapshot says. */
function takeOver(ledger: Ledger, { case: snapshot }: CaseNews): void {
  const { state } = ledger;
  if (snapshot.version <= state.caseVersion) return;
  const { status, priority, version: caseVersion } = snapshot;
  ledger.state = { ...state, caseVersion, priority, status };
  label(ledger, {
    ...(status === state.status ? {} : { status }),
    ...(priority === state.priority ? {} : { priority }),
  });
  // Intake alone tells of them, in order: what another topic told before was of a later instant.
  takeFacts(ledger, { case: caseFacts(snapshot) }, { factsAt: ledger.at.toISOString() });
  const wasDone = state.openSince === undefined;
  if (isDone(status) && !wasDone) finish(ledger, caseVersion);
  if (!isDone(status) && wasDone) ledger.state = { ...ledger.state, openSince: ledger.at.toISOString() };
}

/** Resolved: what counts until then is kept, and nobody waits for an answer any more. */
function finish(ledger: Ledger, caseVersion: number): void {
  const ask = askOf(ledger.state);
  for (const { policyId, conditionsByTarget } of allTerms(ledger.state)) {
    for (const target of ['resolution', 'requesterWait', 'agentWork', 'ownership', 'vendor'] as const) {
      const key = keyOf(policyId, target);
      // What one fact resolves and withdraws was not kept.
      if (ask.holds(conditionsByTarget?.[target]?.cancel)) moveKey(ledger, key, cancel);
      else meetKey(ledger, key);
    }
  }
  endConversation(ledger, caseVersion);
  ledger.state = { ...ledger.state, openSince: undefined, openOccurredAt: undefined };
  if (ledger.state.extras?.updatedAt !== undefined) patchExtras(ledger, { updatedAt: undefined });
}

function label(ledger: Ledger, change: Omit<CaseLabel, 'at'>): void {
  if (Object.keys(change).length === 0) return;
  const labels = withLabel(ledger.state.labels ?? [], { at: ledger.at.toISOString(), ...change });
  ledger.state = { ...ledger.state, labels };
}

/** Who has taken the work is kept where ladders may tell them, or trouble is foreseen. */
function assign(ledger: Ledger, { agentId, at }: SlaCommands['accept-work']): void {
  const { assignee, waitsSince } = ledger.state.extras ?? {};
  if (waitsSince !== undefined && waitsSince <= at) patchExtras(ledger, { waitsSince: undefined });
  if (agentId === undefined || !isAssignmentKept(ledger)) return;
  if ((assignee?.at ?? '') < at) patchExtras(ledger, { assignee: { agentId, at } });
}

/** Nobody has the work any more, or nobody yet: then it waits. */
function release(ledger: Ledger, { at, queued = false }: SlaCommands['follow-work']): void {
  const { assignee, waitsSince } = ledger.state.extras ?? {};
  if (assignee !== undefined && assignee.at <= at) patchExtras(ledger, { assignee: undefined });
  const isTaken = assignee !== undefined && assignee.at > at;
  if (queued && !isTaken && isAssignmentKept(ledger)) patchExtras(ledger, { waitsSince: waitsSince ?? at });
  else if (!queued && waitsSince !== undefined && waitsSince <= at) patchExtras(ledger, { waitsSince: undefined });
}

function isAssignmentKept({ context: { configuration } }: Ledger): boolean {
  return configuration.ladders.length > 0 || (configuration.risk?.models.size ?? 0) > 0;
}

/** Topics have no common order: the team that holds the work is that of the latest fact, not of the latest news. */
function holdBy(ledger: Ledger, team: string): void {
  if (isHeldBy(ledger.state, { team, at: ledger.at.toISOString() })) return;
  label(ledger, { team });
  tellStint(ledger, team);
  const now = ledger.state.labels?.findLast((known) => known.team !== undefined)?.team ?? '';
  ledger.state = { ...ledger.state, team: now === '' ? undefined : now };
}

/**
 * Whether it is known already that the team took the case at an instant; of an empty team: that nobody had it then.
 * That the same team had it before says nothing: what was in between may be told later.
 */
function isHeldBy(
  state: CaseClocks | undefined,
  { team, at }: { readonly team: string; readonly at: string },
): boolean {
  if (state === undefined) return false;
  const instant = new Date(at).toISOString();
  const before = state.labels?.findLast((known) => known.team !== undefined && known.at <= instant);
  return (before?.team ?? '') === team && (team === '' || before?.at === instant);
}

/** The customer as it is now. */
export function takeCustomer(ledger: Ledger, customer: CustomerSnapshot): void {
  const tier = customer.tier === '' ? undefined : customer.tier;
  if (tier !== ledger.state.tier) {
    label(ledger, { tier: customer.tier });
    ledger.state = { ...ledger.state, tier };
  }
  const at = laterOf(ledger.state.extras?.customerAt, ledger);
  takeFacts(ledger, { customer: customerFacts(customer) }, { customerAt: at });
}

/** @param at since when it is so */
function takeFacts(
  ledger: Ledger,
  news: Partial<KeptFacts>,
  since: Pick<CaseExtras, 'factsAt' | 'customerAt'>,
  at = ledger.at.toISOString(),
): void {
  const { extras } = ledger.state;
  const { facts: was } = extras ?? {};
  if (was === undefined) return;
  const asking = askingOf(ledger);
  const is = keptFacts(asking, { ...was, ...news });
  const variables = (['case', 'contact', 'customer'] as const).filter((name) => news[name] !== undefined);
  const paths = pathsOf(asking);
  const told = { was, is, variables, at, paths };
  const past = withTurn(reading(pastOf(extras), paths, knownAt(ledger)), told);
  patchExtras(ledger, { ...since, facts: is, past: stamped(past, { ...extras, ...since }) });
}

/** Where a policy lets bots answer, the conversation with them is followed as well. */
function tellBots(ledger: Ledger): void {
  const { responded, answeredVersion, unanswered, extras } = ledger.state;
  const counted = allTerms(ledger.state).some(({ botAnswers }) => botAnswers === 'count');
  if (!counted && extras?.withBots !== undefined) patchExtras(ledger, { withBots: undefined });
  if (!counted || extras?.withBots !== undefined) return;
  patchExtras(ledger, {
    withBots: { responded, answeredVersion, ...(unanswered === undefined ? {} : { unanswered }) },
  });
}

/** An update of the customer, where one is promised from time to time. */
function noteUpdate(ledger: Ledger, by: 'agent' | 'any'): void {
  const { openSince, extras } = ledger.state;
  const promised = allTerms(ledger.state).some(({ targets }) => targets.periodicUpdate !== undefined);
  if (!promised || openSince === undefined) return;
  const at = ledger.at.toISOString();
  patchExtras(ledger, { updatedAt: { ...extras?.updatedAt, any: at, ...(by === 'agent' ? { agent: at } : {}) } });
}
