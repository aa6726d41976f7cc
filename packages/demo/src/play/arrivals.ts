/** Customers make contact and look around on the web, each at their hour. */
import { createChance } from '../chance.ts';
import { acceptedContact, bodyOf, customers } from '../client/answers.ts';
import type { Answer } from '../client/api.ts';
import type { Moment } from '../day/moments.ts';
import { showOffer } from './show-offer.ts';
import { guarded, pause } from './stage.ts';
import type { Stage } from './stage.ts';

/** Customers under way at once; the next ones wait, so that a slow house is not run over. */
const AT_ONCE = 64;

/** Resolves when the last has come. */
export async function letCome(stage: Stage, moments: Iterable<Moment>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (const moment of moments) {
    await stage.clock.until(moment.hour);
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    const coming = guarded(stage, come(stage, moment)).finally(() => underWay.delete(coming));
    underWay.add(coming);
  }
  await Promise.all(underWay);
}

function come(stage: Stage, moment: Moment): Promise<void> {
  return moment.kind === 'contact' ? makeContact(stage, moment) : visitPage(stage, moment);
}

async function makeContact(stage: Stage, moment: Extract<Moment, { kind: 'contact' }>): Promise<void> {
  const { body, channel, customer } = moment;
  const answer = await stage.api.post('/v1/contacts', body);
  const accepted = noteContact(stage, channel, answer);
  if (accepted === undefined || channel !== 'web') return;
  await pause(stage, 1000);
  await showOffer(stage, {
    about: { caseId: accepted.caseId },
    customer,
    to: 'page',
    by: { kind: 'system', id: 'web-page' },
    chance: createChance(stage.seed, `page ${body.externalId ?? ''}`),
  });
}

/** Counts a contact by what became of it. */
export function noteContact(stage: Stage, channel: string, answer: Answer): { caseId: string } | undefined {
  const { tally, book, openCases } = stage;
  const accepted = bodyOf(answer, acceptedContact);
  if (accepted === undefined) {
    tally.contacts.refused += 1;
    return undefined;
  }
  const { caseId, caseCreated } = accepted;
  tally.contacts.sent += 1;
  tally.contacts.byChannel.set(channel, (tally.contacts.byChannel.get(channel) ?? 0) + 1);
  if (caseCreated) tally.cases.opened += 1;
  else if (openCases.has(caseId)) tally.cases.joined += 1;
  else tally.cases.reopened += 1;
  if (!openCases.has(caseId)) openCases.set(caseId, performance.now());
  tally.cases.open = openCases.size;
  book.watch(caseId);
  return accepted;
}

/** What is looked at on the web may lead to an offer there, mostly not taken, and kept for the next contact. */
async function visitPage(stage: Stage, { body, customer }: Extract<Moment, { kind: 'visit' }>): Promise<void> {
  await stage.api.post('/v1/activities', body);
  stage.tally.contacts.visits += 1;
  await pause(stage, 1200);
  const found = bodyOf(await stage.api.get(`/v1/customers?contactPoint=user:${customer.user}`), customers);
  const known = found?.items[0];
  if (known === undefined) return;
  await showOffer(stage, {
    about: { customerId: known.id },
    customer,
    to: 'page',
    by: { kind: 'system', id: 'web-page' },
    chance: createChance(stage.seed, `visit ${body.externalId ?? ''}`),
  });
}
