/** Shows offers that were decided for a contact, and says what became of them. */
import type { Client } from './client.ts';
import type { SentContact } from './entries.ts';

interface Decision {
  readonly id: string;
  readonly offers: readonly { readonly offerId: string }[];
}

/** Does nothing while nothing is decided yet, or where nothing was offered. */
export async function sellTo(client: Client, contact: SentContact | undefined): Promise<void> {
  if (contact?.caseId === undefined) return;
  const { body } = await client.caller.call({
    service: 'offers',
    method: 'GET',
    path: `/v1/decisions?caseId=${contact.caseId}`,
  });
  const decision = (body as { items: readonly Decision[] }).items.find(({ offers }) => offers.length > 0);
  const offerId = decision?.offers[0]?.offerId;
  if (decision === undefined || offerId === undefined) return;
  for (const outcome of ['presented', client.chance.pick(['accepted', 'declined', 'abandoned'])]) {
    const { status } = await client.caller.call({
      service: 'offers',
      method: 'POST',
      path: `/v1/decisions/${decision.id}/responses`,
      body: { offerId, outcome, by: { kind: 'agent', id: 'seller' } },
      key: `response-${client.number()}`,
    });
    // 200: said before. 409: answered before, or run out.
    if (status === 201) client.ledger.answers.push({ kind: 'response', decisionId: decision.id, offerId, outcome });
  }
}
