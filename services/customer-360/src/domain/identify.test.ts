import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCase, aContact, anActivity, house } from './testing/house.ts';
import { MOST_CONTACT_POINTS } from './identify.ts';

const phone = 'phone:+4930901820';
const mail = 'email:ada@example.org';

describe('whose it is', () => {
  it('creates a customer for a contact point nobody knows, once', () => {
    const given = house();
    given.tell('attribute-contact', { contact: aContact(), case: aCase() });
    given.tell('attribute-contact', { contact: aContact({ id: 'contact-2' }), case: aCase() });
    expect(given.customers()).toHaveLength(1);
    expect(given.events.map(({ type }) => type.split('.').at(-1))).toEqual([
      'ProfileCreated',
      'ContactAttributed',
      'ContactAttributed',
    ]);
    expect(given.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('attributes a contact that comes again no second time', () => {
    const given = house();
    given.tell('attribute-contact', { contact: aContact(), case: aCase() });
    expect(given.tell('attribute-contact', { contact: aContact(), case: aCase() })).toEqual({});
  });

  it('joins an unknown identifier to the known customer', () => {
    const given = house();
    given.tell('attribute-contact', { contact: aContact(), case: aCase() });
    given.tell('record-activity', anActivity({ identifiers: [mail, phone] }));
    expect(given.customers().map(({ contactPoints }) => contactPoints)).toEqual([[phone, mail]]);
  });

  it('merges two known customers into the older one, and follows the other from then on', () => {
    const given = house();
    given.tell('record-activity', anActivity({ identifiers: [phone] }), '2026-11-22T10:00:00.000Z');
    given.tell('record-activity', anActivity({ identifiers: [mail] }), '2026-11-22T11:00:00.000Z');
    const [first, second] = given.customers();
    given.tell('record-activity', anActivity({ identifiers: [mail, phone] }));
    const [left, ...others] = given.customers();
    expect(others).toEqual([]);
    expect(left).toMatchObject({ id: first?.id, contactPoints: [phone, mail], mergedIds: [second?.id] });
    given.tell('attribute-contact', { contact: aContact({ contactPoint: mail }), case: aCase({ contactPoint: mail }) });
    expect(given.events.at(-1)?.subject).toBe(first?.id);
  });

  it('does not let a cookie merge two people of one device', () => {
    const given = house();
    given.tell('record-activity', anActivity({ identifiers: ['visitor:v', 'user:1'] }));
    given.tell('record-activity', anActivity({ identifiers: ['user:2'] }));
    given.tell('record-activity', anActivity({ identifiers: ['visitor:v', 'user:2'] }));
    expect(given.customers().map(({ contactPoints }) => contactPoints)).toEqual([['visitor:v', 'user:1'], ['user:2']]);
  });

  it('merges a visitor who was nobody yet into the user who logs in', () => {
    const given = house();
    given.tell('record-activity', anActivity({ identifiers: ['user:1'] }), '2026-11-22T10:00:00.000Z');
    given.tell('record-activity', anActivity({ identifiers: ['visitor:v'] }));
    given.tell('record-activity', anActivity({ identifiers: ['visitor:v', 'user:1'] }));
    expect(given.customers()).toHaveLength(1);
  });

  it('never joins a withheld address to another', () => {
    const given = house();
    given.tell('record-activity', anActivity({ identifiers: ['withheld:a', phone] }));
    given.tell('attribute-contact', {
      contact: aContact({ contactPoint: 'withheld:a' }),
      case: aCase({ contactPoint: 'withheld:a' }),
    });
    expect(given.customers().map(({ contactPoints }) => contactPoints)).toEqual([[phone], ['withheld:a']]);
  });

  it('keeps callers whom nothing tells apart apart, but one to a case', () => {
    const given = house();
    const nobody = { contactPoint: 'withheld:' };
    given.tell('attribute-contact', { contact: aContact(nobody), case: aCase(nobody) });
    given.tell('attribute-contact', { contact: aContact({ ...nobody, id: 'contact-2' }), case: aCase(nobody) });
    given.tell('attribute-contact', {
      contact: aContact({ ...nobody, id: 'contact-3', caseId: 'case-2' }),
      case: aCase({ ...nobody, id: 'case-2' }),
    });
    expect(given.customers()).toHaveLength(2);
  });

  it('joins nothing more to a graph that is no person', () => {
    const given = house();
    const many = Array.from({ length: MOST_CONTACT_POINTS }, (_, index) => `user:${String(index)}`);
    given.tell('record-activity', anActivity({ identifiers: many }));
    given.tell('record-activity', anActivity({ identifiers: ['user:0', phone] }));
    expect(given.customers().map(({ contactPoints }) => contactPoints.length)).toEqual([MOST_CONTACT_POINTS]);
  });

  it('gives every contact point one customer, and every event of one customer its own version', () => {
    const point = fc.constantFrom(
      'user:1',
      'user:2',
      'email:a@b',
      'phone:+4930',
      'visitor:x',
      'visitor:y',
      'withheld:z',
    );
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(point, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (activities) => {
        const given = house();
        for (const identifiers of activities) given.tell('record-activity', anActivity({ identifiers }));
        const points = given.customers().flatMap(({ contactPoints }) => contactPoints);
        expect(new Set(points).size).toBe(points.length);
        const known = new Set<string>(activities.flat());
        for (const one of points) expect(known.has(one)).toBe(true);
        const versions = new Map<string, number>();
        for (const { subject, sequence } of given.events) {
          expect(sequence).toBe((versions.get(subject) ?? 0) + 1);
          versions.set(subject, sequence);
        }
      }),
    );
  });
});
