import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IntakeCommands } from './commands.ts';
import { handlers } from './handlers.ts';
import type { ContactReceipt } from './receive-contact.ts';
import { caseStatuses, type IntakeKinds } from './state.ts';
import { parseTrackingCode } from './tracking-code.ts';

type House = StrictHouse<IntakeKinds, IntakeCommands>;
type Command = TypedCommand<IntakeCommands>;
/** Written over what is there. */
type Step = (house: House) => Command;

const oneOf = fc.constantFrom;
const index = fc.nat(1000);
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const caseAt = (house: House, n: number): string => nth(house.all('case'), n)?.id ?? 'none';

const text = oneOf('', '', 'a', 'b');
const reason = oneOf('', '', 'complaint', 'billing');
const points = ['phone:+4930111', 'email:ada@example.org', 'withheld:1'] as const;

const contact = fc.record({
  channel: oneOf('phone', 'email', 'whatsapp'),
  contactPoint: oneOf(...points),
  fromName: text,
  to: oneOf('', 'house'),
  subject: text,
  text,
  language: oneOf('', 'de'),
  reason,
  product: text,
  priority: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  externalId: fc.constant(''),
  occurredAt: oneOf(undefined, '2026-03-01T00:00:00.000Z'),
  attributes: fc.dictionary(oneOf('x', 'y'), text, { noNullPrototype: true }),
  attachments: fc.array(fc.record({ name: text, contentType: text, url: fc.constant('https://a.example/f') }), {
    maxLength: 2,
  }),
});
const mailNames = ['box <1>', 'box <2>', 'box <3>'] as const;

const arrival = fc
  .record({
    contact,
    naturalKey: oneOf(undefined, undefined, 'k1', 'k2', 'k3'),
    fingerprint: oneOf('f1', 'f2'),
    refuseDifference: fc.boolean(),
    named: fc.option(index, { freq: 6, nil: undefined }),
    thread: fc.option(
      fc.record({
        answers: fc.uniqueArray(oneOf(...mailNames), { maxLength: 2 }),
        own: oneOf(...mailNames),
        reply: fc.option(index, { nil: undefined }),
      }),
      { freq: 3, nil: undefined },
    ),
    files: oneOf(undefined, [{ name: 'f', contentType: 'text/plain', content: 'YQ==' }]),
  })
  .map(({ contact: given, named, thread, ...rest }): Step => (house) => {
    const caseId = named === undefined ? '' : caseAt(house, named);
    const { reply, ...names } = thread ?? { reply: undefined };
    const replyCaseId = reply === undefined ? undefined : caseAt(house, reply);
    const threading = thread === undefined ? {} : { thread: { ...thread, ...names, replyCaseId } };
    return { type: 'receive-contact', data: { ...rest, ...threading, contact: { ...given, caseId } } };
  });

const change = fc
  .record({
    n: index,
    patch: fc.record({ priority: fc.integer({ min: 1, max: 5 }), product: text, reason }, { requiredKeys: [] }),
  })
  .map(({ n, patch }): Step => (house) => ({ type: 'change-case', data: { caseId: caseAt(house, n), patch } }));
const status = fc.record({ n: index, to: oneOf(...caseStatuses) }).map(({ n, to }): Step => (house) => ({
  type: 'set-case-status',
  data: { caseId: caseAt(house, n), status: to, reason: '' },
}));
const message = fc
  .record({ n: index, words: text, visibility: oneOf('public', 'internal') })
  .map(({ n, words, visibility }): Step => (house) => ({
    type: 'record-message',
    data: { caseId: caseAt(house, n), author: { kind: 'agent', id: 'anna' }, text: words, visibility },
  }));
const note = fc
  .record({
    id: oneOf('n1', 'n2', 'n3'),
    changes: fc.option(fc.record({ naturalKey: oneOf('k1', 'k2', 'k9'), kind: oneOf('edited', 'revoked'), text }), {
      nil: undefined,
    }),
  })
  .map(({ id, changes }): Step => () => ({
    type: 'record-provider-note',
    data: {
      ...{ id, channel: 'whatsapp', kind: 'read', externalId: 'w', contactPoint: 'phone:+4930111', data: {} },
      ...(changes === undefined ? {} : { changes }),
    },
  }));
