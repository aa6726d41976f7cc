import { fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, entryOf } from './catalogue.ts';
import { readBinary, readJson } from './read-payload.ts';
import { arbitraryPayload } from './testing/arbitrary-payload.ts';

const schemas = [...catalogue.values()].map(({ type, schema }) => [type, schema as DescMessage] as const);
const clock = entryOf('switchboard.sla.v1.ClockWarned').schema;

/** What protobuf-es makes of a payload, with instants written as ours are. */
function throughLibrary(schema: DescMessage, value: unknown): unknown {
  const message = fromJson(schema, value as JsonValue, { ignoreUnknownFields: true });
  return withMilliseconds(toJson(schema, message, { alwaysEmitImplicit: true }));
}

function withMilliseconds(value: unknown): unknown {
  const instants = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"(?!:)/g;
  const text = JSON.stringify(value).replace(instants, (_, at: string) => `"${new Date(at).toISOString()}"`);
  return JSON.parse(text);
}

describe.each(schemas)('reading %s', (_type, schema) => {
  it('given any valid payload, then it reads as protobuf-es reads it', () => {
    fc.assert(
      fc.property(arbitraryPayload(schema), (payload) => {
        expect(readJson(schema, payload)).toEqual(throughLibrary(schema, payload));
      }),
      { numRuns: 40 },
    );
  });

  it('given its binary form, then it reads alike', () => {
    fc.assert(
      fc.property(arbitraryPayload(schema), (payload) => {
        const bytes = toBinary(schema, fromJson(schema, payload as JsonValue));
        expect(readBinary(schema, bytes)).toEqual(readJson(schema, payload));
      }),
      { numRuns: 10 },
    );
  });

  it('given a wrong value somewhere, then it is refused wherever protobuf-es refuses it', () => {
    fc.assert(
      fc.property(arbitraryPayload(schema), fc.nat(), fc.jsonValue(), (payload, position, wrong) => {
        const keys = Object.keys(payload);
        if (keys.length === 0) return;
        const broken = { ...payload, [keys[position % keys.length] ?? '']: wrong };
        if (outcome(() => throughLibrary(schema, broken)) === 'refused') {
          expect(outcome(() => readJson(schema, broken))).toBe('refused');
        }
      }),
      { numRuns: 40 },
    );
  });
});

function outcome(read: () => unknown): 'read' | 'refused' {
  try {
    read();
    return 'read';
  } catch {
    return 'refused';
  }
}

describe('reading odd payloads', () => {
  const at = '2026-03-01T09:00:00.000Z';

  it('given left-out defaults, then they are filled and absent fields stay absent', () => {
    expect(readJson(clock, { clock: { startedAt: at } })).toEqual({
      share: 0,
      clock: {
        id: '',
        version: 0,
        caseId: '',
        policyId: '',
        target: '',
        status: '',
        startedAt: at,
        elapsedMs: 0,
        remainingMs: 0,
      },
    });
  });

  it('given spellings that only protobuf allows, then they read as the usual ones', () => {
    const odd = {
      clock: { case_id: 'c', version: '7', startedAt: '2026-03-01T10:00:00+01:00', elapsedMs: '1.5', dueAt: null },
    };
    expect(readJson(clock, odd)).toMatchObject({ clock: { caseId: 'c', version: 7, startedAt: at, elapsedMs: 1.5 } });
  });

  it('given unknown fields, then they are left out', () => {
    expect(readJson(clock, { clock: { startedAt: at, later: { x: 1 } }, more: 1 })).not.toHaveProperty('more');
  });

  it.each([
    [{}, 'clock is missing'],
    [{ clock: {} }, 'clock.startedAt is missing'],
    [{ clock: { startedAt: 'soon' } }, 'clock.startedAt must be an RFC 3339 instant'],
    [{ clock: { startedAt: at, version: 1.5 } }, 'clock.version must be a 32-bit whole number'],
    [{ clock: { startedAt: at, elapsedMs: 'NaN' } }, 'clock.elapsedMs must be a finite number'],
    [{ clock: { startedAt: at, caseId: 'a\0b' } }, 'clock.caseId must be free of NUL'],
    [{ clock: { startedAt: at, caseId: '\ud800' } }, 'clock.caseId must be free of NUL and unpaired surrogates'],
    [[], 'data must be an object'],
    ['x', 'data must be an object'],
  ])('given %j, then it says: %s', (payload, error) => {
    expect(() => readJson(clock, payload)).toThrow(error);
  });

  it('given a day that its month has not, then no such day comes out', () => {
    expect(readJson(clock, { clock: { startedAt: '2026-02-30T00:00:00.000Z' } })).toMatchObject({
      clock: { startedAt: '2026-03-02T00:00:00.000Z' },
    });
  });
});
