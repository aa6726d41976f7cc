import { describe, expect, test } from 'vitest';
import { FUTURE_COLUMNS, incidentOf, parseInstant } from './incident-log.ts';
import { looksAt } from './lives.ts';
import { bestCut, endedBy, until } from './outcomes.ts';

const HOUR = 3_600_000;
const start = Date.UTC(2016, 2, 1);
const targets = new Map([[3, 90 * HOUR]]);
const shares = [0.1, 0.25, 0.5, 0.75];

/** `1/3/2016 00:05` */
function told(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getUTCDate())}/${String(date.getUTCMonth() + 1)}/${String(date.getUTCFullYear())} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** Made up, in the columns of the log: case n is opened n hours after the start and resolved after some days. */
function rowsOf(n: number): Record<string, string>[] {
  const openedAt = start + n * HOUR;
  const lasts = 20 + ((n * 37) % 140);
  const resolvedAt = openedAt + lasts * HOUR;
  const whole = {
    number: String(n),
    opened_at: told(openedAt),
    priority: '3 - Moderate',
    contact_type: 'Phone',
    caller_id: String(n % 7),
  };
  const future = {
    resolved_at: told(resolvedAt),
    closed_at: told(resolvedAt + 120 * HOUR),
    closed_code: String(n % 3),
    resolved_by: String(n % 5),
  };
  const change = (at: number, state: string, mod: number, more: object = {}) => ({
    ...whole,
    ...future,
    ident_state: state,
    sys_mod_count: String(mod),
    sys_updated_at: told(at),
    made_sla: 'true',
    assignment_group: `Group ${String(n % 4)}`,
    ...more,
  });
  return [
    change(openedAt + HOUR, 'New', 0),
    change(openedAt + 10 * HOUR, 'Awaiting User Info', 1),
    change(openedAt + 15 * HOUR, 'Active', 2, { assignment_group: `Group ${String((n + 1) % 4)}` }),
    change(resolvedAt, 'Resolved', 3),
    change(resolvedAt + 120 * HOUR, 'Closed', 4, { made_sla: lasts > 90 ? 'false' : 'true' }),
  ];
}

const count = 60;
const log = Array.from({ length: count }, (_, n) => rowsOf(n));
const incidents = log.map((rows, n) => incidentOf(String(n), rows));
const sightsOf = (from: typeof incidents) => looksAt(from, targets, shares).map(({ sight }) => sight);

describe('what a case looked like', () => {
  test('does not change when what leaks the future is dealt anew', () => {
    const dealt = log.map((rows, n) => {
      const other = log[(n * 17 + 5) % count]?.[0] ?? {};
      return rows.map((row) => ({
        ...row,
        ...Object.fromEntries(FUTURE_COLUMNS.map((name) => [name, other[name] ?? '?'])),
      }));
    });
    const again = dealt.map((rows, n) => incidentOf(String(n), rows));
    expect(again.map(({ ending }) => ending)).not.toEqual(incidents.map(({ ending }) => ending));
    expect(sightsOf(again)).toEqual(sightsOf(incidents));
    expect(sightsOf(incidents).length).toBeGreaterThan(count);
  });

  test('does not change when nothing later had happened yet', () => {
    const at = start + 70 * HOUR;
    const before = sightsOf(incidents).filter((sight) => sight.at <= at);
    expect(before.length).toBeGreaterThan(20);
    expect(sightsOf(until(incidents, at)).filter((sight) => sight.at <= at)).toEqual(before);
  });

  test('is looked at only while it is open', () => {
    for (const { incident, sight } of looksAt(incidents, targets, shares)) {
      expect(sight.at).toBeLessThan(incident.ending.resolvedAt ?? 0);
    }
  });
});

describe('what became of it', () => {
  test('is known at its end or its due time, and no earlier', () => {
    const at = start + 100 * HOUR;
    const known = until(incidents, at);
    const ended = endedBy(at, known, looksAt(known, targets, shares), targets);
    expect(ended.length).toBeGreaterThan(5);
    for (const { startedAt, knownAt, broken } of ended) {
      expect(knownAt).toBeLessThanOrEqual(at);
      const lasts = 20 + ((((startedAt - start) / HOUR) * 37) % 140);
      expect(broken).toBe(lasts > 90);
    }
  });

  test('parts kept and missed at the best cut', () => {
    expect(bestCut(incidents, 3)).toMatchObject({ priority: 3, wrong: 0, cases: count });
    const { hours } = bestCut(incidents, 3);
    expect(hours).toBeGreaterThan(85);
    expect(hours).toBeLessThanOrEqual(90);
  });
});

test('dates are days first, and what is no date is refused', () => {
  expect(parseInstant('3/4/2016 07:09')).toBe(Date.UTC(2016, 3, 3, 7, 9));
  expect(() => parseInstant('?')).toThrow('d/m/yyyy');
});
