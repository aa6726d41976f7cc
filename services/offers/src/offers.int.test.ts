/** The service as it runs: real PostgreSQL, its own role, the embedded bus. */
import { startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OffersCommands } from './domain/commands.ts';
import { offers } from './service.ts';
import {
  aPerson,
  attributed,
  clock,
  didSomething,
  heavyUser,
  insured,
  NOON,
  rentalCar,
  upgrade,
  type Decision,
  type Person,
} from './testing/world.ts';

let given: TestService<OffersCommands>;

beforeAll(async () => {
  given = await startTestService(offers);
});

afterAll(async () => {
  await given.stop();
});

async function decisionsOf(query: string, many = 1): Promise<readonly Decision[]> {
  return eventually(async () => {
    const { status, body } = await given.call('GET', `/v1/decisions?${query}`);
    expect(status).toBe(200);
    const { items } = body as { items: readonly Decision[] };
    expect(items).toHaveLength(many);
    return items;
  });
}

async function decisionOf(event: { readonly data: { readonly caseId: string } }): Promise<Decision> {
  const [decision] = await decisionsOf(`caseId=${event.data.caseId}`);
  if (decision === undefined) throw new Error('no decision');
  return decision;
}

const respond = (decision: Decision, offerId: string, outcome: string) =>
  given.call('POST', `/v1/decisions/${decision.id}/responses`, { offerId, outcome, by: { kind: 'agent', id: 'a1' } });

beforeEach(async () => {
  await given.moveClock(0);
  await given.call('PUT', '/v1/offers/rental-car', rentalCar);
  await given.call('PUT', '/v1/offers/upgrade', upgrade);
});

describe('an offer', () => {
  it('is configuration: created, replaced, read and removed', async () => {
    expect((await given.call('PUT', '/v1/offers/gift', rentalCar)).status).toBe(201);
    const replaced = await given.call('PUT', '/v1/offers/gift', { ...rentalCar, name: 'Gift' });
    expect(replaced).toMatchObject({ status: 200, body: { id: 'gift', name: 'Gift', version: 2 } });
    expect((await given.call('PUT', '/v1/offers/gift', rentalCar, { 'if-match': '"1"' })).status).toBe(412);
    expect((await given.call('GET', '/v1/offers/gift')).headers.get('etag')).toBe('"2"');
    expect((await given.call('DELETE', '/v1/offers/gift')).status).toBe(204);
    expect((await given.call('GET', '/v1/offers/gift')).status).toBe(404);
    await given.said('switchboard.offers.v1.OfferChanged', (events) => {
      const said = events.filter(({ subject }) => subject === 'gift').map(({ data }) => [data.version, data.removed]);
      expect(said).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
    });
  });

  it.each([
    [{ trigger: 'contact.reason ==' }, 'trigger'],
    [{ trigger: 'contact.nonsense == "x"' }, 'trigger'],
    [{ eligibility: 'contact.reason == "x"' }, 'eligibility'],
    [{ value: { minorUnits: 1.5, currency: 'EUR' } }, 'value.minorUnits'],
    [{ validFrom: NOON, validTo: NOON }, 'validTo'],
    [{ name: '' }, 'name'],
  ])('is refused with the field at fault: %j', async (fault, field) => {
    const { status, body } = await given.call('PUT', '/v1/offers/bad', { ...rentalCar, ...fault });
    expect(status).toBe(400);
    expect((body as { errors: { field: string }[] }).errors.map((one) => one.field)).toContain(field);
  });
});

describe('the driver who reports an accident', () => {
  it('is offered the rental car the policy lacks, with its incentive', async () => {
    const event = attributed(aPerson(), { reason: 'accident-report', profile: insured });
    await given.say(event);
    const decision = await decisionOf(event);
    expect(decision.offers).toMatchObject([{ offerId: 'rental-car', rank: 1, incentive: rentalCar.incentive }]);
    expect(decision.candidates).toMatchObject([
      { offerId: 'rental-car', outcome: 'offered' },
      { offerId: 'upgrade', outcome: 'dropped', stage: 'trigger' },
    ]);
  });

  it('is offered nothing whose policy has it, and the decision says so', async () => {
    const profile = { products: [{ id: 'car-insurance', attributes: { rentalCar: 'yes' } }] };
    const event = attributed(aPerson(), { reason: 'accident-report', profile });
    await given.say(event);
    const decision = await decisionOf(event);
    expect(decision.offers).toEqual([]);
    expect(decision.candidates[0]).toMatchObject({ offerId: 'rental-car', stage: 'eligibility' });
  });

  it('is decided on once, however often it is told', async () => {
    const person = aPerson();
    const event = attributed(person, { reason: 'accident-report', profile: insured });
    await given.say(event, event, event);
    await given.say(attributed(person, { profile: insured }));
    const decisions = await decisionsOf(`customerId=${person.id}`, 2);
    expect(decisions.map(({ offers: made }) => made.length)).toEqual([1, 1]);
  });
});

