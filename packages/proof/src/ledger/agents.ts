/** Agents: they come and go, take work, answer, resolve and complete; some offers they refuse or miss. */
import type { Client } from './client.ts';
import type { Answer } from './entries.ts';

interface Reservation {
  readonly id: string;
  readonly caseId: string;
  readonly status: string;
  /** Of plans and callbacks. */
  readonly workKind?: string;
}

/** An agent at a desk. */
export interface AgentAtWork {
  /** What an agent does when looking at the screen once. */
  look(client: Client): Promise<void>;
  /** Gives back what is offered; what was accepted stays. */
  goHome(client: Client): Promise<void>;
}

export function workAsAgent(agentId: string): AgentAtWork {
  let status = '';
  const look = async (client: Client): Promise<void> => {
    if (status === '' || client.chance.happens(0.1)) {
      const next = status === 'available' ? client.chance.pick(['away', 'offline']) : 'available';
      await comeOrGo(client, agentId, next);
      status = next;
    }
    const { body } = await client.caller.call({
      service: 'routing',
      method: 'GET',
      path: `/v1/agents/${agentId}/reservations?limit=10`,
    });
    for (const reservation of (body as { items: readonly Reservation[] }).items) {
      await handle(client, agentId, reservation);
    }
  };
  return { look, goHome: (client) => comeOrGo(client, agentId, 'offline') };
}

async function comeOrGo({ caller, ledger, number }: Client, agentId: string, status: string): Promise<void> {
  const { status: code } = await caller.call({
    service: 'routing',
    method: 'POST',
    path: `/v1/agents/${agentId}/presence`,
    body: { status },
    key: `presence-${number()}`,
  });
  if (code !== 200) throw new Error(`the presence of ${agentId} was refused with ${String(code)}`);
  ledger.presences.push({ agentId, status });
}

async function handle(client: Client, agentId: string, { id, caseId, status, workKind }: Reservation): Promise<void> {
  const { chance } = client;
  if (status === 'pending') {
    const choice = chance.whole(1, 10);
    // Nobody answers: the offer runs out.
    if (choice === 1) return;
    if (choice === 2) {
      await answerOffer(client, 'reject', id);
      return;
    }
    if (!(await answerOffer(client, 'accept', id))) return;
  }
  // Left lying for a while: some promises are broken.
  if (chance.happens(0.2)) return;
  await write(client, agentId, caseId);
  // Whose case stays open may write again, which is new work. Of several who work on a case one resolves it.
  if (workKind === undefined && chance.happens(0.5)) await resolve(client, caseId);
  await answerOffer(client, 'complete', id);
}

/** False where it came too late: the offer had run out. */
async function answerOffer(
  client: Client,
  kind: 'accept' | 'reject' | 'complete',
  reservationId: string,
): Promise<boolean> {
  const { status } = await client.caller.call({
    service: 'routing',
    method: 'POST',
    path: `/v1/reservations/${reservationId}/${kind}`,
    key: `${kind}-${client.number()}`,
  });
  if (status === 200) client.ledger.answers.push({ kind, reservationId });
  return status === 200;
}

async function write(client: Client, agentId: string, caseId: string): Promise<void> {
  const number = client.number();
  const body = { author: { kind: 'agent', id: agentId }, text: `Answer ${number}`, visibility: 'public' };
  const answer = await onCase(client, `${caseId}/messages`, body, `message-${number}`);
  const { id: messageId } = answer as { id: string };
  client.ledger.answers.push({ kind: 'message', caseId, messageId });
}

async function resolve(client: Client, caseId: string): Promise<void> {
  const reason = `ledger-${client.number()}`;
  await onCase(client, `${caseId}/status`, { status: 'resolved', reason }, `status-${reason}`);
  const entry: Answer = { kind: 'status', caseId, status: 'resolved', reason };
  client.ledger.answers.push(entry);
}

async function onCase({ caller }: Client, path: string, body: object, key: string): Promise<unknown> {
  const { status, body: answer } = await caller.call({
    service: 'intake',
    method: 'POST',
    path: `/v1/cases/${path}`,
    body,
    key,
  });
  if (status >= 300) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  return answer;
}
