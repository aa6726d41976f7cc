import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { decodeRecord } from './decode.ts';
import type { RecordToDecode } from './decode.ts';
import { encodeEvent } from './encode.ts';
import type { Service } from './catalogue.ts';
import type { PublishedEvent } from './envelope.ts';

const folder = new URL('../golden/', import.meta.url);
const at = { partition: 0, offset: '0', timestamp: new Date('2026-03-02T09:01:00.250Z') };

interface Golden {
  readonly topic: string;
  readonly headers: Record<string, string>;
  readonly value: object;
}

/** Messages of the first version, kept for ever: whatever is added later, they must still read the same. */
const goldens = readdirSync(new URL('v1/', folder)).map((name) => {
  const record = JSON.parse(readFileSync(new URL(`v1/${name}`, folder), 'utf8')) as Golden;
  return [name, record] as const;
});

describe('golden messages', () => {
  it.each(goldens)('%s still reads with every field', (_name, golden) => {
    const record: RecordToDecode = { ...golden, ...at, value: Buffer.from(JSON.stringify(golden.value)) };
    const decoded = decodeRecord(record);
    expect(decoded).toMatchObject({ kind: 'event', event: { type: golden.headers['ce_type'], data: golden.value } });
    if (decoded.kind !== 'event' || decoded.event.sequence === 0) return;
    const { source, ...event } = decoded.event;
    const origin = { service: source.slice('/switchboard/'.length) as Service, prefix: 'switchboard' };
    const again = encodeEvent(event as PublishedEvent, origin);
    expect(again).toMatchObject({ topic: golden.topic, headers: golden.headers });
    expect(JSON.parse(again.value.toString())).toMatchObject(golden.value);
  });

  it('exist for every event type', () => {
    const types = goldens.map(([, golden]) => golden.headers['ce_type']);
    expect([...catalogue.keys()].filter((type) => !types.includes(type))).toEqual([]);
  });
});

/** Written by Google's protobuf for Python, see golden/foreign/make.py. */
const foreign: readonly (readonly [string, object])[] = [
  [
    'contacts.ContactReceived',
    {
      channel: 'phone',
      from: { address: 'phone:+4930123456' },
      text: 'Ein Baum liegt auf dem Auto 🌳',
      occurredAt: '2026-03-02T09:00:00.250Z',
      attributes: { plate: 'B-XY 1' },
    },
  ],
  [
    'activities.ActivityRecorded',
    {
      type: 'usage',
      identifiers: ['phone:+4930123456'],
      source: 'billing',
      data: { metric: 'data-gb', value: 1.5, roaming: false, days: [1, 2], note: null },
    },
  ],
  [
    'intake.CaseOpened',
    {
      case: {
        id: '01963f00-0000-7000-8000-000000000001',
        version: 1,
        trackingCode: '',
        status: '',
        channel: '',
        subject: '',
        reason: '',
        product: '',
        priority: 0,
        language: '',
        contactPoint: '',
        openedAt: '2026-03-02T09:00:00.000Z',
        attributes: {},
      },
      contact: {
        id: '01963f00-0000-7000-8000-000000000004',
        caseId: '',
        channel: '',
        to: '',
        contactPoint: '',
        fromName: '',
        subject: '',
        text: '',
        reason: '',
        product: '',
        language: '',
        priority: 0,
        externalId: '',
        acceptedAt: '2026-03-02T09:00:00.000Z',
        attributes: {},
        attachments: [{ name: 'scene.jpg', contentType: '', url: '' }],
      },
    },
  ],
  [
    'sla.ClockWarned',
    {
      clock: {
        id: '01963f00-0000-7000-8000-000000000007',
        version: 0,
        caseId: '',
        policyId: '',
        target: '',
        status: '',
        startedAt: '2026-03-02T09:00:00.000Z',
        elapsedMs: 0,
        remainingMs: -1500,
      },
      share: 0,
    },
  ],
];

describe.each([
  ['bin', 'application/protobuf'],
  ['json', 'application/json'],
])('golden messages of a foreign library, as .%s', (extension, contentType) => {
  it.each(foreign)('%s reads with its defaults filled in', (name, data) => {
    const type = `switchboard.${name.replace('.', '.v1.')}`;
    const headers = {
      ce_specversion: '1.0',
      ce_type: type,
      ce_id: '01963f00-0000-7000-8000-000000000099',
      ce_source: '//foreign.example',
      ce_subject: 's',
      ce_sequence: '1',
      ce_time: '2026-03-02T09:00:00Z',
      'content-type': contentType,
    };
    const value = readFileSync(new URL(`foreign/${name}.${extension}`, folder));
    const decoded = decodeRecord({ topic: `switchboard.${name.split('.')[0] ?? ''}`, ...at, headers, value });
    expect(decoded).toMatchObject({ kind: 'event', event: { type } });
    if (decoded.kind === 'event') expect(decoded.event.data).toEqual(data);
  });
});
