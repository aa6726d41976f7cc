/** The service as it runs: real PostgreSQL, its own role, the embedded bus. */
import { startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerView } from './domain/customer.ts';
import type { Customer360Commands } from './domain/commands.ts';
import { aCase, aContact, NOON } from './domain/testing/house.ts';
import { customer360 } from './service.ts';

let given: TestService<Customer360Commands>;

beforeAll(async () => {
  given = await startTestService(customer360);
});

afterAll(async () => {
  await given.stop();
});

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

interface Item {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly summary: string;
  readonly channel?: string;
  readonly caseId?: string;
}

let number = 0;
const unique = (): string => String((number += 1)).padStart(4, '0');
const newPhone = (): string => `phone:+49309${unique()}`;

async function customerOf(contactPoint: string): Promise<CustomerView> {
  return eventually(async () => {
    const { body } = await given.call('GET', `/v1/customers?contactPoint=${encodeURIComponent(contactPoint)}`);
    const [first] = (body as Page<CustomerView>).items;
    if (first === undefined) throw new Error(`nobody has ${contactPoint}`);
    return first;
  });
}

async function timelineOf(id: string, query = ''): Promise<Page<Item>> {
  const { status, body } = await given.call('GET', `/v1/customers/${id}/timeline${query}`);
  expect(status).toBe(200);
  return body;
}

function opened(contactPoint: string, fields: { caseId?: string; reason?: string; contactId?: string } = {}) {
  const { caseId = `case-${unique()}`, contactId = `contact-${unique()}`, reason = '' } = fields;
  return {
    type: 'switchboard.intake.v1.CaseOpened' as const,
    subject: caseId,
    data: {
      case: aCase({ id: caseId, contactPoint, reason }),
      contact: aContact({
        id: contactId,
        caseId,
        contactPoint,
        fromName: 'Ada',
        language: 'de',
        text: 'Good day',
        reason,
      }),
    },
  };
}

describe('a contact', () => {
  it('is attributed, with its case, customer and profile', async () => {
    const point = newPhone();
    const event = opened(point);
    await given.say(event);
    const customer = await customerOf(point);
    expect(customer).toMatchObject({
      name: 'Ada',
      languages: ['de'],
      openCases: 1,
      openComplaints: 0,
      contactPoints: [point],
    });
    const said = await given.said('switchboard.customer360.v1.ContactAttributed', (events) => {
      expect(events.some(({ subject }) => subject === customer.id)).toBe(true);
    });
    expect(said.find(({ subject }) => subject === customer.id)).toMatchObject({
      sequence: 2,
      data: {
        caseId: event.subject,
        customer: { id: customer.id, version: 2, openCases: 1 },
        contact: { text: 'Good day' },
        case: { id: event.subject },
        profile: { contactPoints: [point], usage: {} },
      },
    });
    expect((await timelineOf(customer.id)).items).toMatchObject([
      { kind: 'contact', channel: 'phone', summary: 'Good day', caseId: event.subject },
    ]);
  });

  it('of one contact point twice at the same instant makes one customer', async () => {
    const point = newPhone();
    await Promise.all([
      ...Array.from({ length: 5 }, () => given.say(opened(point))),
      ...Array.from({ length: 20 }, (_, index) =>
        given.call('POST', '/v1/activities', {
          type: 'page-view',
          source: 'web',
          externalId: `same-${String(index)}`,
          identifiers: [point],
          data: { url: '/' },
        }),
      ),
    ]);
    const customer = await customerOf(point);
    await eventually(async () => {
      expect((await timelineOf(customer.id)).items).toHaveLength(25);
    });
    await given.said('switchboard.customer360.v1.ProfileCreated', (events) => {
      expect(events.filter(({ data }) => data.customer.contactPoints.includes(point))).toHaveLength(1);
    });
  });

  it('is found by a number whose + became a blank on the way', async () => {
    const point = newPhone();
    await given.say(opened(point));
    await customerOf(point);
    const { body } = await given.call('GET', `/v1/customers?contactPoint=${point}`);
    expect((body as Page<CustomerView>).items).toHaveLength(1);
  });
});

