/** `/v1/policies` */
import { identifier, isoDuration, nonEmptyText, openVocabulary } from '@switchboard/contracts';
import { configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { checkPolicy } from '../../domain/check.ts';
import { policies } from '../../store/schema.ts';

const time = z
  .union([isoDuration, z.partialRecord(z.enum(['1', '2', '3', '4', '5']), isoDuration)])
  .describe('open time, for all or by case priority; a priority that is not named is promised nothing');

export const policyBody = z.object({
  order: z.int().min(-1_000_000).max(1_000_000).default(100).describe('tried by order, then id'),
  match: nonEmptyText(2000).describe('CEL over case, contact and customer'),
  calendarId: identifier,
  targets: z.object({
    firstResponse: time.optional(),
    nextResponse: time.optional(),
    resolution: time.optional(),
  }),
  warnAt: z
    .array(z.number().gt(0).lt(1))
    .max(10)
    .default([0.5, 0.75])
    .overwrite((shares) => [...new Set(shares)].sort((a, b) => a - b))
    .describe('shares of the target'),
  pauseIn: z
    .array(openVocabulary)
    .max(10)
    .default(['pending', 'on-hold'])
    .describe('case statuses in which the resolution clock stands still'),
});

export const policyRoutes = configurationRoutes({
  path: '/v1/policies',
  kind: 'policy',
  table: policies,
  body: policyBody,
  read: 'sla:read',
  write: 'sla:write',
  check: checkPolicy,
});
