/** Snapshots of other services' events as the variables of `match`: what is empty there is absent here. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Facts } from '@switchboard/rules';

type Opened = ReceivedData<'switchboard.intake.v1.CaseOpened'>;
export type CaseSnapshot = Opened['case'];
export type ContactSnapshot = Opened['contact'];
export type CustomerSnapshot = ReceivedData<'switchboard.customer360.v1.ContactAttributed'>['customer'];

export type MatchFacts = Facts<'case' | 'contact' | 'customer'>;

const filled = (text: string): string | undefined => (text === '' ? undefined : text);

export function caseFacts(snapshot: CaseSnapshot): object {
  const { id, channel, subject, reason, product, priority, language, status, openedAt, attributes } = snapshot;
  return {
    id,
    channel: filled(channel),
    subject: filled(subject),
    reason: filled(reason),
    product: filled(product),
    priority,
    language: filled(language),
    status,
    openedAt,
    attributes,
  };
}

export function contactFacts({ channel, to, text, reason, product, language, attributes }: ContactSnapshot): object {
  return {
    channel: filled(channel),
    to: filled(to),
    text: filled(text),
    reason: filled(reason),
    product: filled(product),
    language: filled(language),
    attributes,
  };
}

export function customerFacts(customer: CustomerSnapshot): object {
  const { id, tier, languages, products, segments, openCases, openComplaints } = customer;
  return {
    id,
    tier: filled(tier),
    languages,
    products: products.map((product) => product.id),
    segments,
    openCases,
    openComplaints,
  };
}