describe('a case', () => {
  it('counts until it is resolved, and every moment around it is told in the order it happened', async () => {
    const point = newPhone();
    const event = opened(point, { reason: 'complaint' });
    const caseId = event.subject;
    const reservation = {
      id: 'r1',
      version: 1,
      workItemId: 'w1',
      caseId,
      agentId: 'a1',
      status: 'accepted',
      createdAt: NOON,
      expiresAt: NOON,
    };
    const item = {
      id: 'w1',
      caseId,
      queueId: 'default',
      status: 'assigned',
      channel: 'phone',
      priority: 3,
      enqueuedAt: NOON,
      version: 2,
    };
    // Topics have no common order: the work is told before the case is known.
    await given.say({ type: 'switchboard.routing.v1.WorkAccepted', subject: 'w1', data: { item, reservation } });
    await given.say(event);
    const customer = await customerOf(point);
    expect(customer).toMatchObject({ openCases: 1, openComplaints: 1 });
    await given.say(
      {
        type: 'switchboard.intake.v1.MessageSent',
        subject: caseId,
        sequence: 2,
        data: {
          case: aCase({ id: caseId, version: 2, contactPoint: point }),
          message: {
            id: `message-${unique()}`,
            author: { kind: 'agent', id: 'a1' },
            text: 'On our way',
            visibility: 'public',
            at: '2026-11-22T12:05:00.000Z',
          },
        },
      },
      {
        type: 'switchboard.intake.v1.CaseStatusChanged',
        subject: caseId,
        sequence: 3,
        data: {
          case: aCase({ id: caseId, version: 3, contactPoint: point, reason: 'complaint', status: 'resolved' }),
          from: 'open',
          reason: '',
        },
      },
    );
    await eventually(async () => {
      expect(await customerOf(point)).toMatchObject({ openCases: 0, openComplaints: 0 });
      const kinds = (await timelineOf(customer.id)).items.map(({ kind }) => kind);
      expect(new Set(kinds)).toEqual(new Set(['contact', 'work-accepted', 'message-sent', 'case-status']));
    });
    const { items } = await timelineOf(customer.id);
    const sorted = [...items].sort((a, b) => (a.at + a.id < b.at + b.id ? 1 : -1));
    expect(items).toEqual(sorted);
  });
});

describe('an activity', () => {
  const send = (body: object) => given.call('POST', '/v1/activities', body);

  it('is recorded once under its natural key', async () => {
    const body = {
      type: 'usage',
      source: 'network',
      externalId: `u-${unique()}`,
      identifiers: [newPhone()],
      data: { metric: 'dataGb', value: 3 },
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    expect(new Set(answers.map(({ body: answer }) => (answer as { activityId: string }).activityId)).size).toBe(1);
    const other = await send({ ...body, data: { metric: 'dataGb', value: 4 } });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ field: 'externalId' }] } });
    await given.publish({
      topic: 'activities',
      key: 'k',
      headers: {},
      body: { ...body, data: { metric: 'dataGb', value: 5 } },
    });
    await eventually(async () => {
      const [row] = await given.service.database.query<{ differences: { body: { data: unknown } }[] }>(
        `select differences from activity where body->>'externalId' = $1`,
        [body.externalId],
      );
      expect(row?.differences).toMatchObject([{ body: { data: { value: 5 } } }]);
    });
  });

  it('enriches the profile and is attributed with it', async () => {
    const point = newPhone();
    const mail = `email:ada${unique()}@example.org`;
    await send({
      type: 'product-owned',
      source: 'crm',
      identifiers: [point],
      data: { product: 'car-insurance', attributes: { rentalCar: 'no' } },
    });
    await send({
      type: 'usage',
      source: 'network',
      identifiers: [point, mail],
      data: { metric: 'dataGb', value: 120, unit: 'GB' },
    });
    const customer = await customerOf(mail.toUpperCase());
    expect(customer).toMatchObject({
      contactPoints: [point, mail],
      products: [{ id: 'car-insurance', attributes: { rentalCar: 'no' } }],
      usage: { dataGb: { last90Days: 120, unit: 'GB' } },
    });
    const said = await given.said('switchboard.customer360.v1.ActivityAttributed', (events) => {
      expect(events.filter(({ subject }) => subject === customer.id)).toHaveLength(2);
    });
    expect(said.filter(({ subject }) => subject === customer.id).at(-1)?.data).toMatchObject({
      type: 'usage',
      data: { metric: 'dataGb', value: 120 },
      profile: { usage: { dataGb: { last90Days: 120 } } },
    });
  });

  it('by Kafka without an id of its own is known by its event', async () => {
    const point = newPhone();
    const headers = {
      ce_specversion: '1.0',
      ce_type: 'switchboard.activities.v1.ActivityRecorded',
      ce_source: '/crm',
      ce_id: `e-${unique()}`,
    };
    const body = { type: 'page-view', source: 'web', identifiers: [point], data: { url: 'https://example.org/' } };
    const record = { topic: 'activities', key: point, headers, body };
    await given.publish(record, record);
    await given.publish({ ...record, headers: { ...headers, ce_id: `e-${unique()}` } });
    const customer = await customerOf(point);
    await eventually(async () => {
      expect((await timelineOf(customer.id)).items).toHaveLength(2);
    });
  });

  it('merges two known customers; the younger one is answered by the older', async () => {
    const [point, mail] = [newPhone(), `email:bob${unique()}@example.org`];
    await given.say(opened(point));
    const older = await customerOf(point);
    await send({ type: 'preference', source: 'web', identifiers: [mail], data: { name: 'channel', value: 'email' } });
    const younger = await customerOf(mail);
    await send({ type: 'page-view', source: 'web', identifiers: [point, mail], data: { url: '/' } });
    const { body } = await given.call('GET', `/v1/customers/${younger.id}`);
    expect(body).toMatchObject({
      id: older.id,
      mergedIds: [younger.id],
      preferences: { channel: 'email' },
      openCases: 1,
    });
    expect((await timelineOf(younger.id)).items).toHaveLength(3);
    await given.said('switchboard.customer360.v1.ProfileMerged', (events) => {
      expect(events.at(-1)?.data).toMatchObject({ customer: { id: older.id }, mergedIds: [younger.id] });
    });
  });

  it.each([
    [{ identifiers: ['nonsense'] }, 'identifiers.0'],
    [{ identifiers: [] }, 'identifiers'],
    [{ type: 'usage', data: { metric: 'dataGb', value: 'much' } }, 'data.value'],
    [
      { type: 'purchase', data: { product: 'x', price: { minorUnits: 1.5, currency: 'EUR' } } },
      'data.price.minorUnits',
    ],
    [{ type: 'preference', data: { name: 'x' } }, 'data.value'],
    [{ type: 'product-owned', data: { product: '' } }, 'data.product'],
    [{ data: 'text' }, 'data'],
    [{ occurredAt: '0001-01-01T00:00:00Z' }, 'occurredAt'],
  ])('is refused with the field at fault: %j', async (fault, field) => {
    const body = { type: 'page-view', source: 'web', identifiers: ['user:1'], data: { url: '/' }, ...fault };
    const answer = await send(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect((answer.body as { errors: { field: string }[] }).errors.map((one) => one.field)).toContain(field);
  });

  it('by Kafka that cannot be read goes to the dead letters', async () => {
    const body = { type: 'usage', source: 'bad-meter', identifiers: ['user:1'], data: { metric: 'm', value: 'x' } };
    await given.publish({ topic: 'activities', key: 'k', headers: {}, body });
    await eventually(async () => {
      const [row] = await given.service.database.query<{ error: string }>(
        `select error from dead_letter where reason = 'invalid-body'`,
      );
      expect(row?.error).toContain('data.value');
    });
  });
});

