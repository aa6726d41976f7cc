import { describe, expect, test } from 'vitest';
import { createLogger } from './logging.ts';

function logged(fields: object, message = 'said'): Record<string, unknown> {
  let line = '';
  const logger = createLogger({ service: 'intake', level: 'info', format: 'json' }, { write: (text) => (line = text) });
  logger.info(fields, message);
  return JSON.parse(line) as Record<string, unknown>;
}

describe('the log', () => {
  test('keeps what helps and masks what is about a person, at any depth', () => {
    const entry = logged({
      caseId: 'c1',
      type: 'record-contact',
      headers: { authorization: 'Bearer secret', 'user-agent': 'x' },
      contact: {
        id: 'k1',
        from: { address: 'phone:+4915112345678', name: 'Anna' },
        text: 'my leg hurts',
        subject: 'leg',
      },
      list: [{ email: 'anna@example.org', phone: '+49', value: 1, reason: 'complaint' }],
    });

    expect(entry).toMatchObject({
      level: 'info',
      service: 'intake',
      caseId: 'c1',
      headers: { authorization: '[redacted]', 'user-agent': 'x' },
      contact: { id: 'k1', from: '[redacted]', text: '[redacted]', subject: '[redacted]' },
      list: [{ email: '[redacted]', phone: '[redacted]', value: '[redacted]', reason: 'complaint' }],
    });
  });

  test('shows errors without the values they repeat', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (address)=(anna@example.org)',
    });
    const text = JSON.stringify(logged({ err: new Error('no contact anna@example.org, +49 151 1234567', { cause }) }));

    expect(text).not.toMatch(/anna|1234567/);
    expect(text).toContain('23505');
    expect(text).toContain('redaction.test.ts');
  });

  test('takes bytes, dates, and circles', () => {
    const circle: Record<string, unknown> = { at: new Date(0), bytes: Buffer.from('anna') };
    circle.self = circle;

    expect(logged(circle)).toMatchObject({ at: '1970-01-01T00:00:00.000Z', bytes: '[redacted]' });
  });
});
