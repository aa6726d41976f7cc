/** Shapes that more than one answer has. */
import { z } from 'zod';

/** By the ids of `/v1/dimensions`. */
export const dimensions = z
  .record(z.string(), z.string())
  .optional()
  .describe('what it was in those of /v1/dimensions, removed ones too, once it was over or broken');
