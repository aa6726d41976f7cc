/** Beside the day's contacts: a line that several people mend in steps, and a customer who is called back. */
import { acceptedContact, bodyOf, plan, workItems } from '../client/answers.ts';
import { agents } from '../company/agents.ts';
import { lineRepair } from '../company/line-repair.ts';
import type { Customer } from '../day/customers.ts';
import { tell } from '../report/tally.ts';
import { noteContact } from './arrivals.ts';
import { pause } from './stage.ts';
import type { Stage } from './stage.ts';

/** Hours of the day. */
const LINE_BREAKS = 8;
const ASKS_FOR_A_CALL = 10;
const LOOK_MS = 500;

/** Resolves when both are over. */
export async function playStory(stage: Stage, customers: readonly Customer[]): Promise<void> {
  // Everybody in the house speaks their language.
  const [first, second] = customers.filter(({ language }) => language === 'en');
  if (first === undefined || second === undefined) return;
  await Promise.all([mendLine(stage, first), callBack(stage, second)]);
}

async function mendLine(stage: Stage, customer: Customer): Promise<void> {
  await stage.clock.until(LINE_BREAKS);
  const caseId = await ring(stage, customer, 'outage');
  if (caseId === undefined) return;
  const begun = bodyOf(await stage.api.post('/v1/plans', { caseId, templateId: lineRepair.id }), plan);
  if (begun === undefined) return;
  const { plan: shown } = stage.tally;
  shown.openId = begun.id;
  shown.steps = begun.steps.length;
  tell(stage.tally, `${customer.name}'s line is mended in ${String(shown.steps)} steps by several people`);
  while (shown.openId !== undefined) {
    await pause(stage, LOOK_MS);
    const now = bodyOf(await stage.api.get(`/v1/plans/${begun.id}`), plan);
    if (now === undefined) continue;
    const done = now.steps.filter(({ status }) => status === 'done');
    for (const { id, work } of done.slice(shown.done)) {
      const who = agents.find((agent) => agent.id === work?.agentId)?.name ?? 'Somebody';
      shown.by.add(who);
      tell(stage.tally, `${who} did step "${id}" of ${customer.name}'s line`);
    }
    shown.done = done.length;
    if (now.endedAt !== undefined) shown.openId = undefined;
  }
}

async function callBack(stage: Stage, customer: Customer): Promise<void> {
  await stage.clock.until(ASKS_FOR_A_CALL);
  const caseId = await ring(stage, customer, 'contract');
  if (caseId === undefined) return;
  const answer = await stage.api.post('/v1/callbacks', { caseId, attempts: 2, gap: 'PT1S' });
  if (answer.status >= 300) return;
  stage.tally.callbacks.asked += 1;
  tell(stage.tally, `${customer.name} hangs up and keeps the place in the queue: somebody calls back`);
}

/** They call. Answers the case, once routing knows it. */
async function ring(stage: Stage, { phone, name, language }: Customer, reason: string): Promise<string | undefined> {
  const body = {
    channel: 'phone',
    from: { address: phone, name },
    reason,
    language,
    externalId: `${stage.run}-${reason}`,
  };
  const answer = await stage.api.post('/v1/contacts', body);
  noteContact(stage, 'phone', answer);
  const caseId = bodyOf(answer, acceptedContact)?.caseId;
  if (caseId === undefined) return undefined;
  const isKnown = async () =>
    (bodyOf(await stage.api.get(`/v1/work-items?caseId=${caseId}`), workItems)?.items.length ?? 0) > 0;
  while (!(await isKnown())) await pause(stage, LOOK_MS / 2);
  return caseId;
}
