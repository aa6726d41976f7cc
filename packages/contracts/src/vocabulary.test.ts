import { describe, expect, it } from 'vitest';
import { isoDuration, money, webAddress } from './vocabulary.ts';

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
