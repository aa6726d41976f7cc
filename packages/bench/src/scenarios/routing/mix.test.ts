import { expect, it } from 'vitest';
import { agentAt, hotlineCase, kindAt, partAt, queues, waitingCase } from './mix.ts';

const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);
const shareOf = <T>(all: readonly T[], one: T): number => all.filter((other) => other === one).length / all.length;

interface Told {
  readonly case: { readonly id: string; readonly reason: string; readonly product?: string };
  readonly contact: { readonly caseId: string };
}
const toldIn = ({ value }: { readonly value: Buffer }): Told => JSON.parse(value.toString()) as Told;

it('has the shares it says, of events as of agents', () => {
  const kinds = numbers(1000).map(kindAt);
  expect(['completion', 'presence', 'contact'].map((kind) => shareOf<string>(kinds, kind))).toEqual([0.8, 0.1, 0.1]);
  const parts = numbers(1000).map(partAt);
  expect(['working', 'resting', 'hotline'].map((part) => shareOf<string>(parts, part))).toEqual([0.8, 0.1, 0.1]);
});

it('lets everybody do one thing at a time, the hotline nothing else', () => {
  const all = numbers(200).map((n) => ({ part: partAt(n), ...agentAt(n) }));
  expect(new Set(all.map(({ id }) => id)).size).toBe(200);
  for (const { part, body } of all) {
    expect(body).toMatchObject({ units: 1 });
    expect('products' in body).toBe(part !== 'hotline');
    expect((body as { team: string }).team === 'hotline').toBe(part === 'hotline');
  }
});

it('brings cases that differ, of every reason that has a queue, for each of which somebody at work knows the product', () => {
  const known = new Set(numbers(50).flatMap((n) => (agentAt(n).body as { products?: string[] }).products ?? []));
  const cases = numbers(500).map(waitingCase);
  const told = cases.map(toldIn);
  expect(new Set(told.map(({ case: { id } }) => id)).size).toBe(500);
  for (const [at, { case: matter, contact }] of told.entries()) {
    expect(cases[at]).toMatchObject({ caseId: matter.id, key: matter.id });
    expect(contact.caseId).toBe(matter.id);
    expect(known).toContain(matter.product);
  }
  const reasons = new Set([...told, toldIn(hotlineCase())].map(({ case: { reason } }) => reason));
  expect([...reasons].sort()).toEqual(queues.map(({ id }) => id).sort());
});
