import { describe, expect, test } from 'vitest';
import type { WaitFact } from './state.ts';
import { tellWait } from './tracking-wait.ts';
import type { TrackedWait } from './tracking-wait.ts';
import type { TrackingLanguage } from './tracking-words.ts';

const MINUTE_MS = 60_000;
const AT = '2026-11-23T08:00:00.000Z';
const NOW = Date.parse(AT);

const fact = (patch: Partial<WaitFact> = {}): WaitFact => ({
  ...{ workItemId: 'item-1', version: 1, at: AT, ahead: 3 },
  ...{ medianMs: 12 * MINUTE_MS, highMs: 31 * MINUTE_MS },
  ...patch,
});

const told = (patch: Partial<WaitFact>, more: Partial<TrackedWait> = {}, language: TrackingLanguage = 'en') =>
  tellWait({ wait: fact(patch), now: NOW, ...more }, { language, timeZone: 'UTC' });

describe('a wait in words', () => {
  test.each([
    ['en', 'There are 3 requests before yours. It will take about 10 minutes, 30 minutes at the most as a rule.'],
    ['pt', 'Há 3 solicitações antes da sua. A espera é de cerca de 10 minutos, em geral no máximo 30 minutos.'],
    ['ru', 'Обращений перед вашим: 3. Примерное время ожидания: 10 минут, обычно не больше: 30 минут.'],
  ] as const)('in %s', (language, text) => {
    const expectedAt = '2026-11-23T08:12:00.000Z';
    expect(told({}, {}, language)).toEqual({ ahead: 3, expectedAt, text, language });
  });

  test('goes on by itself: what was told ten minutes ago is ten minutes less now', () => {
    const { text, expectedAt } = told({}, { now: NOW + 10 * MINUTE_MS }) ?? {};
    expect(text).toContain('about 2 minutes');
    expect(expectedAt).toBe('2026-11-23T08:12:00.000Z');
    expect(told({}, { now: NOW + 20 * MINUTE_MS })?.text).toContain('It will not take long');
    expect(told({}, { now: NOW + 42 * MINUTE_MS })).toBeUndefined();
  });

  test('hours are told by halves, and one before or none has its own words', () => {
    expect(told({ ahead: 1, medianMs: 100 * MINUTE_MS, highMs: 200 * MINUTE_MS })?.text).toBe(
      'There is one request before yours. It will take about 1.5 hours, 3.5 hours at the most as a rule.',
    );
    expect(told({ ahead: 0 })?.text).toContain('Your request is next.');
  });

  test.each([
    ['en', 'We are back from Tuesday, 24 November 2026 at 08:00 UTC on', 'We cannot say'],
    ['pt', 'Voltamos a partir de terça-feira, 24 de novembro de 2026 às 08:00 UTC', 'não sabemos'],
    ['ru', 'вторник, 24 ноября 2026 г. в 08:00 UTC', 'не можем сказать'],
  ] as const)('in %s says when we open, or that nobody knows', (language, closed, unknown) => {
    const nobody = { ahead: undefined, medianMs: undefined, highMs: undefined };
    const opensAt = '2026-11-24T08:00:00.000Z';
    expect(told({ ...nobody, unknown: 'closed', opensAt }, {}, language)).toMatchObject({
      opensAt,
      text: expect.stringContaining(closed) as string,
    });
    expect(told({ ...nobody, unknown: 'nobody-at-work' }, {}, language)?.text).toContain(unknown);
  });

  test('is over once somebody took the work, until it waits anew', () => {
    expect(told({ takenAt: '2026-11-23T08:00:01.000Z' })).toBeUndefined();
    expect(told({}, { assignedAt: '2026-11-23T08:00:01.000Z' })).toBeUndefined();
    expect(told({ takenAt: '2026-11-23T07:00:00.000Z' }, { assignedAt: '2026-11-23T07:00:00.000Z' })).toBeDefined();
    expect(tellWait({ wait: undefined, now: NOW }, { language: 'en', timeZone: 'UTC' })).toBeUndefined();
  });
});
