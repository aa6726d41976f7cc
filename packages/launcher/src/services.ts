/** The five services: the one list that start, provisioning and the joint base URL share. */

/** What the launcher needs to know of a service. */
export interface ServiceEntry {
  readonly name: ServiceName;
  /** First path segments after `/v1/` that it answers on the joint base URL (besides its own name). */
  readonly routes: readonly string[];
}

export type ServiceName = 'intake' | 'routing' | 'sla' | 'customer-360' | 'offers';

/** In the order in which ports are given. */
export const SERVICES: readonly ServiceEntry[] = [
  { name: 'intake', routes: ['contacts', 'cases', 'tracking', 'channels'] },
  {
    name: 'routing',
    routes: [
      ...['agents', 'teams', 'queues', 'work-items', 'reservations', 'plan-templates', 'plans', 'callbacks'],
      'figures',
    ],
  },
  { name: 'sla', routes: ['calendars', 'policies', 'clocks', 'dimensions', 'ladders', 'escalations'] },
  { name: 'customer-360', routes: ['customers', 'activities'] },
  { name: 'offers', routes: ['offers', 'decisions'] },
];

/** The service's name as the database spells it: schema, and the end of its role's name. */
export function databaseName(service: string): string {
  return service.replaceAll('-', '_');
}

/** The service's name as settings spell it, for example `CUSTOMER_360`. */
export function settingName(service: string): string {
  return databaseName(service).toUpperCase();
}
