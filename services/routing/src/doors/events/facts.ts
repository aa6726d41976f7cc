/** Snapshots of other services as the variables of expressions. */
import type { ReceivedData } from '@switchboard/contracts';
import type { CaseNews } from '../../domain/commands.ts';
import type { CaseFacts, ContactFacts, CustomerFacts } from '../../domain/work/state.ts';

type Opened = ReceivedData<'switchboard.intake.v1.CaseOpened'>;
type Attributed = ReceivedData<'switchboard.customer360.v1.ContactAttributed'>;

/** Characters of a contact's text that expressions see: facts are kept in memory for every waiting item. */
const MOST_TEXT = 10_000;

/** An absent text is left out: `has()` tells it from an empty one. */
function given<F extends Record<string, string>>(texts: F): Partial<F> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')) as Partial<F>;
}

export function caseNews(matter: Opened['case']): CaseNews {
  const { id, version, channel, subject, reason, product, language, status, priority, openedAt, attributes } = matter;
  const facts: CaseFacts = {
    ...given({ channel, subject, reason, product, language }),
    id,
    status,
    priority,
    openedAt,
    attributes,
  };
  return { version, facts };
}

export function contactFacts(contact: Opened['contact']): ContactFacts {
  const { channel, to, reason, product, language, attributes } = contact;
  const text = contact.text.slice(0, MOST_TEXT).toWellFormed();
  return { ...given({ to, text, reason, product, language }), channel, attributes };
}

export function customerFacts(customer: Attributed['customer']): CustomerFacts & { readonly id: string } {
  const { id, tier, languages, products, segments, openCases, openComplaints } = customer;
  const owned = products.map((product) => product.id);
  return { ...given({ tier }), id, languages, products: owned, segments, openCases, openComplaints };
}