const fact = fc.oneof(
  index.map((n): Step => (house) => ({ type: 'note-customer', data: { caseId: caseAt(house, n), customerId: 'c' } })),
  index.map((n): Step => (house) => ({
    type: 'note-agent',
    data: {
      ...{ caseId: caseAt(house, n), agentId: `a${String(n % 2)}`, workItemId: `i${String(n % 3)}` },
      at: `2026-03-02T0${String(n % 9)}:00:00.000Z`,
    },
  })),
  index.map((n): Step => (house) => ({
    type: 'note-withdrawal',
    data: { caseId: caseAt(house, n), agentId: `a${String(n % 2)}`, workItemId: `i${String(n % 3)}` },
  })),
  fc
    .tuple(index, fc.integer({ min: 1, max: 4 }), oneOf('i1', 'i2'))
    .map(([n, version, workItemId]): Step => (house) => {
      const wait = { workItemId, version, at: `2026-03-02T0${String(version)}:30:00.000Z`, ahead: n };
      return { type: 'note-wait', data: { caseId: caseAt(house, n), wait } };
    }),
  fc
    .tuple(index, fc.integer({ min: 1, max: 4 }), oneOf('clock-1', 'clock-2'))
    .map(([n, clockVersion, clockId]): Step => (house) => {
      const startedAt = clockId === 'clock-1' ? '2026-03-02T09:00:00.000Z' : '2026-03-02T10:00:00.000Z';
      const promise = { clockId, clockVersion, target: 'resolution', startedAt, status: 'running' };
      return { type: 'note-promise', data: { caseId: caseAt(house, n), promise } };
    }),
  fc.tuple(index, fc.integer({ min: 1, max: 4 }), oneOf('a', 'b')).map(([n, planVersion, stepId]): Step => (house) => {
    const step = { planId: 'p', planVersion, stepId, position: 0, status: 'active', words: { en: 'x' } };
    return { type: 'note-steps', data: { caseId: caseAt(house, n), steps: [step] } };
  }),
);

const step = fc.oneof(
  { weight: 6, arbitrary: arrival },
  { weight: 2, arbitrary: change },
  { weight: 4, arbitrary: status },
  { weight: 2, arbitrary: message },
  { weight: 2, arbitrary: note },
  { weight: 2, arbitrary: fact },
);

const newHouse = (): House =>
  createStrictHouse({ service: 'intake', handlers, configuration: {}, start: '2026-03-02T09:00:00.000Z' });

const isDone = (given: string): boolean => given === 'resolved' || given === 'closed';

function faultsOf(house: House): string[] {
  const cases = house.all('case');
  const faults = cases.flatMap(({ id, status: now, resolvedAt, trackingCode, relatedCaseId }) => [
    ...(isDone(now) === (resolvedAt !== undefined) ? [] : [`${id} is ${now}, resolved ${String(resolvedAt)}`]),
    ...(parseTrackingCode(trackingCode) === trackingCode ? [] : [`${id} has no tracking code`]),
    ...(relatedCaseId === undefined || house.get('case', relatedCaseId) !== undefined ? [] : [`${id} follows nothing`]),
  ]);
  if (new Set(cases.map(({ trackingCode }) => trackingCode)).size < cases.length)
    faults.push('two cases have one code');
  for (const { id, cases: open } of house.all('contactPoint')) {
    const really = cases.filter((one) => one.contactPoint === id && one.status !== 'closed');
    const copies = really.map((one) => `${one.id} ${one.product} ${one.reason}`).sort();
    if (
      open
        .map((one) => `${one.id} ${one.product} ${one.reason}`)
        .sort()
        .join() !== copies.join()
    )
      faults.push(`${id} does not know its open cases`);
  }
  for (const one of [...house.all('contact'), ...house.all('message')])
    if (house.get('case', one.caseId) === undefined) faults.push(`${one.id} is of no case`);
  return faults;
}

it('given any commands in any order, then a sender knows their open cases, and every contact is told of once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const house = newHouse();
      for (const one of steps) {
        house.tell(one(house));
        expect(faultsOf(house)).toEqual([]);
        house.pass(1000);
      }
      const told = house.events.flatMap(({ data }) => ('contact' in data ? [(data.contact as { id: string }).id] : []));
      expect(told.sort()).toEqual(
        house
          .all('contact')
          .map(({ id }) => id)
          .sort(),
      );
    }),
    { numRuns: 150 },
  );
});

it('given any case, then closed stays closed: only a new case follows it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const house = newHouse();
      const closed = new Map<string, number>();
      for (const one of steps) {
        house.tell(one(house));
        for (const { id, status: now, version } of house.all('case')) {
          if (closed.has(id)) expect([now, version]).toEqual(['closed', closed.get(id)]);
          if (now === 'closed') closed.set(id, version);
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('given a command twice, then the second changes no case: a repeat is known or refused, a status is there already', () => {
  const repeatable = fc.oneof(arrival, change, status, note, fact);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), repeatable, (steps, last) => {
      const house = newHouse();
      for (const one of steps) house.tell(one(house));
      const command = last(house);
      const isKeyed = command.type !== 'receive-contact' || command.data.naturalKey !== undefined;
      fc.pre(isKeyed);
      const first = house.tell(command);
      const again = house.tell(command);
      if ('rejected' in first) {
        expect(again).toEqual(first);
        return;
      }
      expect('changes' in again ? again.changes : undefined).toBeUndefined();
      expect('events' in again ? again.events : undefined).toBeUndefined();
      if (command.type !== 'receive-contact' || !('reply' in first && 'reply' in again)) return;
      const { repeated, ...receipt } = again.reply as ContactReceipt;
      expect(repeated).toBe(true);
      expect(first.reply).toMatchObject(receipt);
    }),
    { numRuns: 150 },
  );
});
