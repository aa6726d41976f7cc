/** Senders, and the services that tell of a case, come in no common order: each one's story is the same in any. */
import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IntakeCommands, NewContact } from './commands.ts';
import { handlers } from './handlers.ts';
import type { ContactReceipt } from './receive-contact.ts';
import { caseSnapshot } from './snapshots.ts';
import { caseStatuses, type CaseState, type IntakeKinds, type PromiseFact, type StepFact } from './state.ts';
import { tellSteps } from './tracking-steps.ts';
import { tellWait } from './tracking-wait.ts';
import { tellPromise, trackingLanguages } from './tracking-words.ts';

type House = StrictHouse<IntakeKinds, IntakeCommands>;
type Command = TypedCommand<IntakeCommands>;
type Step = (house: House) => Command;

const oneOf = fc.constantFrom;
const START = '2026-03-02T09:00:00.000Z';
const newHouse = (): House => createStrictHouse({ service: 'intake', handlers, configuration: {}, start: START });

/** Takes the next of a list whenever its turn comes: each keeps its order, between them there is none. */
function interleaved<T>(queues: readonly (readonly T[])[]): fc.Arbitrary<T[]> {
  const turns = queues.flatMap((queue, n) => queue.map(() => n));
  return fc.shuffledSubarray(turns, { minLength: turns.length, maxLength: turns.length }).map((order) => {
    const rest = queues.map((queue) => [...queue]);
    return order.flatMap((n) => rest[n]?.shift() ?? []);
  });
}

const senders = ['phone:+4930111', 'email:ada@example.org', 'withheld:1'] as const;
const text = oneOf('', 'a', 'b');

const blank: NewContact = {
  ...{ channel: 'chat', contactPoint: '', fromName: '', to: '', subject: '', text: '', language: '', reason: '' },
  ...{ product: '', externalId: '', caseId: '', attributes: {}, attachments: [] },
};
const casesOf = (house: House, sender: string): CaseState[] =>
  house
    .all('case')
    .filter(({ contactPoint }) => contactPoint === sender)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

function contactFrom(sender: string): fc.Arbitrary<Step> {
  return fc
    .record({
      subject: text,
      text,
      language: oneOf('', 'de'),
      product: text,
      reason: oneOf('', '', 'complaint', 'billing'),
    })
    .map((said): Step => () => ({
      type: 'receive-contact',
      data: { contact: { ...blank, ...said, contactPoint: sender }, fingerprint: 'f', refuseDifference: true },
    }));
}
function agentOn(sender: string): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(9), oneOf(...caseStatuses), fc.boolean()).map(([n, status, speaks]): Step => (house) => {
    const cases = casesOf(house, sender);
    const caseId = cases[n % Math.max(1, cases.length)]?.id ?? 'none';
    const author = { kind: 'agent', id: 'anna' };
    return speaks
      ? { type: 'record-message', data: { caseId, author, text: String(n), visibility: 'public' } }
      : { type: 'set-case-status', data: { caseId, status, reason: '' } };
  });
}
const talk = (sender: string) =>
  fc.array(fc.oneof({ weight: 3, arbitrary: contactFrom(sender) }, { weight: 2, arbitrary: agentOn(sender) }), {
    maxLength: 10,
    size: 'max',
  });
const talks = fc.tuple(...senders.map(talk));

/** Without ids and times, which tell of all that was said before. */
const storyOf = (house: House, sender: string) =>
  casesOf(house, sender).map(({ id, status, subject, product, reason, language, resolvedAt, version }) => ({
    ...{ status, subject, product, reason, language, version, done: resolvedAt !== undefined },
    said: house
      .all('message')
      .filter(({ caseId }) => caseId === id)
      .map((message) => `${message.direction} ${message.text}`),
    told: house.events
      .filter(({ subject: of }) => of === id)
      .map(({ type, sequence }) => `${type} ${String(sequence)}`),
  }));

test('given senders in any order, then what one says and hears is what it would be alone', () => {
  const mixed = talks.chain((queues) => fc.record({ queues: fc.constant(queues), steps: interleaved(queues) }));
  fc.assert(
    fc.property(mixed, ({ queues, steps }) => {
      const house = newHouse();
      for (const one of steps) house.tell(one(house));
      for (const [n, sender] of senders.entries()) {
        const alone = newHouse();
        for (const one of queues[n] ?? []) alone.tell(one(alone));
        expect(storyOf(house, sender)).toEqual(storyOf(alone, sender));
      }
    }),
    { numRuns: 60 },
  );
});

