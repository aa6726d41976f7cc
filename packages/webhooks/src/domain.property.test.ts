import type { Answer, Context, World } from '@switchboard/hallway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isActive, validSecrets, webhookHandlers } from './domain.ts';
import type { Webhook, WebhookCommands, WebhookKinds, WebhookReply } from './domain.ts';

type Step = {
  [T in keyof WebhookCommands]: { readonly type: T; readonly data: WebhookCommands[T] };
}[keyof WebhookCommands];

const handlers = webhookHandlers('sla');
const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T10:00:00Z');
const id = 'w';

const settings = fc.record({
  url: fc.constantFrom('https://a.example/x?key=1', 'https://b.example'),
  events: fc.constant(['*']),
  active: fc.boolean(),
});
const ifMatch = fc.constantFrom<WebhookCommands['remove-webhook']['ifMatch']>(undefined, undefined, '*', [2, 3], []);
const since = fc.nat(99).map(String);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constant('replace-webhook' as const),
    data: fc.record({ id: fc.constant(id), settings, since, ifMatch }),
  }),
  fc.record({
    type: fc.constant('rotate-webhook-secret' as const),
    data: fc.record({ id: fc.constant(id), overlapMs: fc.constantFrom(0, HOUR, 24 * HOUR) }),
  }),
  fc.constant<Step>({ type: 'disable-webhook', data: { id, reason: 'answered 410 Gone' } }),
);
const steps = fc.array(fc.tuple(step, fc.constantFrom(0, 1, 10, 30)), { maxLength: 15, size: 'max' });

function createDesk() {
  let now = START;
  let drawn = 0;
  const context = (): Context<unknown> => ({
    now: new Date(now),
    configuration: undefined,
    newId: () => id,
    randomBytes: (length) => new Uint8Array(length).fill((drawn += 1)),
  });
  const decide = ({ type, data }: Step, webhook: Webhook | undefined): Answer<WebhookKinds> => {
    const world: World<WebhookKinds> = { get: () => webhook };
    return handlers[type].decide({ id: 'm', type, data, trace: { correlationId: 'c' } } as never, world, context());
  };
  return { decide, pass: (hours: number) => (now += hours * HOUR), now: () => now };
}

const stateOf = (answer: Answer<WebhookKinds>): Webhook | undefined => {
  const [change] = ('changes' in answer ? answer.changes : undefined) ?? [];
  return change !== undefined && 'state' in change ? change.state : undefined;
};
const signing = (webhook: Webhook, at: number): string[] =>
  validSecrets(webhook, new Date(at)).map(({ secret }) => secret);

test('given any changes, then the newest secret signs, no older one for longer than promised, and each change is a version', () => {
  fc.assert(
    fc.property(settings, steps, (first, all) => {
      const desk = createDesk();
      let webhook = stateOf(desk.decide({ type: 'create-webhook', data: { settings: first, since: '7' } }, undefined));
      for (const [one, hours] of all) {
        if (webhook === undefined) throw new Error('there is none');
        const before = webhook;
        const now = desk.now();
        const answer = desk.decide(one, before);
        const after = stateOf(answer);
        if (after !== undefined) {
          expect(after.version).toBe(before.version + 1);
          const newest =
            one.type === 'rotate-webhook-secret'
              ? 'reply' in answer
                ? (answer.reply as WebhookReply).secret
                : ''
              : before.secrets[0]?.secret;
          expect(signing(after, now + 1000 * HOUR)).toEqual([newest]);
          expect(after.secrets.length).toBeLessThanOrEqual(3);
          for (const at of [now, now + HOUR / 2, now + 2 * HOUR, now + 40 * HOUR]) {
            const known = signing(before, at);
            expect(signing(after, at).filter((secret) => secret !== newest && !known.includes(secret))).toEqual([]);
            const until = one.type === 'rotate-webhook-secret' ? now + one.data.overlapMs : Infinity;
            // The one that was newest is not withdrawn before its time: subscribers change over meanwhile.
            expect(signing(after, at).includes(before.secrets[0]?.secret ?? '')).toBe(at < until);
          }
          webhook = after;
        }
        desk.pass(hours);
      }
    }),
    { numRuns: 200 },
  );
});

test('given any changes, then it gets what is published from when it became active, and a stale one changes nothing', () => {
  fc.assert(
    fc.property(settings, steps, (first, all) => {
      const desk = createDesk();
      let webhook = stateOf(desk.decide({ type: 'create-webhook', data: { settings: first, since: '7' } }, undefined));
      for (const [one, hours] of all) {
        if (webhook === undefined) throw new Error('there is none');
        const before = webhook;
        const answer = desk.decide(one, before);
        const after = stateOf(answer) ?? before;
        const matched = 'ifMatch' in one.data ? one.data.ifMatch : undefined;
        const isStale = Array.isArray(matched) && !matched.includes(before.version);
        if (isStale) expect(answer).toMatchObject({ rejected: 'stale' });
        const begins = !isActive(before) && isActive(after);
        expect(after.since).toBe(begins && 'since' in one.data ? one.data.since : before.since);
        if (after.activatedAt !== before.activatedAt) expect(begins).toBe(true);
        if (one.type === 'replace-webhook' && !isStale) expect(isActive(after)).toBe(one.data.settings.active);
        const events = 'events' in answer ? (answer.events ?? []) : [];
        expect(events).toHaveLength(isActive(before) && after.disabled !== undefined ? 1 : 0);
        expect(JSON.stringify(events)).not.toMatch(/whsec_|key=1/);
        webhook = after;
        desk.pass(hours);
      }
    }),
    { numRuns: 200 },
  );
});
