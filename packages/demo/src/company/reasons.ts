/** Why customers make contact, and what each reason asks of the company. */

export const channels = ['phone', 'chat', 'email', 'whatsapp', 'sms', 'web', 'in-person'] as const;
export type Channel = (typeof channels)[number];

export const reasons = [
  'billing',
  'outage',
  'roaming',
  'contract',
  'address-change',
  'complaint',
  'upgrade',
  'sim-lost',
] as const;
export type Reason = (typeof reasons)[number];

export interface ReasonFacts {
  /** How often, against the others. */
  readonly weight: number;
  /** Priorities (1 most urgent) and how often each. */
  readonly priority: Readonly<Record<'1' | '2' | '3' | '4' | '5', number>>;
  /** How often by which way. */
  readonly channels: Readonly<Record<Channel, number>>;
  /** Which of the customer's products it is about. */
  readonly about: 'mobile' | 'home' | 'any';
  /** How long it takes to deal with, against the average. */
  readonly effort: number;
}

const everyday = { phone: 34, chat: 18, email: 16, whatsapp: 14, sms: 4, web: 10, 'in-person': 4 };

export const reasonFacts: Readonly<Record<Reason, ReasonFacts>> = {
  billing: { weight: 22, priority: p(0, 5, 65, 25, 5), channels: everyday, about: 'any', effort: 1 },
  outage: {
    weight: 17,
    priority: p(25, 50, 25, 0, 0),
    channels: { ...everyday, phone: 50, sms: 8, email: 6 },
    about: 'home',
    effort: 1.2,
  },
  roaming: {
    weight: 10,
    priority: p(5, 25, 60, 10, 0),
    channels: { ...everyday, whatsapp: 34, 'in-person': 0 },
    about: 'mobile',
    effort: 0.7,
  },
  contract: { weight: 14, priority: p(0, 0, 50, 40, 10), channels: everyday, about: 'any', effort: 1 },
  'address-change': {
    weight: 10,
    priority: p(0, 0, 30, 50, 20),
    channels: { ...everyday, web: 45, phone: 15 },
    about: 'home',
    effort: 0.8,
  },
  complaint: {
    weight: 8,
    priority: p(10, 60, 30, 0, 0),
    channels: { ...everyday, email: 34 },
    about: 'any',
    effort: 1.6,
  },
  upgrade: {
    weight: 12,
    priority: p(0, 10, 60, 25, 5),
    channels: { ...everyday, 'in-person': 14, web: 20 },
    about: 'mobile',
    effort: 1.1,
  },
  'sim-lost': {
    weight: 7,
    priority: p(50, 40, 10, 0, 0),
    channels: { ...everyday, phone: 55, whatsapp: 4, sms: 0, 'in-person': 12 },
    about: 'mobile',
    effort: 0.8,
  },
};

function p(...[one, two, three, four, five]: [number, number, number, number, number]): ReasonFacts['priority'] {
  return { 1: one, 2: two, 3: three, 4: four, 5: five };
}

/** Channels on which somebody talks: accepting the work is the first response. */
export function isSpoken(channel: string): boolean {
  return channel === 'phone' || channel === 'in-person';
}
