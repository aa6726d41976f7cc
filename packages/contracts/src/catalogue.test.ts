import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { catalogue, deadLetterTopic, isEventType, services, topicOf, topics } from './catalogue.ts';
import type { EventData, ReceivedData } from './catalogue.ts';
import type { AbsentField } from './payload.ts';

const entries = [...catalogue.values()];
const messages = allMessages(entries.map(({ schema }) => schema));
const fields = messages.flatMap((message) => message.fields);

function allMessages(roots: readonly DescMessage[]): DescMessage[] {
  const found = new Set<DescMessage>();
  const visit = (message: DescMessage): void => {
    if (message.typeName.startsWith('google.') || found.has(message)) return;
    found.add(message);
    for (const field of message.fields) if (field.message !== undefined) visit(field.message);
  };
  roots.forEach(visit);
  return [...found];
}

describe('the catalogue', () => {
  it('names every event by its topic and package', () => {
    for (const { type, topic } of entries) {
      expect(type).toMatch(/^switchboard\.[a-z0-9]+\.v1\.[A-Z]\w+$/);
      expect(type.split('.')[1]).toBe(topic.replace('-', ''));
    }
  });

  it('holds every message of the events files that no other message is made of', () => {
    const parts = new Set(fields.map((field) => field.message));
    for (const file of new Set(entries.map(({ schema }) => schema.file))) {
      const events = file.messages.filter((message) => !parts.has(message)).map((message) => message.typeName);
      expect(events.filter((type) => !isEventType(type))).toEqual([]);
    }
  });

  it('gives every event a topic with the configured prefix', () => {
    expect(topicOf('switchboard.customer360.v1.ProfileCreated', 'acme')).toBe('acme.customer-360');
    expect(topics('acme')).toEqual(
      ['contacts', 'activities', 'intake', 'routing', 'sla', 'customer-360', 'offers'].map((name) => `acme.${name}`),
    );
    expect(services.map((service) => deadLetterTopic(service, 'acme'))).toContain('acme.customer-360.dead-letters');
  });
});

describe('the protos', () => {
  it('use no type that JSON or another language could not carry', () => {
    const allowed = new Set([ScalarType.STRING, ScalarType.BOOL, ScalarType.INT32, ScalarType.DOUBLE, undefined]);
    expect(fields.filter((field) => !allowed.has(field.scalar) || field.enum !== undefined).map(String)).toEqual([]);
    expect(fields.filter((field) => field.jsonName !== field.localName).map(String)).toEqual([]);
  });

  it('declare as optional exactly the message fields that the types take for absent', () => {
    // A record, so that a name missing here does not compile.
    const absent: Record<AbsentField, true> = {
      acknowledgedAt: true,
      attempt: true,
      begunAt: true,
      breachedAt: true,
      by: true,
      clockBreachedAt: true,
      clockDueAt: true,
      dueAt: true,
      endedAt: true,
      enteredAt: true,
      estimate: true,
      idleSince: true,
      incentive: true,
      lastSuccessAt: true,
      metAt: true,
      nextAt: true,
      occurredAt: true,
      offerFrom: true,
      oldestEnqueuedAt: true,
      opensAt: true,
      owner: true,
      planStep: true,
      preferred: true,
      resolvedAt: true,
      terms: true,
      until: true,
      value: true,
      workingTime: true,
    };
    const single = fields.filter((field) => field.fieldKind === 'message');
    const namesOf = (of: DescField[]) => [...new Set(of.map((field) => field.jsonName))].sort();
    const optional = namesOf(single.filter((field) => field.proto.proto3Optional));
    expect(optional).toEqual(Object.keys(absent));
    // One name is never optional here and needed there.
    expect(
      namesOf(single.filter((field) => !field.proto.proto3Optional)).filter((name) => optional.includes(name)),
    ).toEqual([]);
  });
});

describe('the types of payloads', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const opened: EventData<'switchboard.intake.v1.CaseOpened'> = {
    case: { id: '1', version: 1, openedAt: at, customerId: undefined, attributes: { a: 'b' } },
    contact: { id: '2', acceptedAt: at, attachments: [{ name: 'a' }] },
  };

  it('let a writer leave out defaults, and refuse missing parts, unknown fields and wrong types', () => {
    // @ts-expect-error the contact is missing
    const partless: EventData<'switchboard.intake.v1.CaseOpened'> = { case: opened.case };
    // @ts-expect-error no such field
    const more: EventData<'switchboard.intake.v1.CaseOpened'> = { ...opened, case: { ...opened.case, bogus: 1 } };
    // @ts-expect-error a number is needed
    const text: EventData<'switchboard.sla.v1.ClockStarted'> = { clock: { id: '1', startedAt: at, elapsedMs: '3' } };
    const usage: { readonly gigabytes: number } = { gigabytes: 3 };
    const attributed: EventData<'switchboard.customer360.v1.ContactAttributed'> = {
      ...opened,
      customer: { id: '3', contactPoints: ['phone:+4930123456'] as readonly string[] },
      profile: usage,
    };
    expect([partless, more, text, attributed]).toHaveLength(4);
  });

  it('give a reader every default, and say what may be absent', () => {
    const read = ({
      case: matter,
      customer,
      profile,
    }: ReceivedData<'switchboard.customer360.v1.ContactAttributed'>) => {
      // @ts-expect-error a case may be unresolved
      const resolvedAt: string = matter.resolvedAt;
      const segments: readonly string[] = customer.segments;
      return [matter.openedAt.length, customer.products.length, segments.length, profile['usage'], resolvedAt];
    };
    // What was read may be sent on.
    const forward = (
      data: ReceivedData<'switchboard.intake.v1.CaseOpened'>,
    ): EventData<'switchboard.intake.v1.MessageReceived'> => data;
    expect([read, forward]).toHaveLength(2);
  });
});