describe('reading', () => {
  it('pages through a timeline and takes late entries', async () => {
    const point = newPhone();
    for (const hour of ['05', '03', '04', '01', '02']) {
      const body = {
        type: 'page-view',
        source: 'web',
        occurredAt: `2026-01-01T${hour}:00:00Z`,
        identifiers: [point],
        data: { url: '/' },
      };
      expect((await given.call('POST', '/v1/activities', body)).status).toBe(201);
    }
    const { id } = await customerOf(point);
    const first = await timelineOf(id, '?limit=2');
    const second = await timelineOf(id, `?limit=2&before=${first.nextCursor ?? ''}`);
    const third = await timelineOf(id, `?limit=2&cursor=${second.nextCursor ?? ''}`);
    const hours = [...first.items, ...second.items, ...third.items].map(({ at }) => at.slice(11, 13));
    expect(hours).toEqual(['05', '04', '03', '02', '01']);
    expect(third.nextCursor).toBeNull();
    const before = await timelineOf(id, '?before=2026-01-01T03:00:00Z');
    expect(before.items.map(({ at }) => at.slice(11, 13))).toEqual(['02', '01']);
  });

  it('lists customers by pages, and knows who is unknown', async () => {
    const { body } = await given.call('GET', '/v1/customers?limit=1');
    expect((body as Page<CustomerView>).items).toHaveLength(1);
    const next = (body as Page<CustomerView>).nextCursor ?? '';
    expect((await given.call('GET', `/v1/customers?limit=1&cursor=${next}`)).status).toBe(200);
    expect((await given.call('GET', '/v1/customers/nobody')).status).toBe(404);
    expect((await given.call('GET', '/v1/customers/nobody/timeline')).status).toBe(404);
    expect((await given.call('GET', '/v1/customers?contactPoint=nonsense')).status).toBe(400);
    expect((await given.call('GET', '/v1/customers?contactPoint=user:nobody')).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});
