/** What an agent does with a case: read, answer, offer, resolve. */
import { bodyOf, shownCase, workItems } from '../client/answers.ts';
import { isSpoken, reasonFacts, reasons } from '../company/reasons.ts';
import type { Reason } from '../company/reasons.ts';
import { phrasesOf } from '../day/phrases.ts';
import { tell } from '../report/tally.ts';
import { noteContact } from './arrivals.ts';
import { showOffer } from './show-offer.ts';
import { pause } from './stage.ts';
import type { Desk, Stage } from './stage.ts';

/** How long a case of average effort takes, ms of real time. */
const SPOKEN_MS = 2600;
const WRITTEN_MS = 3600;
/** A step of a plan, and until the customer picks up. */
const STEP_MS = 900;
const RINGING_MS = 400;
/** The agent has to ask for something first. */
const QUESTIONS = 0.08;

export interface TakenCase {
  readonly reservationId: string;
  readonly workItemId: string;
  readonly caseId: string;
}

interface Matter {
  readonly id: string;
  readonly channel: string;
  readonly contactPoint: string;
  readonly language: string;
  readonly reason: string;
  /** It is a step of a plan: nothing is said, and the case goes its own way. */
  readonly isStep: boolean;
  readonly callbackId: string | undefined;
}

/** From acceptance to completion. */
export async function workOnCase(desk: Desk, taken: TakenCase): Promise<void> {
  const { reservationId, caseId } = taken;
  const { stage, tally, agent } = desk;
  const matter = await read(desk, taken);
  if (matter === undefined) {
    await stage.api.post(`/v1/reservations/${reservationId}/complete`);
    return;
  }
  const task = { caseId, channel: matter.channel, reason: matter.reason };
  tally.tasks.add(task);
  try {
    if (matter.isStep) {
      await pause(stage, desk.chance.between(0.6, 1.4) * STEP_MS);
      await stage.api.post(`/v1/reservations/${reservationId}/complete`);
      return;
    }
    if (matter.callbackId !== undefined) await call(stage, matter.callbackId);
    await handle(desk, matter);
    await stage.api.post(`/v1/reservations/${reservationId}/wrap-up`);
    await pause(stage, desk.chance.between(150, 500));
    await stage.api.post(`/v1/reservations/${reservationId}/complete`);
    tally.handled += 1;
    tell(stage.tally, `${agent.name} resolved a case (${matter.reason || 'no reason'}, by ${matter.channel})`);
  } finally {
    tally.tasks.delete(task);
  }
}

/** The case, and the channel of the contact that made the work, which need not be the one the case began with. */
async function read({ stage: { api } }: Desk, { caseId, workItemId }: TakenCase): Promise<Matter | undefined> {
  const [shown, work] = await Promise.all([
    api.get(`/v1/cases/${caseId}`),
    api.get(`/v1/work-items?caseId=${caseId}&limit=50`),
  ]);
  const matter = bodyOf(shown, shownCase);
  if (matter === undefined) return undefined;
  const item = bodyOf(work, workItems)?.items.find(({ id }) => id === workItemId);
  const { channel = matter.channel, planStep, callbackId } = item ?? {};
  return { ...matter, channel, isStep: planStep !== undefined, callbackId };
}

/** The customer is called, and picks up. */
async function call(stage: Stage, callbackId: string): Promise<void> {
  await pause(stage, RINGING_MS);
  const answer = await stage.api.post(`/v1/callbacks/${callbackId}/attempts`, { outcome: 'reached' });
  if (answer.status < 300) stage.tally.callbacks.reached += 1;
}

async function handle(desk: Desk, matter: Matter): Promise<void> {
  const { stage, chance } = desk;
  const spoken = isSpoken(matter.channel);
  const phrases = phrasesOf(matter.language);
  const time = effortOf(matter.reason) * chance.between(0.6, 1.4) * (spoken ? SPOKEN_MS : WRITTEN_MS);
  const words = isReason(matter.reason)
    ? chance.pick(phrases.reasons[matter.reason].answer)
    : chance.pick(phrases.again);
  await pause(stage, time * 0.35);
  if (!spoken && chance.happens(QUESTIONS)) await askFirst(desk, matter);
  if (!spoken) await write(desk, matter, { text: words, visibility: 'public' });
  await pause(stage, time * 0.25);
  await showOffer(stage, {
    about: { caseId: matter.id },
    customer: stage.customerOf(matter.contactPoint),
    to: 'agent',
    by: { kind: 'agent', id: desk.agent.id },
    chance,
  });
  await pause(stage, time * 0.4);
  if (spoken) await write(desk, matter, { text: words, visibility: 'internal' });
  await resolve(desk, matter);
}

interface Words {
  readonly text: string;
  readonly visibility: 'public' | 'internal';
}

async function write({ stage, agent }: Desk, { id }: Matter, words: Words): Promise<void> {
  await stage.api.post(`/v1/cases/${id}/messages`, { author: { kind: 'agent', id: agent.id }, ...words });
}

/** The promise to resolve stands still while the customer looks for the answer. */
async function askFirst(desk: Desk, matter: Matter): Promise<void> {
  const { stage } = desk;
  const { question, given } = phrasesOf(matter.language);
  await write(desk, matter, { text: question, visibility: 'public' });
  await stage.api.post(`/v1/cases/${matter.id}/status`, { status: 'pending' });
  await pause(stage, desk.chance.between(1000, 2500));
  const reply = await stage.api.post('/v1/contacts', {
    channel: matter.channel,
    from: { address: matter.contactPoint },
    text: given,
    language: matter.language,
    caseId: matter.id,
    externalId: `${stage.run}-reply-${matter.id}`,
  });
  noteContact(stage, matter.channel, reply);
  await stage.api.post(`/v1/cases/${matter.id}/status`, { status: 'open' });
}

async function resolve({ stage }: Desk, { id }: Matter): Promise<void> {
  const answer = await stage.api.post(`/v1/cases/${id}/status`, { status: 'resolved' });
  if (answer.status >= 300) return;
  stage.tally.cases.resolved += 1;
  stage.openCases.delete(id);
  stage.tally.cases.open = stage.openCases.size;
}

function effortOf(reason: string): number {
  return isReason(reason) ? reasonFacts[reason].effort : 1;
}

function isReason(text: string): text is Reason {
  return (reasons as readonly string[]).includes(text);
}
