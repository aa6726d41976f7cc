/**
 * What a schema cannot say about a good request: expressions that compile, addresses that exist, a signature. A route
 * without a recipe is asked by its schema alone; where that does not get it answered, it needs one here.
 */
import { createHmac } from 'node:crypto';
import { services } from '@switchboard/contracts';
import fc from 'fast-check';
import type { Hints } from './arbitrary-json.ts';
import type { Request } from './call.ts';
import type { Facts, Known } from './known.ts';
import type { Recipe } from './recipe.ts';
import { absence, dimension, isWatched, ladder, person, presence, STAGE, team } from './people-recipes.ts';
import { callbackRecipes, planRecipes } from './plan-recipes.ts';
import { policy } from './policy-recipe.ts';
import { queue, workRecipes } from './work-recipes.ts';

export { STAGE } from './people-recipes.ts';

/** Settings that the services must run with. */
export const neededSettings = { WHATSAPP_VERIFY_TOKEN: 'verify-me', WHATSAPP_APP_SECRET: 'an-app-secret' };

const words = fc.lorem({ maxCount: 5 });
const unique = fc.noBias(fc.uuid());
/** Without bias: two senders of one address would be one person. */
const number = fc.noBias(fc.nat(9_999_999));
const email = number.map((n) => `person.${String(n)}@example.com`);
const phone = number.map((n) => `+4930${String(n).padStart(7, '1')}`);
const handle = number.map((n) => `handle:chirp:person_${String(n)}`);
export const contactPoint = fc.oneof(
  email.map((address) => `email:${address}`),
  phone.map((number) => `phone:${number}`),
  handle,
);

const sender = fc.oneof(
  fc.record({ channel: fc.constantFrom('phone', 'sms', 'whatsapp'), address: phone }),
  fc.record({ channel: fc.constant('email'), address: email }),
  fc.record({ channel: fc.constantFrom('chat', 'web', 'in-person', 'carrier pigeon'), address: contactPoint }),
);

const match = fc.constantFrom(
  'true',
  'case.channel == "chat"',
  'case.priority <= 2 && customer.tier == "gold"',
  'contact.text.contains("refund")',
);
const durations = fc.constantFrom('PT30S', 'PT15M', 'PT1H30M', 'P1D');
const later = fc
  .date({ min: new Date('2090-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

/** Field -> what fits it, wherever it stands. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  match,
  // Such that every agent serves: what is queued shall be worked on.
  requirements: fc.constantFrom('true', 'agent.id != ""', 'agent.team in ["default"] || case.priority > 0'),
  trigger: fc.constantFrom('true', 'contact.channel == "chat"', 'has(activity.type) && activity.type == "usage"'),
  eligibility: fc.constantFrom('true', 'profile.openCases < 3', 'sla.breachedOpen == 0'),
  calendarId: fc.constant('always'),
  // Longer than any run: what is offered stays offered.
  reservationTimeout: fc.constantFrom('PT1H', 'PT12H'),
  firstResponse: fc.oneof(durations, fc.constant({ 1: 'PT15M', 5: 'P3D' })),
  nextResponse: durations,
  resolution: durations,
  languages: fc.uniqueArray(fc.constantFrom('de', 'en-GB', 'pt-BR'), { maxLength: 3 }),
  url: fc.constant('https://files.example/a.pdf'),
  timeZone: fc.constantFrom('Europe/Vienna', 'America/New_York', 'Asia/Kolkata'),
  hours: fc.constantFrom(
    [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
    [
      { days: ['sat'], from: '00:00', to: '12:00' },
      { days: ['sat', 'sun'], from: '13:00', to: '24:00' },
    ],
  ),
  holidays: fc.oneof(fc.constant([{ date: '2026-12-25', name: 'Christmas' }]), fc.constant({ country: 'AT' })),
  validFrom: fc.constant('2020-01-01T00:00:00Z'),
  validTo: later,
  until: later,
  currency: fc.constantFrom('EUR', 'USD'),
};

/** Hints that hold for every route. */
export const commonHints: Hints = (name) => fields[name];

const activity = fc.oneof(
  ...[
    { type: 'purchase', data: { product: 'phone-x', price: { minorUnits: 9900, currency: 'EUR' } } },
    { type: 'product-owned', data: { product: 'dsl', attributes: { speed: 100 } } },
    { type: 'usage', data: { metric: 'dataGb', value: 3.5, unit: 'GB' } },
    { type: 'page-view', data: { url: 'https://shop.example/roaming' } },
    { type: 'preference', data: { name: 'channel', value: 'email' } },
    { type: 'consent', data: { purpose: 'marketing', status: 'granted' } },
    { type: 'anything else', data: { deep: [1, { two: null }] } },
  ].map((one) => fc.constant(one)),
);

const first = (known: Known, collection: string): fc.Arbitrary<string> => {
  const ids = known.all(collection).map(([id]) => id);
  return ids.length === 0 ? fc.constant('nobody') : fc.constantFrom(...ids);
};

const nineToSix = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }];

/** Hours of its own with all that goes with them, or other calendars; at once, or later where it is there already. */
const calendarBody = (facts: Facts): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.oneof(
        fc.record(
          {
            timeZone: fc.constantFrom('Europe/Vienna', 'America/New_York', 'Asia/Kolkata'),
            hours: fc.constant(nineToSix),
            holidays: fc.constantFrom([{ date: '2026-12-25', name: 'Christmas' }, { country: 'AT' }], {
              country: 'US',
            }),
            exceptions: fc.constant([{ date: '2026-12-24', hours: [{ from: '09:00', to: '12:00' }] }]),
            shifts: fc.constant([{ start: '2026-01-03T10:00', duration: 'PT4H', rule: 'FREQ=WEEKLY;BYDAY=SA' }]),
            feeds: fc.constant([{ url: 'https://calendars.example/holidays.ics', refreshEvery: 'P1D' }]),
          },
          { requiredKeys: ['timeZone', 'hours'] },
        ),
        fc.constantFrom({ union: ['always'] }, { intersection: ['always'] }),
      ),
      later,
      fc.boolean(),
    )
    .map(([definition, effectiveFrom, isLater]) =>
      isLater && facts['id'] !== undefined ? { ...definition, effectiveFrom } : definition,
    );

