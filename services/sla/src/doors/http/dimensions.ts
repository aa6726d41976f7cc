/** `/v1/dimensions` */
import { nonEmptyText } from '@switchboard/contracts';
import { configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { checkDimension } from '../../domain/dimensions/compile.ts';
import { dimensions } from '../../store/schema.ts';
import { warnings } from './warnings.ts';

const dimensionBody = z.object({
  value: nonEmptyText(2000).describe(
    'CEL over case, contact and customer that yields a text, a number, an instant, or true or false. Asked of every promise when it ends or is broken; what it was then stays',
  ),
  description: nonEmptyText(500).optional(),
});

export const dimensionRoutes = configurationRoutes({
  path: '/v1/dimensions',
  kind: 'dimension',
  table: dimensions,
  body: dimensionBody,
  resource: dimensionBody.safeExtend({
    id: z.string(),
    version: z.int(),
    updatedAt: z.string(),
    warnings,
  }),
  read: 'sla:read',
  write: 'sla:write',
  check: checkDimension,
});
