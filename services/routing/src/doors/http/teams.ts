/** Teams: who answers for them. A team that is not here is a word that its agents share. */
import { nonEmptyText } from '@switchboard/contracts';
import { configurationId, configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { teamTable } from '../../store/schema.ts';
import { workRules } from './work-rules.ts';

const words = z.array(nonEmptyText(100)).max(100).default([]);

const manager = z
  .union([
    configurationId,
    z.object({
      agentId: configurationId,
      products: words.describe('only for work about one of these; empty: about any'),
      regions: words.describe('only for work from one of these; empty: from any'),
    }),
  ])
  .transform((given) => (typeof given === 'string' ? { agentId: given, products: [], regions: [] } : given));

const shownManager = z.object({ agentId: z.string(), products: z.array(z.string()), regions: z.array(z.string()) });

const teamBody = z.object({
  name: nonEmptyText(200),
  managers: z.array(manager).max(50).default([]).describe('in the order in which they are asked; an id, or more of it'),
  ...workRules,
});

const team = teamBody.safeExtend({
  id: z.string(),
  managers: z.array(shownManager),
  version: z.int(),
  updatedAt: z.string(),
});

export const teamRoutes = configurationRoutes({
  path: '/v1/teams',
  kind: 'team',
  table: teamTable,
  body: teamBody,
  resource: team,
  read: 'agents:read',
  write: 'agents:write',
});
