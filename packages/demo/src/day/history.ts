/** What the company knows of its customers before the day begins. */
import type { ActivityRecorded } from '@switchboard/contracts';
import { createChance } from '../chance.ts';
import type { Customer } from './customers.ts';

const SINCE = '2025-03-01T09:00:00.000Z';
const DAY_MS = 86_400_000;

/** The Mondays of the last so many weeks, as dates. */
export function lastMondays(now: Date, weeks: number): readonly string[] {
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return Array.from({ length: weeks }, (_, back) =>
    new Date(now.getTime() - (sinceMonday + 7 * back) * DAY_MS).toISOString().slice(0, 10),
  ).reverse();
}

/** The same activities at every call, so that telling them again changes nothing. */
export function historyOf(customer: Customer, mondays: readonly string[]): readonly ActivityRecorded[] {
  const { mobile, home, marketing, name, language, tier } = customer;
  return [
    told(customer, 'profile', { name, tier, languages: [language] }),
    ...(mobile === undefined
      ? []
      : [told(customer, 'product-owned', { product: mobile, attributes: { kind: 'mobile' } })]),
    ...(home === undefined
      ? []
      : [told(customer, 'product-owned', { product: home, attributes: { kind: 'home', city: customer.city } })]),
    told(customer, 'consent', { purpose: 'marketing', status: marketing ? 'granted' : 'denied' }),
    ...mondays.flatMap((monday) => [
      ...(mobile === undefined ? [] : [usage(customer, { metric: 'dataGb', average: customer.dataGb, monday })]),
      ...(home === undefined ? [] : [usage(customer, { metric: 'homeGb', average: customer.homeGb, monday })]),
    ]),
  ];
}

function identifiersOf({ phone, email, user }: Customer): string[] {
  return [`phone:${phone}`, `email:${email}`, `user:${user}`];
}

function told(customer: Customer, type: string, data: ActivityRecorded['data']): ActivityRecorded {
  const what = typeof data.product === 'string' ? `${type}-${data.product}` : type;
  return {
    type,
    identifiers: identifiersOf(customer),
    occurredAt: SINCE,
    externalId: `demo-${String(customer.number)}-${what}`,
    source: 'fernklang-crm',
    data,
  };
}

interface Usage {
  readonly metric: 'dataGb' | 'homeGb';
  readonly average: number;
  readonly monday: string;
}

function usage(customer: Customer, { metric, average, monday }: Usage): ActivityRecorded {
  const chance = createChance(customer.number, `${metric} ${monday}`);
  const value = Math.round(average * chance.between(0.8, 1.2) * 10) / 10;
  return {
    type: 'usage',
    identifiers: identifiersOf(customer),
    occurredAt: `${monday}T00:00:00.000Z`,
    externalId: `demo-${String(customer.number)}-${metric}-${monday}`,
    source: 'fernklang-network',
    data: { metric, value, unit: 'GB' },
  };
}
