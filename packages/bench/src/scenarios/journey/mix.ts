/**
 * What arrives, the same for every run: of ten records seven are first contacts of new senders, two are follow-ups of
 * senders who are known, one is an activity of such a sender. Every value has exactly `PAYLOAD_BYTES` bytes.
 */

export const PAYLOAD_BYTES = 600;
export const MIX = { firsts: 7, followUps: 2, activities: 1, of: 10 } as const;
export const REASONS = ['billing', 'outage', 'contract'] as const;

/** Follow-ups and activities come from one of so many latest senders. */
const RECENT = 50_000;

export type Kind = 'first' | 'follow-up' | 'activity';

export interface MixRecord {
  readonly kind: Kind;
  /** Without its prefix. */
  readonly topic: 'contacts' | 'activities';
  /** The contact point, which is the key as well. */
  readonly sender: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A run's records have its name: `name` and number together are what each is known by, from end to end. */
export const labelOf = (name: string, index: number): string => `${name}-${String(index)}`;

export function kindAt(index: number): Kind {
  const place = index % MIX.of;
  if (place < MIX.firsts) return 'first';
  return place < MIX.firsts + MIX.followUps ? 'follow-up' : 'activity';
}

/** How many of each kind the first `count` records hold. */
export function countsOf(count: number): Readonly<Record<Kind, number>> {
  const whole = Math.floor(count / MIX.of);
  const rest = Array.from({ length: count % MIX.of }, (_, at) => kindAt(at));
  const extra = (kind: Kind): number => rest.filter((one) => one === kind).length;
  return {
    first: whole * MIX.firsts + extra('first'),
    'follow-up': whole * MIX.followUps + extra('follow-up'),
    activity: whole * MIX.activities + extra('activity'),
  };
}

/** Record number `index` (from 0) of the run called `name`. */
export function recordAt(name: string, index: number): MixRecord {
  const kind = kindAt(index);
  const sender = addressOf(name, kind === 'first' ? countsOf(index).first : knownSender(index));
  const label = labelOf(name, index);
  const body = kind === 'activity' ? activity(sender, label) : contact({ sender, label, index, kind });
  const type = kind === 'activity' ? 'activities.v1.ActivityRecorded' : 'contacts.v1.ContactReceived';
  return {
    kind,
    topic: kind === 'activity' ? 'activities' : 'contacts',
    sender,
    value: padded(body),
    headers: {
      ce_specversion: '1.0',
      ce_id: label,
      ce_source: '/bench',
      ce_type: `switchboard.${type}`,
      ce_correlationid: label,
      'content-type': 'application/json',
    },
  };
}

/** One of the latest senders before this record, the same for the same number. */
function knownSender(index: number): number {
  const known = countsOf(index).first;
  const window = Math.min(known, RECENT);
  return known - 1 - (scatter(index) % window);
}

/** Phones, mail and handles in turn; a run's senders are its own. */
function addressOf(name: string, sender: number): string {
  const digits = String(sender).padStart(8, '0');
  if (sender % 3 === 0) return `email:sender${digits}@${name}.example`;
  if (sender % 3 === 1) return `user:${name}-${digits}`;
  return `handle:mastodon:${name}-${digits}`;
}

function contact(from: { sender: string; label: string; index: number; kind: Kind }): Record<string, unknown> {
  const { sender, label, index, kind } = from;
  const channel = sender.startsWith('email:') ? 'email' : sender.startsWith('user:') ? 'web' : 'social';
  return {
    channel,
    from: { address: sender, name: 'A. Sender' },
    to: 'service@company.example',
    subject: 'About my contract',
    // A follow-up leaves the reason open, so that it joins the sender's case whatever that is about.
    ...(kind === 'first'
      ? { reason: REASONS[scatter(index) % REASONS.length], language: 'en', product: 'mobile-m' }
      : {}),
    externalId: label,
    text: '',
  };
}

function activity(sender: string, label: string): Record<string, unknown> {
  const data = { url: 'https://company.example/tariffs', text: '' };
  return { type: 'page-view', identifiers: [sender], externalId: label, source: 'web-shop', data };
}

/** Fills the text until the JSON has the size it ought to have. */
function padded(body: Record<string, unknown>): Buffer {
  const holder = typeof body['text'] === 'string' ? body : (body['data'] as Record<string, unknown>);
  const missing = PAYLOAD_BYTES - Buffer.byteLength(JSON.stringify(body));
  holder['text'] = WORDS.repeat(Math.ceil(Math.max(0, missing) / WORDS.length)).slice(0, Math.max(0, missing));
  return Buffer.from(JSON.stringify(body));
}

const WORDS = 'I moved to another flat last week and the line there does not work as it should; please have a look. ';

/** A number spread evenly over 32 bits (the finaliser of MurmurHash 3). */
export function scatter(index: number): number {
  let hash = index + 0x9e3779b9;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