/** The contract's rule of the same matter, over all cases. */
function expectedCase(house: House, { contactPoint, product, reason }: NewContact): string | undefined {
  if (contactPoint.startsWith('withheld:')) return undefined;
  const agree = (a: string, b: string): boolean => a === '' || b === '' || a === b;
  return casesOf(house, contactPoint)
    .filter((one) => one.status !== 'closed' && agree(one.product, product) && agree(one.reason, reason))
    .findLast((one) => reason !== 'complaint' || one.reason === 'complaint')?.id;
}

test("given any contact, then it joins the sender's newest case on the same matter, which takes over what it lacked", () => {
  fc.assert(
    fc.property(talk(senders[0]), talk(senders[2]), contactFrom(senders[0]), (steps, others, last) => {
      const house = newHouse();
      for (const one of [...steps, ...others, last]) {
        const command = one(house);
        const contact = command.type === 'receive-contact' ? command.data.contact : undefined;
        const expected = contact && expectedCase(house, contact);
        const before = expected === undefined ? undefined : house.get('case', expected);
        const answer = house.tell(command);
        if (contact === undefined) continue;
        const receipt = ('reply' in answer ? answer.reply : undefined) as ContactReceipt;
        expect(receipt.caseCreated).toBe(expected === undefined);
        if (expected !== undefined) expect(receipt.caseId).toBe(expected);
        const after = house.get('case', receipt.caseId);
        for (const field of ['product', 'reason', 'subject', 'language'] as const)
          expect(after?.[field]).toBe(before === undefined || before[field] === '' ? contact[field] : before[field]);
        expect(after?.status).toBe(before?.status === 'on-hold' ? 'on-hold' : 'open');
        house.pass(1000);
      }
    }),
    { numRuns: 60 },
  );
});

test('given any steps, then what was told of a case last is how it is, and each change of status begins where the one before ended', () => {
  fc.assert(
    fc.property(talk(senders[0]), (steps) => {
      const house = newHouse();
      const told = new Map<string, Record<string, unknown>>();
      for (const one of steps) house.tell(one(house));
      for (const { subject, type, data } of house.events) {
        const news = data as unknown as { case: Record<string, unknown>; from?: string };
        if (type === 'switchboard.intake.v1.CaseStatusChanged') {
          expect(news.from).toBe(told.get(subject)?.['status']);
          expect(news.case['status']).not.toBe(news.from);
        } else expect(news.case['status']).toBe(told.get(subject)?.['status'] ?? 'open');
        told.set(subject, news.case);
      }
      for (const one of house.all('case')) expect(told.get(one.id)).toEqual(caseSnapshot(one));
    }),
    { numRuns: 100 },
  );
});

const minute = (n: number): string => new Date(Date.parse(START) + n * 60_000).toISOString();

/** A clock of one target: how it goes on, version by version. */
const clock = (n: number) =>
  fc
    .record({
      target: oneOf('firstResponse', 'resolution'),
      states: fc.array(oneOf('running', 'breached', 'met', 'canceled'), { minLength: 1, maxLength: 3 }),
    })
    .map(({ target, states }) =>
      states.map((status, at): Command => ({
        type: 'note-promise',
        data: {
          caseId: 'c',
          promise: {
            ...{ clockId: `clock-${String(n)}`, clockVersion: at + 1, target, status },
            ...{ startedAt: minute(n), dueAt: minute(60 + 7 * n + at) },
          },
        },
      })),
    );
const stepFact = (planId: string, planVersion: number) =>
  fc
    .record({ stepId: oneOf('x', 'y'), status: oneOf('waiting', 'active', 'done', 'skipped') })
    .map(({ stepId, status }): StepFact => ({
      ...{ planId, planVersion, stepId, status, words: { en: `${stepId} ${status}` } },
      position: stepId === 'x' ? 0 : 1,
    }));
const plan = (planId: string) =>
  fc
    .tuple(stepFact(planId, 1), stepFact(planId, 2), stepFact(planId, 3))
    .map((steps) => steps.map((one): Command => ({ type: 'note-steps', data: { caseId: 'c', steps: [one] } })));
