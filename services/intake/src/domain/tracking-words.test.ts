import { describe, expect, test } from 'vitest';
import type { CaseStatus, PromiseFact } from './state.ts';
import { tellPromise, trackingLanguage, trackingLanguages } from './tracking-words.ts';
import type { TrackingLanguage } from './tracking-words.ts';

const fact = (patch: Partial<PromiseFact> = {}): PromiseFact => ({
  clockId: 'clock-1',
  clockVersion: 1,
  target: 'resolution',
  startedAt: '2026-11-23T08:00:00.000Z',
  status: 'running',
  dueAt: '2026-11-23T13:00:00.000Z',
  ...patch,
});

function told(
  facts: readonly PromiseFact[],
  { status = 'open', language = 'en' }: { status?: CaseStatus; language?: TrackingLanguage } = {},
) {
  const promises = Object.fromEntries(facts.map((one, n) => [`clock-${String(n)}`, one]));
  return tellPromise({ status, promises }, { language, timeZone: 'UTC' });
}

describe('a promise in words', () => {
  test.each([
    ['en', 'Your request will be settled by Monday, 23 November 2026 at 13:00 UTC at the latest.'],
    ['pt', 'A sua solicitação será resolvida, no máximo, até segunda-feira, 23 de novembro de 2026 às 13:00 UTC.'],
    ['ru', 'Мы решим ваш вопрос не позднее этого времени: понедельник, 23 ноября 2026 г. в 13:00 UTC.'],
  ] as const)('in %s', (language, text) => {
    const dueAt = '2026-11-23T13:00:00.000Z';
    expect(told([fact()], { language })).toEqual({ target: 'resolution', state: 'on-time', dueAt, text, language });
  });

  test('tells times by the clock on the wall of the zone asked for', () => {
    const reader = { language: 'pt', timeZone: 'America/Sao_Paulo' } as const;
    expect(tellPromise({ status: 'open', promises: { a: fact() } }, reader)?.text).toContain('às 10:00');
  });

  test.each([
    ['en', 'We are sorry'],
    ['pt', 'Pedimos desculpas'],
    ['ru', 'Приносим извинения'],
  ] as const)('says sorry in %s for one that is broken, as long as it is open', (language, sorry) => {
    const broken = fact({ status: 'breached' });
    expect(told([broken], { language })).toMatchObject({
      state: 'late',
      text: expect.stringContaining(sorry) as string,
    });
    expect(told([{ ...broken, metAt: '2026-11-23T15:00:00.000Z' }], { language })).toBeUndefined();
  });

  test('tells what is waited for, by whose turn it is', () => {
    const paused = [fact({ status: 'paused', dueAt: undefined })];
    expect(told(paused, { status: 'pending' })).toEqual({
      target: 'resolution',
      state: 'waiting',
      text: 'We have a question for you. As soon as your answer is here, we go on.',
      language: 'en',
    });
    expect(told(paused, { status: 'on-hold' })?.text).toContain('from others');
    const all = trackingLanguages.map((language) => told(paused, { status: 'pending', language })?.text);
    expect(new Set(all).size).toBe(trackingLanguages.length);
  });

  test('is that which is due first; one that stands still comes after it', () => {
    const answer = fact({ target: 'nextResponse', dueAt: '2026-11-23T12:00:00.000Z' });
    expect(told([fact(), answer])?.target).toBe('nextResponse');
    expect(told([fact({ status: 'paused', dueAt: undefined }), answer])?.target).toBe('nextResponse');
  });

  test('is none where everything is fulfilled or withdrawn, nor one that customers were never given', () => {
    expect(told([fact({ status: 'met', metAt: '2026-11-23T12:00:00.000Z' }), fact({ status: 'canceled' })])).toBe(
      undefined,
    );
    expect(told([fact({ target: 'ownership' }), fact({ target: 'promise' }), fact({ target: 'vendor' })])).toBe(
      undefined,
    );
  });

  test('of a row of before, which names the target by its key', () => {
    const promises = { firstResponse: fact({ target: undefined }) };
    expect(tellPromise({ status: 'open', promises }, { language: 'en', timeZone: 'UTC' })?.text).toContain(
      'hear from us',
    );
  });
});

test('the language is that of the case, as far as it is spoken', () => {
  expect(['pt-BR', 'PT', 'ru-RU', 'en-US', 'de', '', 'pto'].map(trackingLanguage)).toEqual([
    'pt',
    'pt',
    'ru',
    'en',
    'en',
    'en',
    'en',
  ]);
});
