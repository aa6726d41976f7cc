/** What others say comes by topics without a common order: gates, merges and ranks do not depend on it. */
import { createStrictHouse, type StrictHouse, type TypedCommand } from '@switchboard/hallway/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen } from './arbitrate.ts';
import type { OffersCommands } from './commands.ts';
import type { CompiledOffer, OffersConfiguration } from './configuration.ts';
import { resolve } from './customers.ts';
import { EXPIRY } from './expiry.ts';
import { decisionHandlers } from './handlers.ts';
import type { CustomerState, DecisionState, OffersKinds, Outcome, Standing } from './state.ts';

type Commands = Omit<OffersCommands, 'put-offer' | 'remove-offer'>;
type House = StrictHouse<OffersKinds, Commands>;
type Command = TypedCommand<Commands>;

const HOUR = 3_600_000;
const DECLINED = 48 * HOUR;
const oneOf = fc.constantFrom;

const offer = (id: string, worth: number): CompiledOffer => ({
  id,
  definition: { name: id, trigger: 'true', value: { minorUnits: worth, currency: 'EUR' } },
  triggers: () => true,
  isEligible: () => true,
});
const configuration: OffersConfiguration = {
  offers: [offer('big', 900), offer('small', 100)],
  windows: { carryOver: 72 * HOUR, declined: DECLINED },
};

const newHouse = (): House =>
  createStrictHouse({
    ...{ service: 'offers', handlers: decisionHandlers, configuration, start: '2026-11-22T12:00:00.000Z' },
    timer: ({ kind, data }) =>
      kind === EXPIRY ? { type: 'expire-offer', data: data as Commands['expire-offer'] } : undefined,
  });

const lists = { contactPoints: [], languages: [], products: [], consents: [], segments: [], preferences: {} };
const known = (id: string, version: number) => ({
  customer: { id, version, name: '', tier: '', openCases: 0, openComplaints: 0, ...lists },
  profile: {},
});
const contactOf = (customerId: string, n: number, caseId: string): Command => ({
  type: 'decide-for-contact',
  data: {
    ...{ contactId: `contact-${String(n)}`, known: known(customerId, 1), channel: 'chat', contact: {} },
    case: { id: caseId, version: 1, open: true, facts: {} },
  },
});
const today = (house: House, id: string): CustomerState | undefined => resolve({ get: house.get }, id);

/** Takes the next of a list whenever its turn comes: each keeps its order, between them there is none. */
function interleaved<T>(queues: readonly (readonly T[])[]): fc.Arbitrary<T[]> {
  const turns = queues.flatMap((queue, n) => queue.map(() => n));
  return fc.shuffledSubarray(turns, { minLength: turns.length, maxLength: turns.length }).map((order) => {
    const rest = queues.map((queue) => [...queue]);
    return order.flatMap((n) => rest[n]?.shift() ?? []);
  });
}

