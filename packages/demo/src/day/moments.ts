/** One day of contacts and page visits, in their order. */
import type { ActivityRecorded, ContactReceived } from '@switchboard/contracts';
import { createChance } from '../chance.ts';
import type { Chance } from '../chance.ts';
import { homeLines, mobilePlans } from '../company/products.ts';
import { reasonFacts, reasons } from '../company/reasons.ts';
import type { Channel, Reason } from '../company/reasons.ts';
import type { Customer } from './customers.ts';
import { hourOf } from './day-curve.ts';
import { phrases } from './phrases.ts';

export type Moment =
  | {
      readonly kind: 'contact';
      readonly hour: number;
      readonly customer: Customer;
      readonly channel: Channel;
      readonly reason: Reason;
      readonly body: ContactReceived;
    }
  | { readonly kind: 'visit'; readonly hour: number; readonly customer: Customer; readonly body: ActivityRecorded };

type ContactMoment = Extract<Moment, { kind: 'contact' }>;

export interface DayPlan {
  readonly seed: number;
  /** Contacts of the day. */
  readonly count: number;
  readonly customers: readonly [Customer, ...(readonly Customer[])];
  /** Begins the external ids: a day may be played again. */
  readonly run: string;
}

const VISITS = 0.12;
const AGAIN = 0.1;
/** Who asks again does so about one of the latest contacts. */
const REMEMBERED = 40;

/** Lazily, so that a long day needs no more memory than a short one. */
export function* momentsOf({ seed, count, customers, run }: DayPlan): Generator<Moment> {
  const chance = createChance(seed, 'day');
  const recent: ContactMoment[] = [];
  for (let index = 0; index < count; index += 1) {
    const hour = hourOf(index, count, chance.share());
    const externalId = `${run}-${String(index)}`;
    if (chance.happens(VISITS)) yield visit({ hour, customer: chance.pick(customers), externalId }, chance);
    const earlier = recent[chance.whole(0, REMEMBERED - 1)];
    const contact =
      earlier !== undefined && chance.happens(AGAIN)
        ? again(earlier, { hour, externalId }, chance)
        : firstContact({ hour, customer: chance.pick(customers), externalId }, chance);
    recent[index % REMEMBERED] = contact;
    yield contact;
  }
}

interface At {
  readonly hour: number;
  readonly externalId: string;
}
type Who = At & { readonly customer: Customer };

function firstContact({ hour, customer, externalId }: Who, chance: Chance): ContactMoment {
  const reason = chooseReason(customer, chance);
  const channel = chance.weighted(reasonFacts[reason].channels);
  const product = productFor(customer, reason);
  const { subject, says } = phrases[customer.language].reasons[reason];
  const body: ContactReceived = {
    channel,
    from: { address: addressOf(customer, channel), name: customer.name },
    to: toOf(customer, channel),
    ...(channel === 'email' || channel === 'web' ? { subject } : {}),
    text: fill(chance.pick(says), { customer, product }, chance),
    language: customer.language,
    reason,
    product,
    priority: Number(chance.weighted(reasonFacts[reason].priority)),
    externalId,
    attributes: { city: customer.city },
  };
  return { kind: 'contact', hour, customer, channel, reason, body };
}

/** The same matter again, by the same way. */
function again(earlier: ContactMoment, { hour, externalId }: At, chance: Chance): ContactMoment {
  const text = chance.pick(phrases[earlier.customer.language].again);
  return { ...earlier, hour, body: { ...earlier.body, text, externalId } };
}

function chooseReason(customer: Customer, chance: Chance): Reason {
  const weights = reasons.map((reason) => {
    const { about, weight } = reasonFacts[reason];
    return [reason, about === 'any' || customer[about] !== undefined ? weight : 0] as const;
  });
  return chance.weighted(Object.fromEntries(weights) as Record<Reason, number>);
}

function productFor(customer: Customer, reason: Reason): string {
  const { about } = reasonFacts[reason];
  const named = about === 'any' ? undefined : customer[about];
  return named ?? customer.mobile ?? customer.home ?? '';
}

function addressOf(customer: Customer, channel: Channel): string {
  switch (channel) {
    case 'phone':
    case 'whatsapp':
    case 'sms':
      return customer.phone;
    case 'email':
      return customer.email;
    case 'in-person':
      return `phone:${customer.phone}`;
    case 'chat':
    case 'web':
      return `user:${customer.user}`;
  }
}

function toOf(customer: Customer, channel: Channel): string {
  const addresses: Readonly<Record<Channel, string>> = {
    phone: 'hotline',
    chat: 'https://fernklang.example/chat',
    email: 'service@fernklang.example',
    whatsapp: 'whatsapp-service',
    sms: '33555',
    web: 'https://fernklang.example/help',
    'in-person': `shop-${customer.city.toLowerCase()}`,
  };
  return addresses[channel];
}

interface About {
  readonly customer: Customer;
  readonly product: string;
}

function fill(text: string, { customer, product }: About, chance: Chance): string {
  const { streets, countries } = phrases[customer.language];
  const name = [...mobilePlans, ...homeLines].find(({ id }) => id === product)?.name ?? product;
  return text
    .replaceAll('{amount}', `${chance.between(35, 140).toFixed(2)} €`)
    .replaceAll('{product}', name)
    .replaceAll('{city}', customer.city)
    .replaceAll('{street}', chance.pick(streets))
    .replaceAll('{country}', chance.pick(countries));
}

function visit({ hour, customer, externalId }: Who, chance: Chance): Moment {
  const page = chance.weighted({ tv: 45, phones: 30, help: 25 });
  return {
    kind: 'visit',
    hour,
    customer,
    body: {
      type: 'page-view',
      identifiers: [`user:${customer.user}`],
      externalId: `${externalId}-visit`,
      source: 'fernklang-web',
      data: { url: `https://fernklang.example/${page}` },
    },
  };
}
