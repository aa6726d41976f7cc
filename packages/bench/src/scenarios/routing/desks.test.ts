import { describe, expect, it } from 'vitest';
import { createDesks, createPool, type Happening } from './desks.ts';

const offer = (id: string, agentId: string, caseId: string) => ({ id, agentId, caseId, toldAt: 5 });
const happening = (): Happening => ({ kind: 'completion', intendedAt: 0 });

describe('a pool', () => {
  it('gives each out once, and to who asked first when nobody was there', () => {
    const pool = createPool<string>((length) => length - 1);
    const got: string[] = [];
    for (const who of ['first', 'second', 'third']) pool.take((one) => got.push(`${who}: ${one}`));
    expect(pool.owed).toBe(3);
    for (const one of ['a', 'b', 'c', 'd', 'e']) pool.add(one);
    expect(got).toEqual(['first: a', 'second: b', 'third: c']);
    expect([pool.size, pool.owed]).toEqual([2, 0]);
    pool.take((one) => got.push(one));
    pool.take((one) => got.push(one));
    expect(got.slice(3)).toEqual(['e', 'd']);
    expect(pool.size).toBe(0);
  });

  it('lets whoever is picked leave, wherever they stand', () => {
    const pool = createPool<string>(() => 0);
    for (const one of ['a', 'b', 'c']) pool.add(one);
    const got: string[] = [];
    for (let n = 0; n < 3; n += 1) pool.take((one) => got.push(one));
    expect(got.sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('the desks', () => {
  it('know by the agent or by the case what an offer came of, once', () => {
    const desks = createDesks();
    const [finished, called] = [happening(), happening()];
    desks.expect('anna', finished);
    desks.expect('case-9', called);
    expect(desks.hear(offer('r1', 'bert', 'case-9'))).toBe(called);
    expect(desks.hear(offer('r2', 'anna', 'case-1'))).toBe(finished);
    expect(desks.hear(offer('r3', 'anna', 'case-2'))).toBeUndefined();
    expect([finished.offer?.id, called.offer?.id, desks.expected]).toEqual(['r2', 'r1', 0]);
  });

  it('refuse to expect two things of one agent', () => {
    const desks = createDesks();
    desks.expect('anna', happening());
    expect(() => {
      desks.expect('anna', happening());
    }).toThrow('anna already has something to come');
  });
});