const offersIn = (facts: Facts): string[] =>
  ((facts['offers'] ?? []) as readonly { readonly offerId: string }[]).map(({ offerId }) => offerId);

const mail = (name: string, id: string, text: string): string =>
  [
    `From: ${name} <${name}@example.com>`,
    'To: support@house.example',
    `Message-ID: <${id}@example.com>`,
    `Subject: about ${text}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=part',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '--part',
    'Content-Type: application/pdf; name=bill.pdf',
    'Content-Disposition: attachment; filename=bill.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERi0xLjQK',
    '--part--',
    '',
  ].join('\r\n');

function webhook(id: string, text: string): unknown {
  const metadata = { display_phone_number: '15550001111', phone_number_id: '42' };
  const message = { from: '4915112345678', id, timestamp: '1764000000', type: 'text', text: { body: text } };
  const value = { messaging_product: 'whatsapp', metadata, messages: [message] };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
}

function signed(request: Request): Request {
  const digest = createHmac('sha256', neededSettings.WHATSAPP_APP_SECRET)
    .update(request.body ?? '')
    .digest('hex');
  return { ...request, headers: { ...request.headers, 'x-hub-signature-256': `sha256=${digest}` } };
}

/** Every guess of a tracking code comes from an address of its own: that they are limited is shown elsewhere. */
function fromElsewhere(request: Request): Request {
  const [a, b, c] = [...createHmac('sha256', 'address').update(JSON.stringify(request)).digest()];
  return {
    ...request,
    headers: { ...request.headers, 'x-forwarded-for': `10.${String(a)}.${String(b)}.${String(c)}` },
  };
}

const status =
  (...wanted: string[]) =>
  (facts: Facts): boolean =>
    wanted.includes(String(facts['status']));
const notStage = ({ id }: Facts): boolean => !String(id).startsWith(STAGE) && id !== 'default' && id !== 'always';
/** There can be so many dimensions and no more: new ones are some of fifteen. */
const amongFew = (request: Request): Request => {
  const id = request.path['id'] ?? '';
  if (!id.startsWith('made-')) return request;
  return { ...request, path: { ...request.path, id: `made-${String((id.codePointAt(5) ?? 0) % 15)}` } };
};
const notClosed = (facts: Facts): boolean => facts['status'] !== 'closed';

/** Of events that are hardly ever said, so that little is sent; and nobody has the name. */
const webhookBody = (service: string): fc.Arbitrary<unknown> =>
  fc.record(
    {
      url: fc.uuid().map((id) => `https://hooks.example/${id}`),
      events: fc.constantFrom([`${service}.WebhookDisabled`], [`${service}.Webhook*`]),
      filter: fc.constantFrom('event.type.endsWith("Disabled")', 'event.subject != "" && has(event.data.host)'),
      description: words,
      active: fc.boolean(),
    },
    { requiredKeys: ['url', 'events'] },
  );

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

