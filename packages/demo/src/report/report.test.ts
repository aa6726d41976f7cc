import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures.ts';
import { frame } from './frame.ts';
import { summaryLine } from './line.ts';
import { show } from './show.ts';
import { summary } from './summary.ts';
import { createTally, tell } from './tally.ts';
import type { Tally } from './tally.ts';

function busyTally(): Tally {
  const tally = createTally();
  Object.assign(tally.contacts, { sent: 120, byChannel: new Map([['chat', 20], ['phone', 100]]) }); // prettier-ignore
  Object.assign(tally.cases, { opened: 100, joined: 15, reopened: 5, resolved: 90, open: 15 });
  Object.assign(tally.work, { offered: 110, accepted: 100, rejected: 6, missed: 4, waits: 50, waited: 75_000 });
  Object.assign(tally.plan, { steps: 3, done: 2, by: new Set(['Amira Haddad', 'Jonas Petersen']) });
  Object.assign(tally.callbacks, { asked: 1, reached: 1 });
  Object.assign(tally.offers, { shown: 40, accepted: 10, declined: 20, abandoned: 10, soldCents: 360_000 });
  tally.promises = { running: 7, atRisk: 3, kept: 90, broken: 10 };
  tally.queues = [{ id: 'demo-outage', waiting: 4, longest: 3200 }];
  tally.desks.set('demo-a', {
    name: 'Amira Haddad',
    present: true,
    handled: 12,
    tasks: new Set([{ caseId: 'c', channel: 'chat', reason: 'billing' }]),
  });
  tell(tally, 'Something happened');
  return tally;
}

describe('the figures', () => {
  it('say what the day cost and earned', () => {
    const figures = figuresOf(busyTally(), 22);
    expect(figures).toMatchObject({ keptShare: 0.9, acceptedShare: 0.25, answeredShare: 0.75, agentHours: 132.5 });
    expect(figures.averageWait).toBe(1500);
    expect(figures.cost).toBe(132.5 * 3400);
    expect(figures.salesPerHour).toBeCloseTo(360_000 / 132.5);
  });

  it('given nothing has happened, divide by nothing', () => {
    expect(figuresOf(createTally(), 7)).toMatchObject({
      keptShare: undefined,
      acceptedShare: undefined,
      averageWait: undefined,
      salesPerHour: undefined,
    });
  });
});

describe('the screen', () => {
  const now = { hour: 14.5, seed: 7, columns: 100, rows: 30 };
  const text = (tally: Tally, at = now): string[] => frame(tally, at).map((line) => stripVTControlCharacters(line));

  it('shows contacts, cases, work, promises, offers, queues, agents and what happened last', () => {
    const shown = text(busyTally()).join('\n');
    expect(shown).toMatch(/14:30 .*50 % .*seed 7/u);
    expect(shown).toMatch(/Contacts +120 +phone 100 +chat 20/u);
    expect(shown).toMatch(/Cases +100 +open 15 +resolved 90/u);
    expect(shown).toMatch(/Promises +7 +running +at risk 3 +broken 10 +kept 90 \(90 %\)/u);
    expect(shown).toMatch(/Offers +40 +shown +declined 20 +abandoned 10 +accepted 10 \(25 %\) +sold €3,600/u);
    expect(shown).toMatch(/outage +▇▇▇▇ +4 +3\.2 s/u);
    expect(shown).toMatch(/Amira Haddad +12 +■ +billing \(chat\)/u);
    expect(shown).toContain('Something happened');
  });

  it('given a small terminal, is cut to it', () => {
    const lines = text(busyTally(), { ...now, columns: 40, rows: 10 });
    expect(lines.length).toBeLessThan(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
  });

  it('leaves the terminal as it was, and elsewhere writes lines only', () => {
    const written = (isTTY: boolean): string => {
      let all = '';
      const output = { isTTY, write: (part: string) => (all += part) };
      show(output, { tally: busyTally(), seed: 7, hour: () => 14.5 })();
      return all;
    };
    expect(written(true)).toMatch(/^\u001B\[\?1049h[^]*\u001B\[\?1049l$/u);
    expect(written(false)).toBe(`${summaryLine(busyTally(), 14.5)}\n`);
    expect(written(false)).not.toContain('\u001B');
  });
});

describe('the end', () => {
  it('says what happened, what it cost and what it earned', () => {
    const text = summary({ tally: busyTally(), hour: 22, seed: 7, tookMs: 120_000 });
    expect(text).toContain('is over (seed 7, 120.0 s of real time)');
    expect(text).toMatch(/Promises +90 % kept: 90 of 100; 7 still running/u);
    expect(text).toMatch(/Plan +a line mended in 2 of 3 steps by Amira Haddad, Jonas Petersen/u);
    expect(text).toMatch(/Callbacks +1 asked for, 1 called back/u);
    expect(text).toMatch(/Response +25 % of the offers shown were accepted/u);
    expect(text).toMatch(/Sales per agent-hour +€27/u);
    expect(text).not.toContain('Server errors');
  });

  it('given it was ended early and something went wrong, says so', () => {
    const tally = busyTally();
    Object.assign(tally.answers, { serverErrors: 1, lastComplaint: 'POST /v1/contacts: 500', later: 2 });
    const text = summary({ tally, hour: 9.5, seed: 7, tookMs: 1000 });
    expect(text).toContain('was ended at 09:30');
    expect(text).toContain('POST /v1/contacts: 500');
    expect(summaryLine(tally, 9.5)).toContain('SERVER ERRORS 1');
  });
});
