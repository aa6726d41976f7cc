/** Random JSON payloads of a message, valid by its descriptor: what our own services and foreign libraries may write. */
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import fc from 'fast-check';

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 10 }));
const safeText = text.filter((value) => value.isWellFormed() && !value.includes('\0'));
const instant = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const key = safeText.filter((value) => value !== '__proto__');

/** With every field that must be there; the others now and then left out. */
export function arbitraryPayload(desc: DescMessage): fc.Arbitrary<Record<string, unknown>> {
  const needed = desc.fields.filter((field) => field.fieldKind === 'message' && !field.proto.proto3Optional);
  const model = Object.fromEntries(desc.fields.map((field) => [field.jsonName, arbitraryField(field)]));
  return fc.record(model, { requiredKeys: needed.map((field) => field.jsonName) });
}

function arbitraryField(field: DescField): fc.Arbitrary<unknown> {
  const item = arbitraryItem(field);
  if (field.fieldKind === 'list') return fc.array(item, { maxLength: 3 });
  return field.fieldKind === 'map' ? fc.dictionary(key, item, { maxKeys: 3, noNullPrototype: true }) : item;
}

function arbitraryItem(field: DescField): fc.Arbitrary<unknown> {
  if (field.message?.typeName === 'google.protobuf.Timestamp') return instant;
  if (field.message?.typeName === 'google.protobuf.Struct') return arbitraryStruct();
  if (field.message !== undefined) return arbitraryPayload(field.message);
  if (field.scalar === ScalarType.STRING) return safeText;
  if (field.scalar === ScalarType.BOOL) return fc.boolean();
  if (field.scalar === ScalarType.INT32) return fc.integer();
  return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
}

function arbitraryStruct(): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(safeText, fc.boolean(), fc.integer(), fc.constant(null));
  return fc.dictionary(
    key,
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { maxKeys: 2, noNullPrototype: true })),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  );
}
