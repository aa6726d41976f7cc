/** Routing's own settings. */
import { z } from 'zod';

const SECRET = /^([\w.-]{1,100})=(whsec_[A-Za-z0-9+/]{32,86}={0,2})$/;

const secrets = z.string().transform((value, context) => {
  const found = new Map<string, string>();
  for (const entry of value.split(',')) {
    const [, id, secret] = SECRET.exec(entry.trim()) ?? [];
    if (id === undefined || secret === undefined) {
      context.addIssue({ code: 'custom', message: 'each must be <id>=whsec_<24 to 64 bytes in base64>' });
      return z.NEVER;
    }
    found.set(id, secret);
  }
  return found;
});

export const routingSettings = {
  ENGINE_SECRETS: secrets
    .optional()
    .describe('by which questions to engines are signed: <id>=whsec_<base64>, separated by commas'),
  DECISION_WINDOW: z.coerce
    .number()
    .int()
    .min(1)
    .max(87_600)
    .default(168)
    .describe('hours that it is kept why an agent was offered an item, and what was told of its wait'),
};
