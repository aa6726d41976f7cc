/** Queues as REST takes them. */
import { isoDuration, nonEmptyText, openingHours, timeZone } from '@switchboard/contracts';
import { configurationId } from '@switchboard/service';
import { z } from 'zod';
import { parts, strategies } from '../../domain/matching/record.ts';
import { refusalReason } from './shapes.ts';

const word = nonEmptyText(100);
const condition = nonEmptyText(2000);

const ranking = z
  .strictObject({
    strict: z.boolean().optional().describe('priority first, however long others wait; with neither minutes nor bound'),
    minutes: z
      .partialRecord(z.enum(['1', '2', '3', '4', '5']), z.int().min(0).max(525_600))
      .optional()
      .describe('what each priority is worth, in minutes of wait; not named: half the bound, a quarter … nothing'),
    bound: isoDuration.optional().describe('nobody is overtaken by who came more than this later; absent: PT8H'),
    promise: z
      .strictObject({
        horizon: isoDuration.describe('from how much time left on, a promise counts'),
        handling: isoDuration.optional().describe('how long the work is expected to take'),
      })
      .optional()
      .describe('what the time left until the promised answer falls short of the horizon counts as wait'),
    tiers: z
      .record(word, isoDuration)
      .refine((all) => Object.keys(all).length <= 50, 'must not have more than 50 entries')
      .optional()
      .describe("what a customer's tier counts as wait, e.g. {gold: PT10M}; a tier that is not named: nothing"),
  })
  .describe(
    'rank = arrival - credit, lower first; credit = minutes of the priority + promise + tier + adjustment, up to bound',
  );

const target = z.strictObject({
  name: word.optional(),
  requirements: condition.optional().describe('CEL over case, contact, customer and agent'),
  levels: z
    .record(word, z.int().min(1).max(5))
    .refine((all) => Object.keys(all).length <= 50, 'must not have more than 50 entries')
    .optional()
    .describe('least level of each skill'),
  teams: z.array(word).min(1).max(50).optional().describe('agents of these teams; absent: of any'),
  preferredFor: isoDuration
    .optional()
    .describe('how long from its beginning only the preferred agent is asked, if there is one and they are available'),
  timeout: isoDuration.optional().describe('how long until the next target; the last one has none'),
  skipIf: condition
    .optional()
    .describe('CEL over the figures queue and target: while it holds, the next target has its turn at once'),
  overflow: z
    .strictObject({
      to: configurationId,
      if: condition
        .optional()
        .describe('CEL over the figures queue, target and other (the one it leads to); while not, it is passed over'),
    })
    .optional()
    .describe('whoever comes so far leaves for another queue; the age is kept'),
});

const schedule = z.strictObject({
  hours: z
    .object({ timeZone, ...openingHours, hours: openingHours.hours.default([]) })
    .optional()
    .describe('either hours or calendarId'),
  calendarId: configurationId
    .optional()
    .describe(
      "instead of hours: a calendar of sla's; one that is not known is always open, one that was removed keeps its last hours",
    ),
  closed: z
    .strictObject({ to: configurationId })
    .optional()
    .describe('where items go while it is closed; absent: they are held'),
  opening: z
    .strictObject({ agents: z.int().min(1).max(10_000), atMost: isoDuration })
    .optional()
    .describe('after opening, nothing is offered before so many agents are there, or for so long at most'),
});

const most = z.int().min(1).max(10_000);

const fairness = z.strictObject({
  most: most.describe('assignments to one agent'),
  per: isoDuration,
  ramp: z
    .strictObject({ for: isoDuration, most })
    .optional()
    .describe('for so long after an agent became available, so many at most'),
});

export const queueBody = z.object({
  order: z.int().min(-1_000_000).max(1_000_000).default(100).describe('queues are tried by order, then id'),
  match: condition.describe('CEL over case, contact and customer: which cases the queue takes'),
  requirements: condition.optional().describe('CEL over those and agent: which agents may serve it'),
  strategy: z
    .enum(strategies)
    .default('longest-idle')
    .describe('which of those who may serve gets the next item; least-cost matches many items and agents together'),
  costs: z
    .partialRecord(z.enum(parts), isoDuration)
    .optional()
    .describe('of least-cost: what a full unit of each part is worth, in waiting time'),
  holdout: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of its items that are given to a random one of those who may serve, to measure the strategy'),
  engine: z
    .strictObject({
      url: z.url().max(2000),
      timeout: isoDuration
        .optional()
        .describe('how long its answer is waited for, two seconds at most; absent: PT0.5S'),
      secretId: word.describe('which of ENGINE_SECRETS signs what it is asked'),
    })
    .optional()
    .describe('who decides its offers by a signed HTTP call; the strategy does where it does not answer well in time'),
  reservationTimeout: isoDuration.default('PT30S').describe('how long an agent may think about an offer'),
  team: word.optional().describe('which team answers for what waits in the queue'),
  ranking: ranking.optional(),
  targets: z
    .array(target)
    .min(1)
    .max(20)
    .optional()
    .describe('who may serve it, step by step; whom an earlier target admits, a later one does too'),
  split: z
    .array(z.strictObject({ queueId: configurationId, percent: z.number().gt(0).max(100) }))
    .min(1)
    .max(20)
    .optional()
    .describe('what share of what it takes another queue gets; the rest stays'),
  schedule: schedule.optional().describe('when it is open; timeouts of targets count open time alone'),
  stale: z
    .strictObject({ after: isoDuration, to: configurationId.optional() })
    .optional()
    .describe('what waits longer is offered no more, or leaves for another queue'),
  fairness: fairness.optional().describe('no agent gets more of the queue than this'),
  alerts: z
    .strictObject({
      waiting: z.int().min(1).max(1_000_000).optional().describe('so many items wait'),
      oldestWait: isoDuration.optional().describe('one has waited longer'),
      estimatedWait: isoDuration.optional().describe('who comes now waits longer'),
    })
    .optional()
    .describe('levels above which QueueAlerted is told; QueueCalmed at four fifths of them'),
  offersAtOnce: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe('how many agents are asked about one item at the same time, the first to accept has it; absent: one'),
  unansweredAfter: isoDuration
    .optional()
    .describe('who took it and leaves the customer without an answer for so long, loses it to others; absent: never'),
  wrapUpAtMost: isoDuration.optional().describe('wrapping up ends by itself after so long; absent: never'),
  refusalReasons: z
    .array(refusalReason)
    .min(1)
    .max(50)
    .refine((all) => new Set(all).size === all.length, 'must not name a reason twice')
    .optional()
    .describe('the words with which agents may refuse its offers; absent: any word'),
  answerWithin: isoDuration.optional().describe('within what time work is to be accepted: what serviceLevel counts'),
});

const finding = z.object({ field: z.string(), reason: z.string() });

export const shownQueue = queueBody.safeExtend({
  id: z.string(),
  version: z.int(),
  updatedAt: z.string(),
  warnings: z
    .array(finding)
    .optional()
    .describe('what looks wrong: all of it in the answer to a PUT, else what became of its calendar'),
});