const work = fc.array(oneOf('note-wait', 'note-agent', 'note-withdrawal'), { maxLength: 5 }).map((all) =>
  all.map((type, n): Command => {
    const item = { caseId: 'c', agentId: 'anna', workItemId: 'i' };
    if (type === 'note-agent') return { type, data: { ...item, at: minute(n) } };
    if (type === 'note-withdrawal') return { type, data: item };
    const wait = { workItemId: 'i', version: n + 1, at: minute(n), ahead: n, medianMs: 60_000, highMs: 120_000 };
    return { type: 'note-wait', data: { caseId: 'c', wait } };
  }),
);
const customer = fc.constant<Command[]>([{ type: 'note-customer', data: { caseId: 'c', customerId: 'ada' } }]);
const sources = fc.tuple(clock(1), clock(2), clock(3), plan('p'), plan('q'), work, customer);

function shown(commands: readonly Command[]) {
  const house = newHouse();
  for (const one of commands) house.tell(one);
  const facts = house.get('caseFacts', 'c');
  const reader = { language: 'en', timeZone: 'UTC' } as const;
  return {
    promise: tellPromise({ status: 'open', promises: facts?.promises ?? {} }, reader),
    steps: tellSteps(facts?.steps ?? [], 'en'),
    wait: tellWait({ wait: facts?.wait, now: Date.parse(minute(5)) }, reader),
    agent: facts?.agentId,
    customer: facts?.customerId,
  };
}

test('given what other services tell in any order among them, then the same is shown to the customer', () => {
  const orders = sources.chain((queues) => fc.tuple(interleaved(queues), interleaved(queues)));
  fc.assert(
    fc.property(orders, ([one, other]) => {
      expect(shown(one)).toEqual(shown(other));
    }),
    { numRuns: 100 },
  );
});

const promise: fc.Arbitrary<PromiseFact> = fc.record({
  clockId: fc.constant('c'),
  clockVersion: fc.constant(1),
  startedAt: fc.constant(START),
  status: oneOf('running', 'paused', 'breached', 'met', 'canceled'),
  dueAt: fc.option(fc.nat(99).map(minute), { nil: undefined }),
  target: oneOf('firstResponse', 'resolution', 'hand-over'),
  metAt: fc.option(fc.constant(START), { freq: 3, nil: undefined }),
});

test('given any promises, then the one that is due first is told, and nothing that is kept or is not to be told', () => {
  fc.assert(
    fc.property(fc.array(promise, { maxLength: 5 }), oneOf(...trackingLanguages), (all, language) => {
      const told = tellPromise(
        { status: 'open', promises: Object.fromEntries(all.map((one, n) => [String(n), one])) },
        { language, timeZone: 'Europe/Vienna' },
      );
      const open = all.filter(
        ({ metAt, target, status }) => !metAt && target !== 'hand-over' && !/met|canceled/.test(status),
      );
      const due = open.filter(({ status }) => status !== 'paused').flatMap(({ dueAt }) => dueAt ?? []);
      const waits = open.some(({ status }) => status === 'paused');
      expect(told?.dueAt).toBe(due.sort()[0]);
      if (due.length === 0) expect(told?.state).toBe(waits ? 'waiting' : undefined);
      else expect(told?.state).not.toBe('waiting');
    }),
    { numRuns: 300 },
  );
});

test('given words in any languages and whatever the customer writes as theirs, then a step is told in its own words', () => {
  const tag = fc.oneof(
    oneOf('en', 'pt', 'PT-br', 'constructor', 'toString', '__proto__', ''),
    fc.string({ maxLength: 8 }),
  );
  const steps = fc.array(
    fc.record({
      ...{ planId: fc.constant('p'), planVersion: fc.constant(1), stepId: oneOf('x', 'y'), position: fc.nat(3) },
      status: oneOf('waiting', 'active', 'retrying', 'held', 'done', 'skipped', 'constructor'),
      words: fc.dictionary(tag, fc.string(), { maxKeys: 3, noNullPrototype: true }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(steps, tag, (all, language) => {
      const sayable = all.filter(({ status, words }) => !/skip|constr/.test(status) && Object.keys(words).length > 0);
      const told = tellSteps(all, language);
      expect(told.map(({ name }) => name)).toEqual(sayable.map(({ stepId }) => stepId));
      for (const [n, { text: said }] of told.entries()) {
        const words = Object.entries(sayable[n]?.words ?? {});
        expect(words.map(([, word]) => word)).toContain(said);
        const own = words.filter(([known]) => known.toLowerCase() === language.toLowerCase()).map(([, word]) => word);
        if (own.length > 0) expect(own).toContain(said);
      }
    }),
    { numRuns: 500 },
  );
});