describe('the customer who changed the address online', () => {
  const nextDay = 86_400;

  it('finds the upgrade abandoned there first in the call of the next day, with the same incentive', async () => {
    const person = aPerson();
    await given.say(didSomething(person, 'address-change', heavyUser));
    const [online] = await decisionsOf(`customerId=${person.id}`);
    if (online === undefined) throw new Error('no decision');
    expect(online.offers).toMatchObject([{ offerId: 'upgrade', incentive: upgrade.incentive }]);
    expect((await respond(online, 'upgrade', 'presented')).status).toBe(201);
    expect((await respond(online, 'upgrade', 'abandoned')).status).toBe(201);
    await given.call('PUT', '/v1/offers/upgrade', { ...upgrade, incentive: { text: 'One month at half price' } });
    await given.moveClock(nextDay);
    const call = attributed(person, { reason: 'accident-report', profile: { ...heavyUser, ...insured } });
    await given.say(call);
    const decision = await decisionOf(call);
    expect(decision.offers).toMatchObject([
      { offerId: 'upgrade', rank: 1, incentive: upgrade.incentive },
      { offerId: 'rental-car', rank: 2 },
    ]);
    await given.moveClock(31 * nextDay);
    await given.said('switchboard.offers.v1.OfferExpired', (events) => {
      const mine = events.filter(({ data }) => data.customerId === person.id);
      expect(mine.map(({ data }) => data.offerId).sort()).toEqual(['rental-car', 'upgrade']);
    });
    const later = attributed(person);
    await given.say(later);
    expect((await decisionOf(later)).offers).toEqual([]);
  });

  it('as a contact by the web channel: the same', async () => {
    const person = aPerson();
    const online = attributed(person, { reason: 'address-change', channel: 'web', profile: heavyUser });
    await given.say(online);
    expect((await respond(await decisionOf(online), 'upgrade', 'abandoned')).status).toBe(201);
    const call = attributed(person, { profile: heavyUser });
    await given.say(call);
    expect((await decisionOf(call)).offers).toMatchObject([{ offerId: 'upgrade', incentive: upgrade.incentive }]);
  });

  it('is not decided on for what triggers nothing', async () => {
    const person = aPerson();
    await given.say(didSomething(person, 'page-view', heavyUser), attributed(person));
    await decisionsOf(`customerId=${person.id}`, 1);
  });
});

describe('whom we owe something', () => {
  it('is offered nothing while a complaint is open', async () => {
    const event = attributed(aPerson(), { reason: 'accident-report', profile: insured, openComplaints: 1 });
    await given.say(event);
    const { offers: made, candidates } = await decisionOf(event);
    expect(made).toEqual([]);
    expect(new Set(candidates.map(({ stage }) => stage))).toEqual(new Set(['gate-complaint']));
  });

  it('is offered nothing while a broken promise is open, and again once it is met or its case is over', async () => {
    const person = aPerson();
    const told = { reason: 'accident-report', profile: insured };
    const [first, second] = [attributed(person, told), attributed(person, told)];
    await given.say(clock(first.data.caseId, 'k1', { version: 2, status: 'breached' }));
    await given.say(clock(second.data.caseId, 'k2', { version: 2, status: 'breached' }));
    await eventually(async () => {
      const rows = await given.service.database.query('select 1 from case_facts where id = any($1)', [
        [first.data.caseId, second.data.caseId],
      ]);
      expect(rows).toHaveLength(2);
    });
    await given.say(first, second);
    expect((await decisionOf(second)).candidates[0]?.stage).toBe('gate-promise');
    const stageNow = async (): Promise<string | undefined> => {
      const { body } = await given.call('POST', '/v1/decisions', {
        customerId: person.id,
        caseId: first.data.caseId,
        channel: 'phone',
      });
      return (body as Decision).candidates[0]?.stage;
    };
    await given.say(clock(first.data.caseId, 'k1', { version: 3, status: 'breached', metAt: NOON }));
    await given.say({
      type: 'switchboard.intake.v1.CaseStatusChanged',
      subject: second.data.caseId,
      sequence: 2,
      data: { case: { ...second.data.case, version: 2, status: 'closed' }, from: 'open' },
    });
    await eventually(async () => {
      expect(await stageNow()).toBe('ranking');
    });
  });
});

