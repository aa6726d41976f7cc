/** The last of the rules by which a contact finds its case: an open case of the same sender about the same matter. */
import type { OpenCase } from './state.ts';

/** What counts about a contact; an absent text is ''. */
export interface Matter {
  readonly product: string;
  readonly reason: string;
}

const COMPLAINT = 'complaint';

const agree = (a: string, b: string): boolean => a === '' || b === '' || a === b;

/**
 * Product and reason are equal, or absent on either side; but a complaint joins only a complaint. A contact without a
 * reason joins a complaint like any other case: it asks what became of it.
 */
function isSame(contact: Matter, known: Matter): boolean {
  if (contact.reason === COMPLAINT && known.reason !== COMPLAINT) return false;
  return agree(contact.product, known.product) && agree(contact.reason, known.reason);
}

const isNewer = (a: OpenCase, b: OpenCase): boolean =>
  a.openedAt === b.openedAt ? a.id > b.id : a.openedAt > b.openedAt;

/** The id of the newest of the contact point's cases that the contact may join. */
export function sameMatter(contact: Matter, openCases: readonly OpenCase[]): string | undefined {
  let newest: OpenCase | undefined;
  for (const known of openCases) {
    if (isSame(contact, known) && (newest === undefined || isNewer(known, newest))) newest = known;
  }
  return newest?.id;
}
