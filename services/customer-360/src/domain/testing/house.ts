/** The domain without a database: messages are decided one after the other over what was decided before. */
import type { Answer, Decision, Kinds, Message, OutgoingEvent, World } from '@switchboard/hallway';
import { handlers } from '../handlers.ts';
import type { CaseSnapshot, ContactSnapshot, Customer360Commands, RecordActivity } from '../commands.ts';
import type { Customer360Kinds, CustomerState } from '../state.ts';

export interface House {
  /** Decides a message and folds it in. A handler sees only what its `needs` named. */
  tell<T extends keyof Customer360Commands>(
    type: T,
    data: Customer360Commands[T],
    at?: string,
  ): Answer<Customer360Kinds>;
  readonly events: OutgoingEvent[];
  customers(): CustomerState[];
  get<N extends keyof Customer360Kinds>(kind: N, id: string): Customer360Kinds[N] | undefined;
  all<N extends keyof Customer360Kinds>(kind: N): Customer360Kinds[N][];
}

export const NOON = '2026-11-22T12:00:00.000Z';

export function house(): House {
  const rows = new Map<string, unknown>();
  const events: OutgoingEvent[] = [];
  let ids = 0;
  const all = (kind: string) =>
    [...rows].filter(([key]) => key.startsWith(`${kind}/`)).map(([, state]) => state as never);
  return {
    events,
    get: (kind, id) => rows.get(`${kind}/${id}`) as never,
    all,
    customers: () => all('customer').filter((one: CustomerState) => one.mergedInto === undefined),
    tell(type, data, at = NOON) {
      const message = { id: String(ids), type, data, trace: { correlationId: 'test' } };
      const handler = handlers[type] as never as {
        needs(message: Message, world: World<Kinds>): readonly { kind: string; id: string }[];
        decide(message: Message, world: World<Kinds>, context: unknown): Answer<Customer360Kinds>;
      };
      const seen = new Set<string>();
      const world: World<Kinds> = {
        get: (kind, id) => (seen.has(`${kind}/${id}`) ? rows.get(`${kind}/${id}`) : undefined) as never,
      };
      for (let round = 0; round < 10; round += 1) {
        for (const { kind, id } of handler.needs(message, world)) seen.add(`${kind}/${id}`);
      }
      const context = {
        now: new Date(at),
        configuration: undefined,
        newId: () => `id-${String((ids += 1)).padStart(4, '0')}`,
        randomBytes: (length: number) => new Uint8Array(length),
      };
      const answer = handler.decide(message, world, context);
      if ('rejected' in answer || 'waitFor' in answer) return answer;
      apply(rows, answer);
      events.push(...(answer.events ?? []));
      return answer;
    },
  };
}

function apply(rows: Map<string, unknown>, { changes = [] }: Decision<Customer360Kinds>): void {
  for (const change of changes) {
    if ('remove' in change) rows.delete(`${change.kind}/${change.remove}`);
    else rows.set(`${change.kind}/${change.state.id}`, change.state);
  }
}

export function aCase(fields: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    id: 'case-1',
    version: 1,
    trackingCode: '7K3M-0000-0000-0',
    status: 'open',
    channel: 'phone',
    subject: '',
    reason: '',
    product: '',
    priority: 3,
    language: '',
    contactPoint: 'phone:+4930901820',
    openedAt: NOON,
    attributes: {},
    ...fields,
  };
}

export function aContact(fields: Partial<ContactSnapshot> = {}): ContactSnapshot {
  return {
    id: 'contact-1',
    caseId: 'case-1',
    channel: 'phone',
    to: '+4930115',
    contactPoint: 'phone:+4930901820',
    fromName: '',
    subject: '',
    text: '',
    reason: '',
    product: '',
    language: '',
    priority: 3,
    externalId: '',
    acceptedAt: NOON,
    attributes: {},
    attachments: [],
    ...fields,
  };
}

export function anActivity(fields: Partial<RecordActivity> = {}): RecordActivity {
  return {
    type: 'page-view',
    source: 'web',
    identifiers: ['phone:+4930901820'],
    data: {},
    facts: { kind: 'none' },
    problems: [],
    body: fields.data ?? {},
    door: 'rest',
    ...fields,
  };
}