interface CaseLife {
  readonly statuses: readonly boolean[];
  readonly clocks: readonly (readonly boolean[])[];
}
const caseLife: fc.Arbitrary<CaseLife> = fc.record({
  statuses: fc.array(fc.boolean(), { maxLength: 4 }),
  clocks: fc.array(fc.array(oneOf(false, true), { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
});
const ask: Command = { type: 'decide-on-request', data: { customerId: 'a', channel: 'chat', limit: 3 } };
const caseStories = fc.array(caseLife, { minLength: 1, maxLength: 2 }).chain((cases) => {
  const queues = cases.flatMap(({ statuses, clocks }, n): Command[][] => {
    const caseId = `case-${String(n)}`;
    const life = statuses.map((open, at): Command => ({
      type: 'note-case',
      data: { id: caseId, version: at + 2, open, reopened: open && statuses[at - 1] === false, facts: {} },
    }));
    const promises = clocks.map((states, clock) =>
      states.map((breached, at): Command => ({
        type: 'note-promise',
        data: { caseId, clockId: `${caseId}/${String(clock)}`, version: at + 1, breached },
      })),
    );
    return [life, [contactOf('a', n, caseId)], ...promises];
  });
  return fc.record({ cases: fc.constant(cases), commands: interleaved([...queues, [ask, ask]]) });
});

test('given news of cases and promises in any order, then the gate is shut for what is broken and still open now', () => {
  fc.assert(
    fc.property(caseStories, ({ cases, commands }) => {
      const house = newHouse();
      for (const one of commands) house.tell(one);
      const broken = cases.flatMap(({ statuses, clocks }) =>
        statuses.at(-1) === false ? [] : clocks.filter((states) => states.at(-1) === true),
      );

      const answer = house.tell(ask);
      const { candidates } = ('reply' in answer ? answer.reply : undefined) as DecisionState;
      const stages = new Set(candidates.map(({ stage }) => stage));
      if (broken.length === 0) expect(stages).not.toContain('gate-promise');
      else expect([...stages]).toEqual(['gate-promise']);
    }),
    { numRuns: 150 },
  );
});

/** As customer-360 merges: of those that are one the oldest stays, and says so under its own key. */
const merges = fc.array(fc.uniqueArray(fc.nat(4), { minLength: 2, maxLength: 3 }), { maxLength: 5 }).map((sets) => {
  const into = [0, 1, 2, 3, 4];
  const root = (n: number): number => (into[n] === n ? n : root(into[n] ?? n));
  const queues = new Map<number, Command[]>();
  for (const [at, set] of sets.entries()) {
    const [stays = 0, ...others] = [...new Set(set.map(root))].sort();
    if (others.length === 0) continue;
    for (const other of others) into[other] = stays;
    const queue = queues.get(stays) ?? [];
    const mergedIds = others.map((other) => `c${String(other)}`);
    queue.push({
      type: 'merge-customers',
      data: { customer: known(`c${String(stays)}`, 10 + at).customer, mergedIds },
    });
    queues.set(stays, queue);
  }
  return { queues: [...queues.values()], roots: into.map((_, n) => `c${String(root(n))}`) };
});
const answers = fc.array(oneOf<Outcome | undefined>(undefined, 'presented', 'abandoned', 'accepted', 'declined'), {
  minLength: 10,
  maxLength: 10,
});

/** Five customers, each with both offers, answered or not, an hour apart. */
function five(outcomes: readonly (Outcome | undefined)[]): House {
  const house = newHouse();
  for (let n = 0; n < 5; n += 1) {
    house.tell(contactOf(`c${String(n)}`, n, `case-${String(n)}`));
    for (const [m, offerId] of ['big', 'small'].entries()) {
      const outcome = outcomes[2 * n + m];
      const data = { decisionId: `contact-${String(n)}`, offerId };
      if (outcome !== undefined) house.tell({ type: 'record-response', data: { ...data, outcome } });
      house.pass(HOUR);
    }
  }
  return house;
}

const heldBy = ({ standings, caseIds, mergedIds }: CustomerState) => ({
  standings: [...standings].sort((a, b) => (a.offerId < b.offerId ? -1 : 1)),
  caseIds: [...caseIds].sort(),
  mergedIds: [...mergedIds].sort(),
});

test('given merges told by different keys in any order, and again, then everybody is who they are, with all they held', () => {
  const orders = merges.chain(({ queues, roots }) =>
    fc.record({ roots: fc.constant(roots), one: interleaved(queues), other: interleaved(queues), outcomes: answers }),
  );
  fc.assert(
    fc.property(orders, ({ roots, one, other, outcomes }) => {
      const [first, second] = [five(outcomes), five(outcomes)];
      for (const command of one) first.tell(command);
      for (const command of [...other, ...other]) second.tell(command);
      for (const [n, id] of roots.entries()) {
        const [a, b] = [today(first, `c${String(n)}`), today(second, `c${String(n)}`)];
        expect([a?.id, b?.id]).toEqual([id, id]);
        expect(a && heldBy(a)).toEqual(b && heldBy(b));
      }
      const held = new Set(roots).size;
      const living = second.all('customer').filter(({ mergedInto }) => mergedInto === undefined);
      expect(living).toHaveLength(held);
      expect(living.flatMap(({ caseIds }) => caseIds).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `case-${String(n)}`));
    }),
    { numRuns: 60 },
  );
});

const past = fc.array(
  fc.tuple(
    oneOf('a', 'b'),
    oneOf<Outcome | 'asked'>('asked', 'presented', 'abandoned', 'accepted', 'declined', 'declined'),
    oneOf(1, 20, 40),
  ),
  { maxLength: 8 },
);

test('given two who turn out to be one, then an answer of either counts as long as it would, and what was open stays open', () => {
  fc.assert(
    fc.property(past, (steps) => {
      const house = newHouse();
      const last = new Map<string, string>();
      for (const [n, [who, step, hours]] of steps.entries()) {
        if (step === 'asked') {
          house.tell(contactOf(who, n, `case-${who}`));
          last.set(who, `contact-${String(n)}`);
        } else {
          const decisionId = last.get(who) ?? 'none';
          house.tell({ type: 'record-response', data: { decisionId, offerId: 'big', outcome: step } });
        }
        house.pass(hours * HOUR);
      }
      const now = house.now();
      const standings = ['a', 'b'].flatMap((id) => house.get('customer', id)?.standings ?? []);
      house.tell({ type: 'merge-customers', data: { customer: known('a', 9).customer, mergedIds: ['b'] } });

      for (const { id } of configuration.offers) {
        const before = standings.filter(({ offerId }) => offerId === id);
        const after = today(house, 'a')?.standings.find(({ offerId }) => offerId === id);
        expectBinding(after, before, now);
      }
    }),
    { numRuns: 150 },
  );
});

function expectBinding(after: Standing | undefined, before: readonly Standing[], now: Date): void {
  const refusals = before.filter(
    ({ status, at }) => status === 'declined' && Date.parse(at) + DECLINED > now.getTime(),
  );
  if (before.some(({ status }) => status === 'accepted')) expect(after?.status).toBe('accepted');
  else if (refusals.length > 0) {
    const latest = refusals
      .map(({ at }) => at)
      .sort()
      .at(-1);
    expect(after).toMatchObject({ status: 'declined', at: latest });
  } else if (before.some((one) => isOpen(one, now.toISOString()))) {
    expect(after && isOpen(after, now.toISOString())).toBe(true);
    if (before.some(({ status }) => status === 'abandoned')) expect(after?.status).toBe('abandoned');
  }
}