const webhookRecipes = (service: string): Record<string, Recipe> => {
  const path = `/v1/${service}/webhooks`;
  const body = (): fc.Arbitrary<unknown> => webhookBody(service);
  return {
    [`POST ${path}`]: { body },
    [`PUT ${path}/{id}`]: { body, isPart: true },
    [`POST ${path}/{id}/rotate-secret`]: { body: () => fc.constantFrom({}, { overlap: 'PT12H' }, { overlap: 'P7D' }) },
    [`POST ${path}/{id}/replay`]: {
      fits: (facts) => facts['active'] === true,
      body: () => fc.constantFrom(2, 24, 70).map((hours) => ({ from: hoursAgo(hours), to: hoursAgo(1) })),
    },
  };
};

const noQuery = fc.constant({});
/** A span that holds everything. */
const ever = fc.constant({ from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' });

export const recipes: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(services.flatMap((service) => Object.entries(webhookRecipes(service)))),
  'POST /v1/contacts': {
    body: () =>
      fc
        .record({ from: sender, id: unique, subject: words, text: words, priority: fc.integer({ min: 1, max: 5 }) })
        .map(({ from: { channel, address }, id, ...rest }) => ({
          channel,
          from: { address },
          to: 'house',
          externalId: id,
          ...rest,
        })),
  },
  'GET /v1/contacts/{id}/attachments/{number}': { from: 'mailed' },
  'PATCH /v1/cases/{id}': { fits: notClosed },
  'POST /v1/cases/{id}/status': { fits: notClosed },
  'POST /v1/cases/{id}/messages': { fits: notClosed },
  'GET /v1/tracking/{code}': { finish: fromElsewhere },
  'POST /v1/channels/email/messages': {
    query: () => fc.constant({ to: 'support@house.example' }),
    text: () =>
      fc.tuple(fc.constantFrom('ada', 'bob', 'cyd'), unique, words).map(([name, id, text]) => mail(name, id, text)),
  },
  'GET /v1/channels/whatsapp/webhook': {
    query: () =>
      fc.constant({
        'hub.mode': 'subscribe',
        'hub.verify_token': neededSettings.WHATSAPP_VERIFY_TOKEN,
        'hub.challenge': 'say-this',
      }),
  },
  'POST /v1/channels/whatsapp/webhook': {
    body: () => fc.tuple(unique, words).map(([id, text]) => webhook(`wamid.${id}`, text)),
    finish: signed,
  },
  ...planRecipes,
  ...callbackRecipes,
  'PUT /v1/teams/{id}': {
    fits: notStage,
    body: () => team,
  },
  'PUT /v1/agents/{id}/absences/{absenceId}': { isPart: true, body: () => absence },
  'GET /v1/agents/{id}/absences/{absenceId}': { from: 'absences' },
  'DELETE /v1/agents/{id}/absences/{absenceId}': { from: 'absences' },
  'PUT /v1/ladders/{id}': { fits: notStage, body: () => ladder },
  'DELETE /v1/ladders/{id}': { fits: notStage },
  'PUT /v1/dimensions/{id}': { fits: notStage, body: () => dimension, finish: amongFew },
  'DELETE /v1/dimensions/{id}': { fits: notStage },
  'POST /v1/escalations/{id}/acknowledge': {
    fits: status('raised', 'acknowledged', 'unanswered'),
    body: () => fc.constantFrom({}, { agentId: `${STAGE}anna` }, { note: 'I call them' }),
  },
  'PUT /v1/agents/{id}': { fits: notStage, body: () => person },
  'POST /v1/agents/{id}/heartbeat': { fits: (facts) => notStage(facts) && isWatched(facts) },
  'POST /v1/reservations/{id}/pause': { fits: status('accepted') },
  'POST /v1/reservations/{id}/resume': { fits: status('accepted') },
  'DELETE /v1/agents/{id}': { fits: notStage },
  'POST /v1/agents/{id}/presence': { fits: notStage, body: () => presence },
  ...Object.fromEntries(
    ['/v1/queues', '/v1/calendars', '/v1/policies', '/v1/offers'].flatMap((path) =>
      ['PUT', 'DELETE'].map((method) => [`${method} ${path}/{id}`, { fits: notStage }]),
    ),
  ),
  'PUT /v1/queues/{id}': { fits: notStage, body: () => queue },
  ...workRecipes,
  'DELETE /v1/teams/{id}': { fits: notStage },
  'PUT /v1/calendars/{id}': { fits: notStage, body: (_, facts) => calendarBody(facts) },
  'DELETE /v1/calendars/{id}/plans/{planId}': { from: 'planned' },
  'PUT /v1/policies/{id}': { fits: notStage, body: () => policy },
  'POST /v1/clocks/{id}/repair': { body: () => fc.record({ dryRun: fc.boolean() }, { requiredKeys: [] }) },
  'POST /v1/clocks/repair': {
    body: (known) =>
      fc
        .tuple(
          fc.oneof(
            fc.constant({ policyId: 'default' }),
            fc.constant({ calendarId: 'always' }),
            first(known, '/v1/cases').map((caseId) => ({ caseId })),
          ),
          fc.boolean(),
        )
        .map(([scope, dryRun]) => ({ ...scope, dryRun })),
  },
  'POST /v1/reservations/{id}/accept': { fits: status('pending') },
  'POST /v1/reservations/{id}/wrap-up': { fits: status('accepted') },
  'POST /v1/reservations/{id}/complete': { fits: status('accepted', 'wrapping') },
  'GET /v1/clocks/attainment': {
    query: () =>
      fc.record(
        {
          by: fc.constantFrom(
            'policy',
            'target,team',
            'priority,channel,product',
            'customerTier',
            `${STAGE}country,team`,
          ),
          period: fc.constantFrom('day', 'week', 'month'),
          from: fc.constant('2026-01-01T00:00:00Z'),
          to: fc.constant('2026-12-31T12:00:00+01:00'),
          timeZone: fc.constantFrom('Europe/Vienna', 'America/Sao_Paulo', 'UTC'),
        },
        { requiredKeys: ['from', 'to'] },
      ),
  },
  ...Object.fromEntries(
    ['hand-offs', 'pauses'].map((report) => [`GET /v1/clocks/${report}`, { query: () => fc.oneof(ever, noQuery) }]),
  ),
  'GET /v1/clocks/exports': {
    query: () => fc.tuple(ever, fc.constantFrom('csv', 'json')).map(([span, format]) => ({ ...span, format })),
  },
  'POST /v1/activities': {
    body: () =>
      fc
        .tuple(activity, fc.uniqueArray(contactPoint, { minLength: 1, maxLength: 2 }), unique)
        .map(([one, identifiers, externalId]) => ({ ...one, identifiers, externalId, source: 'shop' })),
  },
  'POST /v1/decisions': {
    body: (known) =>
      fc.record(
        {
          customerId: first(known, '/v1/customers'),
          channel: fc.constantFrom('chat', 'phone'),
          limit: fc.integer({ min: 1, max: 25 }),
        },
        { requiredKeys: ['customerId', 'channel'] },
      ),
  },
  'POST /v1/decisions/{id}/responses': {
    fits: (facts) => offersIn(facts).length > 0,
    body: (_, facts) =>
      fc.record({
        offerId: fc.constantFrom(...offersIn(facts), ...(offersIn(facts).length === 0 ? ['none'] : [])),
        outcome: fc.constantFrom('presented', 'abandoned', 'accepted'),
      }),
  },
};

/** Query parameters by name, for lists. */
export function queryHint(name: string, known: Known): fc.Arbitrary<string> | undefined {
  const of = (collection: string): fc.Arbitrary<string> => first(known, collection);
  switch (name) {
    case 'limit':
      return fc.integer({ min: 1, max: 200 }).map(String);
    case 'contactPoint':
      return contactPoint;
    case 'customerId':
      return of('/v1/customers');
    case 'caseId':
      return of('/v1/cases');
    case 'clockId':
      return of('/v1/clocks');
    case 'templateId':
      return fc.constant('accident');
    case 'agentId':
      return fc.constant(`${STAGE}anna`);
    case 'queueId':
    case 'policyId':
    case 'team':
      return fc.constant('default');
    case 'timeZone':
      return fc.constantFrom('Europe/Lisbon', 'Asia/Tokyo', 'UTC');
    case 'before':
      return later;
    default:
      return undefined;
  }
}
