import { describe, expect, it } from 'vitest';
import { viewOf } from './customer.ts';
import { aCase, aContact, anActivity, house, NOON } from './testing/house.ts';
import type { ActivityFacts } from './commands.ts';
import type { CustomerView } from './customer.ts';

function after(...facts: readonly (readonly [ActivityFacts, string?])[]): CustomerView {
  const given = house();
  for (const [one, occurredAt] of facts) given.tell('record-activity', anActivity({ facts: one, occurredAt }));
  const [customer] = given.customers();
  if (customer === undefined) throw new Error('nobody was created');
  return viewOf(customer, NOON);
}

describe('what activities teach', () => {
  it('keeps products with their attributes, newer ones over older', () => {
    const view = after(
      [{ kind: 'product-owned', product: 'car-insurance', attributes: { rentalCar: 'no', since: 2020 } }],
      [{ kind: 'product-owned', product: 'car-insurance', attributes: { rentalCar: 'yes' } }],
      [
        { kind: 'product-owned', product: 'car-insurance', attributes: { rentalCar: 'late' } },
        '2026-11-01T00:00:00.000Z',
      ],
    );
    expect(view.products).toEqual([{ id: 'car-insurance', attributes: { rentalCar: 'yes', since: 2020 } }]);
  });

  it('keeps the latest products that an event has room for, and of one product the latest attributes', () => {
    const owned = (product: string, attribute: string): ActivityFacts => ({
      kind: 'product-owned',
      product,
      attributes: { [attribute]: 'x'.repeat(9_000) },
    });
    const view = after(
      ...['a', 'b', 'c', 'd'].map(
        (product, day) => [owned(product, 'one'), `2026-11-1${String(day)}T00:00:00.000Z`] as const,
      ),
      [owned('b', 'two'), '2026-11-20T00:00:00.000Z'],
    );
    expect(view.products.map(({ id, attributes }) => [id, Object.keys(attributes)])).toEqual([
      ['b', ['two']],
      ['c', ['one']],
      ['d', ['one']],
    ]);
  });

  it('lets the later consent hold, whichever came first', () => {
    const view = after(
      [{ kind: 'consent', purpose: 'marketing', status: 'revoked' }, '2026-11-20T00:00:00.000Z'],
      [
        { kind: 'consent', purpose: 'marketing', status: 'granted', until: '2027-01-01T00:00:00.000Z' },
        '2026-11-19T00:00:00.000Z',
      ],
    );
    expect(view.consents).toEqual([{ purpose: 'marketing', status: 'revoked', at: '2026-11-20T00:00:00.000Z' }]);
  });

  it('adds usage up over the window and leaves out what is older', () => {
    const usage = (value: number): ActivityFacts => ({ kind: 'usage', metric: 'dataGb', value, unit: 'GB' });
    const view = after(
      [usage(500), '2026-08-20T00:00:00.000Z'],
      [usage(40), '2026-10-01T00:00:00.000Z'],
      [usage(70), '2026-11-20T00:00:00.000Z'],
      [usage(5), '2026-11-19T00:00:00.000Z'],
    );
    expect(view.usage['dataGb']).toEqual({
      unit: 'GB',
      last: 70,
      lastAt: '2026-11-20T00:00:00.000Z',
      last90Days: 115,
      max90Days: 70,
      count90Days: 3,
    });
  });

  it('counts purchases and what was spent by currency', () => {
    const bought = (minorUnits: number, currency: string): ActivityFacts => ({
      kind: 'purchase',
      product: 'phone',
      price: { minorUnits, currency },
    });
    const view = after([bought(100, 'EUR')], [bought(250, 'EUR')], [bought(1, 'USD')]);
    expect(view.purchases).toEqual({ count: 3, spend: { EUR: 350, USD: 1 }, lastProduct: 'phone', lastAt: NOON });
  });

  it('says what changed, but not what did not', () => {
    const given = house();
    const preference: ActivityFacts = { kind: 'preference', name: 'channel', value: 'email' };
    given.tell('record-activity', anActivity());
    given.tell('record-activity', anActivity({ facts: preference }));
    given.tell('record-activity', anActivity({ facts: preference }));
    const changes = given.events.filter(({ type }) => type === 'switchboard.customer360.v1.ProfileChanged');
    expect(changes.map(({ data }) => data)).toMatchObject([{ changed: ['preferences'] }]);
  });

  it('takes nothing from a claim about the future', () => {
    const view = after(
      [{ kind: 'preference', name: 'channel', value: 'fax' }, '2099-01-01T00:00:00.000Z'],
      [{ kind: 'preference', name: 'channel', value: 'email' }],
    );
    expect(view.preferences).toEqual({ channel: 'email' });
  });
});

describe('what contacts and cases teach', () => {
  it('learns name and language, and keeps the first name', () => {
    const given = house();
    given.tell('attribute-contact', { contact: aContact({ fromName: 'Ada', language: 'de' }), case: aCase() });
    given.tell('attribute-contact', {
      contact: aContact({ id: 'contact-2', fromName: 'Bob', language: 'en' }),
      case: aCase(),
    });
    expect(given.customers()).toMatchObject([{ name: 'Ada', languages: ['de', 'en'] }]);
  });

  it('counts open cases and complaints as they come and go', () => {
    const given = house();
    const counts = () =>
      given.customers().map((one) => [one.openCases.length, one.openCases.filter((c) => c.complaint).length]);
    const moment = (id: string) => ({ id, at: NOON, kind: 'case-status', summary: '', data: {} });
    given.tell('attribute-contact', { contact: aContact(), case: aCase() });
    expect(counts()).toEqual([[1, 0]]);
    given.tell('follow-case', { case: aCase({ version: 2, reason: 'complaint' }), moment: moment('m2') });
    expect(counts()).toEqual([[1, 1]]);
    given.tell('follow-case', {
      case: aCase({ version: 3, reason: 'complaint', status: 'resolved' }),
      moment: moment('m3'),
    });
    expect(counts()).toEqual([[0, 0]]);
    given.tell('follow-case', { case: aCase({ version: 2, reason: 'complaint' }), moment: moment('late') });
    expect(counts()).toEqual([[0, 0]]);
  });

  it('waits for a case that is not attributed yet', () => {
    const moment = { id: 'm', at: NOON, kind: 'work-accepted', summary: '', data: {} };
    expect(house().tell('tell-of-case', { caseId: 'case-1', moment })).toEqual({
      waitFor: { kind: 'caseLink', id: 'case-1' },
    });
  });
});
