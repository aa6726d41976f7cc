/** Figures and waits as REST shows them. */
import { instant } from '@switchboard/contracts';
import { z } from 'zod';
import { methods, unknowns } from '../../domain/figures/estimate.ts';
import { alertFigures } from '../../domain/figures/state.ts';
import { presences } from '../../domain/people/state.ts';
import { itemStatus } from './shapes.ts';

const ms = z.number().describe('ms');

export const waitEstimate = z.object({
  medianMs: ms,
  lowMs: ms.describe('ms; in one of ten cases it is less'),
  highMs: ms.describe('ms; in one of ten cases it is more'),
  method: z
    .enum(methods)
    .describe('reckoned: from agents at work and handling times; learned: corrected by what came of that lately'),
});

const expectation = {
  estimate: waitEstimate.optional().describe('absent where nobody knows'),
  unknown: z.enum(unknowns).optional().describe('why nobody knows; held: it is not offered for now'),
  opensAt: instant.optional().describe('of a queue that is closed'),
};

export const wait = z.object({
  workItemId: z.string(),
  queueId: z.string(),
  status: itemStatus,
  waitedMs: z.number().optional().describe('so far; of what is pending or reserved alone'),
  ahead: z.int().optional().describe('who is served before by the same agents; absent where nobody knows'),
  position: z.int().optional().describe('ahead + 1'),
  ...expectation,
  expectedAt: instant.optional().describe('asOf and the median'),
  asOf: instant.optional().describe('when this was reckoned'),
  basis: z
    .enum(['item', 'queue'])
    .optional()
    .describe('queue: too new to be told of itself, so what is said to whoever comes now'),
});

export const queueFigures = z.object({
  queueId: z.string(),
  asOf: instant.optional().describe('absent: nothing was told of it yet'),
  waiting: z.int().describe('pending'),
  reserved: z.int(),
  assigned: z.int(),
  wrapping: z.int(),
  oldestEnqueuedAt: instant.optional(),
  oldestWaitMs: z.int().describe('0: nothing waits'),
  available: z.int().describe('agents who may serve it, say that they take work, and are at work by their hours'),
  idle: z.int().describe('of those, who hold nothing'),
  lastHalfHour: z.object({
    arrived: z.int(),
    accepted: z.int(),
    completed: z.int(),
    canceled: z.int().describe('called off before anybody took it'),
    meanWaitMs: z.int().describe('of what was accepted'),
    serviceLevel: z
      .number()
      .optional()
      .describe('share accepted within answerWithin, of what was accepted or is late; absent: nothing is asked for'),
  }),
  ...expectation,
  alerts: z.array(z.enum(alertFigures)).describe('what is above the level set on the queue'),
  accuracy: z
    .object({
      count: z.int().describe('estimates that were compared with what came'),
      biasMs: z.int().describe('real less told, the newest two hundred counting most'),
      meanAbsoluteErrorMs: z.int(),
      coverage: z.number().describe('share that came within the range; 0.8 is meant'),
      simplestErrorMs: z.int().describe('what the mean of the last twenty waits would have been off'),
    })
    .optional()
    .describe('of what was reckoned for an item when it was first seen waiting; absent: nothing to compare yet'),
});

export const agentFigures = z.object({
  agentId: z.string(),
  name: z.string(),
  team: z.string(),
  status: z.enum(presences),
  statusReason: z.string().optional(),
  statusSince: instant.optional().describe('absent: since before this was kept'),
  held: z.int().describe('items from reserved to completed'),
  load: z.record(z.string(), z.int()).describe('the same by channel'),
  offered: z.int().describe('of those, not accepted yet'),
  paused: z.int().describe('of those, set aside'),
  room: z
    .record(z.string(), z.boolean())
    .describe('channel (default: one that is not named): whether one more item would fit, hours and presence aside'),
  idleSince: instant.optional().describe('when they last became available, accepted or completed something'),
  handledToday: z.int().describe('work offered since midnight and completed'),
});
