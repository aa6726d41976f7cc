/** Begins plans on cases, tells them what they wait for, and promises to call customers back. The agents do the work. */
import type { Client } from './client.ts';
import type { OpenLedger, SentPlan } from './entries.ts';

/** Two at once, a wait for something outside, a time that passes, and what comes after all of them. */
const steps = [
  { id: 'inspect', kind: 'work' },
  { id: 'call', kind: 'work', channel: 'chat' },
  { id: 'part', kind: 'event', event: 'part-arrived', after: ['inspect'] },
  { id: 'pause', kind: 'delay', delay: 'PT1S', after: ['call'] },
  { id: 'mend', kind: 'work', after: ['part', 'pause'] },
];
/** Plans that are not yet told what they wait for. */
const waiting = new WeakMap<OpenLedger, SentPlan[]>();
/** More at once would keep the agents from the cases themselves. */
const MOST_WAITING = 5;

/** For one of the cases that somebody was told of last. */
export async function planFor(client: Client): Promise<void> {
  const { chance, ledger } = client;
  const told = waiting.get(ledger) ?? [];
  waiting.set(ledger, told);
  const next = told.length >= MOST_WAITING || chance.happens(0.3) ? told.shift() : undefined;
  if (next !== undefined) await tellOf(client, next);
  const caseIds = ledger.contacts.slice(-30).flatMap(({ caseId }) => caseId ?? []);
  if (caseIds.length === 0 || chance.happens(0.2)) return;
  const caseId = chance.pick(caseIds);
  if (chance.happens(0.4)) await callBack(client, caseId);
  else told.push(...(await begin(client, caseId)));
}

/** Tells the rest what they wait for. */
export async function finishPlans(client: Client): Promise<void> {
  for (const plan of waiting.get(client.ledger)?.splice(0) ?? []) await tellOf(client, plan);
}

async function begin(client: Client, caseId: string): Promise<SentPlan[]> {
  const whenCaseEnds = client.chance.pick(['cancel', 'go-on']);
  const id = await create(client, '/v1/plans', { caseId, name: 'Ledger', steps, whenCaseEnds });
  if (id === undefined) return [];
  client.ledger.plans.push({ id, caseId });
  return [{ id, caseId }];
}

async function callBack(client: Client, caseId: string): Promise<void> {
  const id = await create(client, '/v1/callbacks', { caseId, attempts: 2, gap: 'PT1S' });
  if (id !== undefined) client.ledger.callbacks.push({ id, caseId });
}

/** Answers nothing where routing does not know the case yet, or it is over. */
async function create({ caller, number }: Client, path: string, body: object): Promise<string | undefined> {
  const call = { service: 'routing', method: 'POST', path, body, key: `begin-${number()}` } as const;
  const { status, body: answer } = await caller.call(call);
  if (status === 404 || status === 409) return undefined;
  if (status !== 201) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  return (answer as { id: string }).id;
}

/** Some tell it twice, as two calls of their own: the external id is the same. */
async function tellOf({ caller, chance, ledger, number }: Client, { id: planId }: SentPlan): Promise<void> {
  const externalId = number();
  const body = { name: 'part-arrived', externalId, data: { shelf: externalId } };
  for (let times = chance.happens(0.3) ? 2 : 1; times > 0; times -= 1) {
    const key = `happening-${number()}`;
    const call = { service: 'routing', method: 'POST', path: `/v1/plans/${planId}/events`, body, key } as const;
    const { status, body: answer } = await caller.call(call);
    // 409: the plan was over before.
    if (status === 409) return;
    if (status !== 200) throw new Error(`what happened to ${planId} was refused: ${JSON.stringify(answer)}`);
    if (times === 1) ledger.happenings.push({ planId, externalId });
  }
}