describe('a decision on request', () => {
  it('uses the latest contact of the case, and finds the customer by a contact point', async () => {
    const person = aPerson();
    const event = attributed(person, { reason: 'accident-report', profile: insured });
    await given.say(event);
    await decisionOf(event);
    const { status, body } = await given.call('POST', '/v1/decisions', {
      contactPoint: person.point.replace('+', ' '),
      caseId: event.data.caseId,
      channel: 'phone',
      limit: 1,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ customerId: person.id, offers: [{ offerId: 'rental-car', rank: 1 }] });
  });

  it('knows who and what is unknown', async () => {
    const person = aPerson();
    const event = attributed(person);
    await given.say(event, attributed(aPerson(), { caseId: 'case-of-another' }));
    await decisionOf(event);
    await decisionsOf('caseId=case-of-another');
    const ask = async (body: object): Promise<number> =>
      (await given.call('POST', '/v1/decisions', { channel: 'phone', ...body })).status;
    expect(await ask({ customerId: 'nobody' })).toBe(404);
    expect(await ask({ contactPoint: 'phone:+490000' })).toBe(404);
    expect(await ask({ customerId: person.id, caseId: 'none' })).toBe(404);
    expect(await ask({ customerId: person.id, caseId: 'case-of-another' })).toBe(409);
    expect(await ask({})).toBe(400);
    expect(await ask({ customerId: person.id, contactPoint: person.point })).toBe(400);
    expect(await ask({ customerId: person.id, limit: 0 })).toBe(400);
    expect((await given.call('GET', '/v1/decisions/none')).status).toBe(404);
  });
});

describe('a response', () => {
  async function offered(person = aPerson()): Promise<{ decision: Decision; person: Person }> {
    const event = attributed(person, { reason: 'accident-report', profile: insured });
    await given.say(event);
    return { decision: await decisionOf(event), person };
  }

  it('is recorded once, told, and not taken back', async () => {
    const { decision, person } = await offered();
    const statuses: number[] = [];
    for (const outcome of ['presented', 'presented', 'accepted', 'accepted', 'declined', 'presented']) {
      statuses.push((await respond(decision, 'rental-car', outcome)).status);
    }
    expect(statuses).toEqual([201, 200, 201, 200, 409, 409]);
    const [accepted] = await given.said('switchboard.offers.v1.OfferAccepted', (events) => {
      expect(events.some(({ data }) => data.customerId === person.id)).toBe(true);
    });
    expect(accepted).toMatchObject({
      subject: decision.id,
      sequence: 3,
      data: { offerId: 'rental-car', by: { id: 'a1' }, incentive: { text: 'First day free' } },
    });
    const again = await offered(person);
    expect(again.decision.candidates[0]).toMatchObject({ stage: 'response-history' });
  });

  it('at the same instant counts once, and only one of two answers', async () => {
    const { decision } = await offered();
    const answers = await Promise.all(
      ['accepted', 'declined', 'accepted', 'declined'].map((one) => respond(decision, 'rental-car', one)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201, 409, 409]);
  });

  it('to what was not offered, or to no decision, is unknown; to a decision overtaken by another it conflicts', async () => {
    const { decision, person } = await offered();
    expect((await respond(decision, 'upgrade', 'presented')).status).toBe(404);
    expect((await respond({ ...decision, id: 'none' }, 'rental-car', 'presented')).status).toBe(404);
    expect((await respond(decision, 'rental-car', 'guessed')).status).toBe(400);
    const { decision: second } = await offered(person);
    expect((await respond(second, 'rental-car', 'declined')).status).toBe(201);
    expect((await respond(decision, 'rental-car', 'accepted')).status).toBe(409);
    const { decision: third } = await offered(person);
    expect(third.candidates[0]).toMatchObject({ stage: 'response-history' });
  });
});

describe('customers who turn out to be one', () => {
  it('share open offers, answers and decisions', async () => {
    const [older, younger] = [aPerson(), aPerson()];
    await given.say(attributed(older));
    const online = attributed(younger, { reason: 'address-change', channel: 'web', profile: heavyUser });
    await given.say(online);
    expect((await respond(await decisionOf(online), 'upgrade', 'abandoned')).status).toBe(201);
    older.version += 1;
    await given.say({
      type: 'switchboard.customer360.v1.ProfileMerged',
      subject: older.id,
      sequence: older.version,
      data: {
        customer: { id: older.id, version: older.version, contactPoints: [older.point, younger.point] },
        mergedIds: [younger.id],
      },
    });
    const call = attributed(older, { profile: heavyUser });
    call.data.customer.contactPoints.push(younger.point);
    await given.say(call);
    expect((await decisionOf(call)).offers).toMatchObject([{ offerId: 'upgrade', incentive: upgrade.incentive }]);
    await decisionsOf(`customerId=${younger.id}`, 3);
    const { body } = await given.call('POST', '/v1/decisions', { contactPoint: younger.point, channel: 'phone' });
    expect(body).toMatchObject({ customerId: older.id });
  });
});
