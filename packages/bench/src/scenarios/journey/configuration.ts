/** What a service centre of some sense would have configured: three queues, a promise, a handful of offers. */
import type { ServiceName } from '@switchboard/launcher';
import { REASONS } from './mix.ts';

export interface Resource {
  readonly service: ServiceName;
  readonly path: string;
  readonly body: object;
}

const eur = (minorUnits: number): object => ({ minorUnits, currency: 'EUR' });

/** In the order in which they are put. */
export const configuration: readonly Resource[] = [
  ...REASONS.map((reason, at) => ({
    service: 'routing' as const,
    path: `/v1/queues/${reason}`,
    body: { order: at + 1, match: `case.reason == "${reason}"`, requirements: `"${reason}" in agent.skills` },
  })),
  {
    service: 'sla',
    path: '/v1/calendars/office',
    body: {
      timeZone: 'Europe/Berlin',
      hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], from: '08:00', to: '20:00' }],
      holidays: [{ date: '2030-12-25', name: 'Christmas Day' }],
    },
  },
  {
    service: 'sla',
    path: '/v1/policies/everyday',
    body: {
      order: 1,
      match: REASONS.map((reason) => `case.reason == "${reason}"`).join(' || '),
      calendarId: 'office',
      targets: { firstResponse: 'PT8H', resolution: 'P5D' },
      warnAt: [0.75],
    },
  },
  offer('larger-plan', 'contact.reason == "contract"', 'profile.openCases <= 3', eur(24_000)),
  offer('line-check', 'contact.reason == "outage"', 'profile.products.exists(p, p.id == "fibre")', eur(4900)),
  offer('paper-bill', 'contact.reason == "billing"', 'profile.tier == "gold"', eur(1200)),
  offer('new-phone', 'activity.type == "page-view"', 'profile.openComplaints == 0', eur(60_000)),
];

function offer(id: string, trigger: string, eligibility: string, value: object): Resource {
  const body = { name: id, trigger, eligibility, incentive: { text: 'The first month is free' }, value };
  return { service: 'offers', path: `/v1/offers/${id}`, body };
}
