/** Events of others as facts for rules: an empty text is an absent one, which `has()` then tells. */
import type { ReceivedData } from '@switchboard/contracts';
import type { CaseNews } from '../../domain/commands.ts';
import type { FreeJson } from '../../domain/state.ts';

type Attributed = ReceivedData<'switchboard.customer360.v1.ContactAttributed'>;

/** A call's transcript need not be kept whole to be asked about. */
const MOST_TEXT = 10_000;

const present = (facts: FreeJson): FreeJson =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));

export function contactFacts({
  channel,
  to,
  text,
  reason,
  product,
  language,
  attributes,
}: Attributed['contact']): FreeJson {
  return present({ channel, to, text: text.slice(0, MOST_TEXT).toWellFormed(), reason, product, language, attributes });
}

export function caseNews(snapshot: Attributed['case']): CaseNews {
  const { id, version, channel, subject, reason, product, priority, language, status, openedAt, attributes } = snapshot;
  const facts = { id, channel, subject, reason, product, priority, language, status, openedAt, attributes };
  return { id, version, open: status !== 'resolved' && status !== 'closed', facts: present(facts) };
}

export function activityFacts({
  type,
  source,
  data,
}: ReceivedData<'switchboard.customer360.v1.ActivityAttributed'>): FreeJson {
  return present({ type, source, data });
}
