/** sla's own settings. */
import { z } from 'zod';

const levels = z
  .string()
  .transform((value) => value.split(',').map((level) => (level.trim() === '' ? Number.NaN : Number(level))))
  .pipe(z.array(z.number().gt(0).lt(1)).min(1).max(5))
  .transform((found) => [...new Set(found)].sort((a, b) => a - b));

export const settings = {
  RISK_LEVELS: levels
    .default([0.5, 0.8])
    .describe('probabilities that a promise will be broken, separated by commas: crossing one is told'),
  RISK_LEARN_HOURS: z.coerce
    .number()
    .min(0.01)
    .max(8760)
    .default(24)
    .describe('hours between two times of learning which promises are broken'),
};
