/** `/v1/policies` */
import { parseDuration } from '@switchboard/calendar';
import { identifier, isoDuration, nonEmptyText, openVocabulary } from '@switchboard/contracts';
import { configurationRoutes } from '@switchboard/service';
import { z } from 'zod';
import { checkPolicy } from '../../domain/policies/check.ts';
import { targets } from '../../domain/policies/state.ts';
import { policies } from '../../store/schema.ts';
import { warnings as findings } from './warnings.ts';

const condition = nonEmptyText(2000);
const byPriority = z.partialRecord(z.enum(['1', '2', '3', '4', '5']), isoDuration);
const openTime = z
  .union([isoDuration, byPriority])
  .describe('open time, for all or by case priority; a priority that is not named is promised nothing');

const relativeTime = z
  .strictObject({
    businessDays: z.int().min(0).max(250).describe('after the day of the start; 0: the first one still ahead'),
    at: nonEmptyText(5).describe('end, start, or an hour by the clock on the wall: 17:00'),
  })
  .describe('a time on a business day of the calendar; it does not pause');

const time = z.union([openTime, relativeTime]);

const team = nonEmptyText(100);
const teamTimes = z
  .strictObject({
    byTeam: z.record(team, openTime).refine((all) => Object.keys(all).length <= 500, 'at most 500 teams'),
  })
  .describe('by the team that holds the case; `default` for all others');

const statuses = z.array(openVocabulary).max(10);
const share = z.number().gt(0).lt(1);
const warnings = z
  .array(z.union([share, isoDuration]))
  .max(10)
  .overwrite((all) => {
    const shares = all.filter((one) => typeof one === 'number').sort((a, b) => a - b);
    const lefts = new Map(all.flatMap((one) => (typeof one === 'string' ? [[parseDuration(one), one] as const] : [])));
    return [...new Set(shares), ...lefts.values()];
  })
  .describe('shares of the target, or how much open time is left');

const riskLevels = z
  .array(share)
  .max(5)
  .overwrite((all) => [...new Set(all)].sort((a, b) => a - b))
  .describe('probabilities of a breach whose crossing is told (RiskChanged); none: nothing is told');

const plainTarget = z.enum(targets);

/** Which of them are for which target, `checkPolicy` says. */
const conditions = z.strictObject({
  start: condition.optional().describe('CEL over case, contact and customer: the clock begins only when it holds too'),
  stop: condition.optional().describe('when it holds, the promise is kept as well'),
  pause: condition.optional().describe('while it holds, the clock stands still, beside the statuses in which it does'),
  resume: condition.optional().describe('a paused clock goes on when this holds; absent: when pause no longer does'),
  cancel: condition.optional().describe('while it holds, nothing is promised'),
  reset: condition.optional().describe('when it comes to hold, the clock is met and a new one begins'),
  startFrom: condition.optional().describe('CEL that yields an instant in the past from which the clock counts'),
  retroactivePauses: z.boolean().optional().describe('whether what paused since startFrom is taken off'),
});

const stepPromise = z.object({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'must be 1 to 64 letters, digits or . _ -')
    .describe('names the clock'),
  target: time,
  start: condition.describe('CEL over case, contact and customer: when it holds, and stop does not, the clock begins'),
  stop: condition.describe('when it holds, the promise is kept'),
  pause: condition.optional().describe('while it holds, the clock stands still'),
  resume: condition.optional().describe('a paused clock goes on when this holds; absent: when pause no longer does'),
  cancel: condition.optional().describe('when it holds, nothing is promised any more'),
  reset: condition.optional().describe('when it comes to hold, the clock is over and a new one begins'),
  startFrom: condition.optional().describe('CEL that yields an instant in the past from which the clock counts'),
  retroactivePauses: z.boolean().optional().describe('whether what paused since startFrom is taken off'),
  pauseIn: statuses.optional().describe('case statuses in which the clock stands still'),
  warnAt: warnings.optional().describe('instead of the policy’s'),
  riskLevels: riskLevels.optional().describe('instead of the policy’s'),
});

export const policyBody = z.object({
  order: z.int().min(-1_000_000).max(1_000_000).default(100).describe('tried by order, then id'),
  match: condition.describe('CEL over case, contact and customer'),
  continue: z
    .boolean()
    .optional()
    .describe(
      'whether the policies after this one are looked at as well; absent: the first one that matches holds alone',
    ),
  calendarId: identifier,
  calendarFrom: z
    .array(condition)
    .max(10)
    .optional()
    .describe('CEL over case, contact, customer and team; the first that yields the id of a calendar wins'),
  targets: z.object({
    firstResponse: time.optional(),
    nextResponse: time.optional(),
    resolution: time.optional(),
    periodicUpdate: time.optional().describe('between public messages of agents'),
    requesterWait: time.optional().describe('counts while the case is new, open or on hold'),
    agentWork: time.optional().describe('counts while the case is new or open'),
    ownership: z.union([time, teamTimes]).optional().describe('one clock for each stretch that a team holds the case'),
    vendor: time.optional().describe('one clock for each stretch in the statuses of vendorIn'),
  }),
  warnAt: warnings.default([0.5, 0.75]),
  pauseIn: statuses
    .default(['pending', 'on-hold'])
    .describe('case statuses in which the resolution clock and that of a team stand still'),
  pausesByTarget: z
    .partialRecord(plainTarget, statuses)
    .optional()
    .describe('case statuses in which the clock of a target stands still, instead of those above'),
  conditionsByTarget: z
    .partialRecord(plainTarget, conditions)
    .optional()
    .describe('what refines the course of a target: ownership and vendor only pause; reset is for the case’s own work'),
  vendorIn: statuses.min(1).optional().describe('case statuses in which the vendor has the case; absent: on-hold'),
  promises: z.array(stepPromise).max(20).optional(),
  botAnswers: z
    .enum(['ignore', 'count'])
    .optional()
    .describe('whether what a bot writes is an answer; absent: it is none'),
  remind: z
    .strictObject({
      every: isoDuration.describe('open time'),
      atMost: z.int().min(1).max(100).describe('reminders'),
    })
    .optional()
    .describe('what is said again and again of a broken promise'),
  quietWhenLate: z
    .boolean()
    .optional()
    .describe('whether a promise that is broken already when it begins breaches without a word, reminder or ladder'),
  riskLevels: riskLevels.optional().describe('instead of the setting RISK_LEVELS'),
  riskLevelsByTarget: z
    .partialRecord(plainTarget, riskLevels)
    .optional()
    .describe('the same for single targets, instead of those above'),
});

export const policyRoutes = configurationRoutes({
  path: '/v1/policies',
  kind: 'policy',
  table: policies,
  body: policyBody,
  resource: policyBody.safeExtend({
    id: z.string(),
    version: z.int(),
    updatedAt: z.string(),
    warnings: findings,
  }),
  read: 'sla:read',
  write: 'sla:write',
  check: checkPolicy,
});
