import { describe, expect, it } from 'vitest';
import { durationWithin, isoDuration, money, webAddress, withoutBounds } from './vocabulary.ts';

describe('durations', () => {
  it.each(['PT30S', 'PT0.5S', 'PT30M', 'PT1H30M', 'P1D', 'P1DT12H', 'P2W'])('given %s, then it passes', (text) => {
    expect(isoDuration.safeParse(text).success).toBe(true);
  });

  it.each(['', 'P', 'PT', 'P1DT', '30', 'PT-5M', 'P1Y', 'P1M', 'PT1.5H', 'pt30s', 'PT30S\n', 'PT99999999999H'])(
    'given %j, then it is refused',
    (text) => {
      expect(isoDuration.safeParse(text).success).toBe(false);
    },
  );
});

describe('durations that are too long or too short', () => {
  const refusal = (schema: typeof isoDuration, text: string) =>
    schema.safeParse(text).error?.issues.map(({ message }) => message);

  it.each(['P366D', 'P52W', 'PT8784H', 'PT527040M', 'PT31622400S', 'P365DT24H'])('given %s, then it passes', (text) => {
    expect(isoDuration.safeParse(text).success).toBe(true);
  });

  it.each(['P367D', 'P53W', 'PT8785H', 'P366DT0.001S', 'P999999DT999999H', 'PT999999999S'])(
    'given %s, then it is longer than anything lasts',
    (text) => {
      expect(refusal(isoDuration, text)).toEqual(['must be at most P366D']);
    },
  );

  it('given bounds, then they are included, and named where they are not kept', () => {
    const span = durationWithin({ least: 'PT1S', most: 'P1D' });
    for (const text of ['PT1S', 'PT24H', 'P1D']) expect(refusal(span, text)).toBeUndefined();
    for (const text of ['PT0S', 'PT0.999S', 'P1DT0.001S', 'P1W'])
      expect(refusal(span, text)).toEqual(['must be from PT1S to P1D']);
    expect(refusal(span, 'P1Y')).toEqual(['must be an ISO 8601 duration, as in PT30M']);
  });
});

it('bounds of durations are for what comes in, not for what is told', () => {
  const day = durationWithin({ most: 'P1D' });
  expect(withoutBounds(() => day.parse('P2D'))).toBe('P2D');
  expect(() => withoutBounds(() => day.parse('two days'))).toThrow();
  expect(day.safeParse('P2D').success).toBe(false);
});

describe('money', () => {
  it('given whole minor units and a currency, then it passes', () => {
    expect(money.safeParse({ minorUnits: 499, currency: 'EUR' }).success).toBe(true);
  });

  it.each([
    { minorUnits: 4.99, currency: 'EUR' },
    { minorUnits: 2 ** 60, currency: 'EUR' },
    { minorUnits: 499, currency: 'euro' },
  ])('given %j, then it is refused', (amount) => {
    expect(money.safeParse(amount).success).toBe(false);
  });
});

describe('web addresses', () => {
  it.each(['https://a.example/x?y=ü', 'http://127.0.0.1:8080'])('given %s, then it passes', (text) => {
    expect(webAddress.safeParse(text).success).toBe(true);
  });

  it.each(['', 'a.example', 'ftp://a.example', 'data:text/plain,x', 'https://', 'https://a\0b'])(
    'given %j, then it is refused',
    (text) => {
      expect(webAddress.safeParse(text).success).toBe(false);
    },
  );
});
