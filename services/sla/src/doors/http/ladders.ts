/** `/v1/ladders` */
import { identifier, isoDuration, nonEmptyText } from '@switchboard/contracts';
import { configurationId, configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { checkLadder } from '../../domain/escalation/check.ts';
import { ladders } from '../../store/schema.ts';
import { warnings } from './warnings.ts';

const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be HH:MM');

const notify = z
  .union([
    z
      .strictObject({ teamManagers: z.literal(true) })
      .describe('of the team that holds the case: the first who can be told'),
    z.strictObject({ managersOf: configurationId }).describe('of that team: the first who can be told'),
    z.strictObject({ agents: z.array(configurationId).min(1).max(50) }).describe('each of them who can be told'),
    z.strictObject({ assignee: z.literal(true) }).describe('who has taken the work'),
  ])
  .describe('who is away is replaced by their substitute; where nobody can be told, the next level is at once');

const level = z.object({
  notify,
  acknowledgeWithin: isoDuration.describe('else the next level'),
  workingTime: z.boolean().default(false).describe("whether that is counted on the clock's calendar"),
  repeat: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('how often the same people are told once more before the next level'),
});

const quietHours = z.union([
  z.strictObject({ calendarId: identifier.describe('quiet while this calendar is closed') }),
  z.strictObject({
    from: timeOfDay,
    to: timeOfDay,
    timeZone: nonEmptyText(64).describe('IANA name, as in Europe/Vienna'),
  }),
]);

export const ladderBody = z.object({
  order: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .default(100)
    .describe('looked at by order, then id; the first that matches'),
  match: nonEmptyText(2000).default('true').describe('CEL over case, contact, customer and clock'),
  continue: z.boolean().default(false).describe('whether the ladders after this one are looked at as well'),
  when: z
    .object({
      warned: z
        .union([z.number().gt(0).lt(1), isoDuration])
        .optional()
        .describe('this share was warned of, or so little is left'),
      breached: z.literal(true).optional(),
      atRisk: z.number().gt(0).lte(1).optional().describe('the probability of a breach is as high'),
    })
    .describe('any of these is the danger'),
  levels: z.array(level).min(1).max(10),
  quietHours: quietHours.optional().describe('what is not critical waits until they end'),
  digest: z
    .object({ every: isoDuration })
    .optional()
    .describe('what is not critical is gathered, one message a person'),
  critical: nonEmptyText(2000).default('case.priority == 1').describe('CEL over the same: told at once at any hour'),
  stopWhen: z
    .object({ pausedFor: isoDuration.default('PT1H').describe('over as well when the clock stands still for so long') })
    .default({ pausedFor: 'PT1H' }),
});

export const ladderRoutes = configurationRoutes({
  path: '/v1/ladders',
  kind: 'ladder',
  table: ladders,
  body: ladderBody,
  resource: ladderBody.safeExtend({
    id: z.string(),
    version: z.int(),
    updatedAt: z.string(),
    warnings,
  }),
  read: 'sla:read',
  write: 'sla:write',
  check: checkLadder,
});
