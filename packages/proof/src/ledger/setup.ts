/** The house that the clients work in: a policy with short promises, agents, an offer that contacts and activities trigger. */
import type { Caller } from './caller.ts';

/** Of every case; short, so that promises are kept and broken while a round lasts. */
export const promises = { firstResponse: 4_000, resolution: 8_000 } as const;
/** An offer of work runs out after this, ms. */
const reservationTimeout = 'PT5S';

export const agentIds: readonly string[] = Array.from({ length: 6 }, (_, index) => `agent-${String(index + 1)}`);

export const offerId = 'ledger-offer';

/** Puts it there; may be done again. @throws when something is refused */
export async function setUp(caller: Caller): Promise<void> {
  const put = async (service: 'sla' | 'routing' | 'offers', path: string, body: object): Promise<void> => {
    const { status, body: answer } = await caller.call({ service, method: 'PUT', path, body });
    if (status >= 300) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  };
  await put('sla', '/v1/policies/ledger', {
    order: 1,
    match: 'true',
    calendarId: 'always',
    targets: { firstResponse: 'PT4S', resolution: 'PT8S' },
    warnAt: [0.5],
  });
  // Two are asked about each item: the ledger sees that one of them has it, and the other has their room back.
  await put('routing', '/v1/queues/ledger', { order: 1, match: 'true', reservationTimeout, offersAtOnce: 2 });
  await put('offers', `/v1/offers/${offerId}`, {
    name: 'What the ledger offers',
    trigger:
      '(has(contact.reason) && contact.reason == "ledger-offer") || (has(activity.type) && activity.type == "purchase")',
    value: { minorUnits: 1000, currency: 'EUR' },
  });
  for (const [index, id] of agentIds.entries()) {
    // One conversation on the phone at a time; of the rest as many as differ from agent to agent.
    await put('routing', `/v1/agents/${id}`, { name: `Agent ${id}`, capacity: { phone: 1, default: 1 + (index % 3) } });
  }
}
