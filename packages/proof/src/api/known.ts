/** What answers have told so far: ids that exist, by the collection they live in, with what is known of each. */
import type { Answer, Request } from './call.ts';
import type { Operation } from './operations.ts';

export type Facts = Readonly<Record<string, unknown>>;

export interface Known {
  /** Takes in what an answer tells. */
  learn(operation: Operation, request: Request, answer: Answer): void;
  add(collection: string, id: string, facts?: Facts): void;
  /** `[id, facts]`, oldest first. */
  all(collection: string, fits?: (facts: Facts) => boolean): [string, Facts][];
  /** Cursors that a list gave out. */
  cursors(operation: Operation): string[];
}

/** Fields that name something in another collection. */
const references: Readonly<Record<string, string>> = {
  caseId: '/v1/cases',
  contactId: '/v1/contacts',
  trackingCode: '/v1/tracking',
  customerId: '/v1/customers',
};

/** `/v1/cases/{id}/status` -> `/v1/cases`. */
export const collectionOf = (path: string): string => path.split('/{')[0] ?? path;

/** What an operation's answer is one of: `/v1/agents/{id}/reservations` lists `/v1/reservations`. */
function answeredBy({ method, path }: Operation): string {
  const parts = path.split('/{id}/');
  return method === 'GET' && parts.length > 1 ? `/v1/${parts[1] ?? ''}` : collectionOf(path);
}

/** Agents who have it in their hands: a plan by its steps; an item may be offered to several. */
export function holdersOf({ agentId, alsoOfferedTo, steps }: Facts): string[] {
  if (typeof agentId === 'string') return [agentId, ...(Array.isArray(alsoOfferedTo) ? alsoOfferedTo.map(String) : [])];
  if (!Array.isArray(steps)) return [];
  return (steps as readonly { readonly work?: Facts }[]).flatMap(({ work }) =>
    typeof work?.['agentId'] === 'string' ? [work['agentId']] : [],
  );
}

const isObject = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Things that are known by what they are part of: `/v1/agents/{id}/absences/{absenceId}` -> agents with such a one. */
const partOf = ({ path }: Operation): string | undefined => /\}\/(absences)\/\{/.exec(path)?.[1];

export function createKnown(): Known {
  const collections = new Map<string, Map<string, Facts>>();
  const cursors = new Map<string, string[]>();
  const add = (collection: string, id: string, facts: Facts = {}): void => {
    let found = collections.get(collection);
    if (found === undefined) collections.set(collection, (found = new Map<string, Facts>()));
    found.set(id, { ...found.get(id), ...facts });
  };
  const learnFrom = (collection: string, value: unknown): void => {
    if (!isObject(value)) return;
    if (typeof value['id'] === 'string') add(collection, value['id'], value);
    for (const [field, target] of Object.entries(references)) {
      const id = value[field];
      if (typeof id === 'string') add(target, id);
    }
  };
  return {
    add,
    learn(operation, request, { status, json }) {
      if (status < 200 || status > 299) return;
      const part = partOf(operation);
      if (part !== undefined) {
        if (operation.method === 'DELETE') collections.get(part)?.delete(request.path['id'] ?? '');
        else add(part, request.path['id'] ?? '');
        return;
      }
      if (isObject(json) && typeof json['planId'] === 'string') {
        // What a calendar is to become is known by the calendar.
        add('planned', String(json['calendarId']), { planId: json['planId'] });
        return;
      }
      if (operation.path.endsWith('/plans/{planId}')) {
        collections.get('planned')?.delete(request.path['id'] ?? '');
        return;
      }
      const collection = answeredBy(operation);
      if (operation.method === 'DELETE') {
        // What is a part of it goes with it.
        for (const name of [collection, 'planned', 'absences']) collections.get(name)?.delete(request.path['id'] ?? '');
      }
      if (!isObject(json)) return;
      learnFrom(collection, json);
      // Attachments are kept with mails alone.
      if (operation.path.includes('/email/') && typeof json['contactId'] === 'string') add('mailed', json['contactId']);
      if (Array.isArray(json['items'])) for (const item of json['items'] as unknown[]) learnFrom(collection, item);
      if (typeof json['nextCursor'] === 'string')
        cursors.set(operation.name, [json['nextCursor'], ...(cursors.get(operation.name) ?? [])].slice(0, 20));
    },
    all: (collection, fits = () => true) => [...(collections.get(collection) ?? [])].filter(([, facts]) => fits(facts)),
    cursors: (operation) => cursors.get(operation.name) ?? [],
  };
}
