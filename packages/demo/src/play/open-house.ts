/** Before the day begins: the company's configuration, and what it knows of its customers. */
import { Hint } from '@switchboard/launcher';
import type { Answer, Api } from '../client/api.ts';
import { setUpRequests } from '../company/set-up.ts';
import type { Customer } from '../day/customers.ts';
import { historyOf, lastMondays } from '../day/history.ts';

const WEEKS = 2;
/** Customers told of at once. */
const AT_ONCE = 24;

/**
 * Puts agents, queues, calendar, policies and offers. Doing it again changes nothing.
 * @throws Hint with what was refused, and why
 */
export async function setUp(api: Api): Promise<void> {
  for (const { path, body } of setUpRequests()) accept(`PUT ${path}`, await api.put(path, body));
}

/** Tells of every customer's products, usage and consent. */
export async function tellHistory(api: Api, customers: readonly Customer[]): Promise<void> {
  const mondays = lastMondays(new Date(), WEEKS);
  const waiting = customers.values();
  const teller = async (): Promise<void> => {
    for (const customer of waiting) {
      for (const activity of historyOf(customer, mondays)) {
        accept('POST /v1/activities', await api.post('/v1/activities', activity));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, teller));
}

function accept(request: string, { status, body }: Answer): void {
  if (status < 300) return;
  if (status === 401 || status === 403) {
    throw new Hint('The token is not accepted: give the one `npm start` shows with --token or SWITCHBOARD_TOKEN.');
  }
  throw new Hint(`${request} was refused (${String(status)}): ${JSON.stringify(body)}`);
}
