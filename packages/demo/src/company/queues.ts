/** Where work waits, and what is promised about it. */
import { skillFor } from './agents.ts';
import type { Skill } from './agents.ts';
import type { Reason } from './reasons.ts';

export interface QueueEntry {
  readonly id: string;
  readonly name: string;
  readonly order: number;
  readonly match: string;
  readonly requirements: string;
  readonly reservationTimeout: string;
}

const RESERVATION_TIMEOUT = 'PT3S';
const speaksTheLanguage = '(case.language == "" || case.language in agent.languages)';

export const queues: readonly QueueEntry[] = [
  queue('urgent', 50, 'case.priority == 1 && case.reason in ["outage", "sim-lost"]', skillFor.outage),
  ...(['complaint', 'outage', 'roaming', 'sim-lost', 'billing', 'contract', 'address-change', 'upgrade'] as const).map(
    (reason) => queue(reason, 60, `case.reason == "${reason}"`, skillFor[reason]),
  ),
];

function queue(name: Reason | 'urgent', order: number, ...[match, skill]: [match: string, skill: Skill]): QueueEntry {
  const requirements = `"${skill}" in agent.skills && ${speaksTheLanguage}`;
  return { id: `demo-${name}`, name, order, match, requirements, reservationTimeout: RESERVATION_TIMEOUT };
}

export interface PolicyEntry {
  readonly id: string;
  readonly order: number;
  readonly match: string;
  readonly calendarId: string;
  readonly targets: Readonly<Record<'firstResponse' | 'nextResponse' | 'resolution', ByPriority>>;
  readonly warnAt: readonly number[];
}

type ByPriority = Readonly<Record<'1' | '2' | '3' | '4' | '5', string>>;

export const calendar = {
  id: 'demo-always-there',
  timeZone: 'Europe/Berlin',
  hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
} as const;

/** Promises in real seconds: a day of two minutes has no room for hours. */
export const policies: readonly PolicyEntry[] = [
  {
    id: 'demo-complaints',
    order: 40,
    match: 'case.reason == "complaint"',
    calendarId: calendar.id,
    targets: {
      firstResponse: seconds(3, 4, 5, 6, 8),
      nextResponse: seconds(5, 5, 6, 8, 10),
      resolution: seconds(12, 14, 18, 24, 30),
    },
    warnAt: [0.5, 0.8],
  },
  {
    id: 'demo-everyday',
    order: 50,
    match: 'case.reason in ["billing", "outage", "roaming", "contract", "address-change", "upgrade", "sim-lost"]',
    calendarId: calendar.id,
    targets: {
      firstResponse: seconds(3, 4, 6, 10, 15),
      nextResponse: seconds(5, 6, 8, 12, 20),
      resolution: seconds(10, 14, 20, 30, 45),
    },
    warnAt: [0.5, 0.8],
  },
];

function seconds(...[one, two, three, four, five]: [number, number, number, number, number]): ByPriority {
  const of = (count: number): string => `PT${String(count)}S`;
  return { 1: of(one), 2: of(two), 3: of(three), 4: of(four), 5: of(five) };
}
