/** What a PUT says about what it saved. */
import { z } from 'zod';

const finding = z.object({ field: z.string(), reason: z.string() });

export const warnings = z.array(finding).optional().describe('what looks wrong, in the answer to a PUT alone');
