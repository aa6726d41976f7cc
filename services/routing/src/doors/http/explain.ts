/** Why an agent was offered an item: who was looked at, what removed whom, what spoke for the others. */
import { identifier } from '@switchboard/contracts';
import { defineRoutes, ok, problem } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { wordsOf } from '../../domain/matching/decision.ts';
import { unpacked } from '../../domain/matching/packed.ts';
import { fallbackReasons, removals, strategies } from '../../domain/matching/record.ts';
import type { DecisionRecord } from '../../domain/matching/record.ts';
import { findDecision } from '../../store/decision-queries.ts';
import { mayReadAgents } from './persons.ts';

const costs = z.object({
  skills: z.int(),
  load: z.int(),
  idle: z.int(),
  affinity: z.int(),
  territory: z.int(),
  worked: z.int(),
  breadth: z.int(),
  tier: z.int(),
});

const explanation = z.object({
  reservationId: z.string(),
  workItemId: z.string(),
  agentId: z.string(),
  decidedAt: z.string(),
  strategy: z.enum(strategies),
  arm: z.enum(['strategy', 'holdout']).describe('holdout: drawn at random, to measure what the strategy is worth'),
  queueId: z.string(),
  target: z.string().describe("of the queue's targets the one that had been reached"),
  policyVersion: z.int().describe("of the queue's definition"),
  agents: z.int().describe('how many there are'),
  eligible: z.int().describe('how many of them could be asked'),
  removed: z
    .array(z.object({ reason: z.enum(removals), count: z.int(), agents: z.array(z.string()) }))
    .describe('what ruled out the others, a few of them by name'),
  candidates: z
    .array(
      z.object({
        agentId: z.string(),
        cost: z.int().describe('ms of waiting; the sum of the parts'),
        parts: costs,
        held: z.int(),
        idleSince: z.string().optional(),
      }),
    )
    .describe('the best, in the order of the strategy'),
  together: z.int().describe('items that were matched together'),
  waitedMs: z.int(),
  credits: z
    .object({ priority: z.number(), promise: z.number(), tier: z.number(), adjustment: z.number() })
    .optional()
    .describe('what let it rank as if it were older, before all of it is bounded; ms'),
  tier: z.string().optional().describe("the customer's"),
  engine: z
    .object({ by: z.enum(['engine', 'fallback']), reason: z.enum(fallbackReasons).optional() })
    .optional()
    .describe("where the queue has an engine: whether it decided, or why the queue's own strategy did"),
  beside: z.string().optional().describe('who was asked at the same time, before this one'),
  words: z.array(z.string()).describe('the same in sentences'),
});

/** Who asks why they were asked, or reads work alone, is told how many others there were, and nothing of who they are and what they do. */
const ofOneself = ({ beside: _, ...record }: DecisionRecord, agentId: string): DecisionRecord => ({
  ...record,
  removed: record.removed.map((one) => ({ ...one, agents: [] })),
  candidates: record.candidates.filter((one) => one.agentId === agentId),
});

export const explainRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/reservations/:id/explain',
    {
      access: { scope: 'work:read', orSelf: 'handler' },
      summary:
        'Why this agent: all candidates, what removed the others, what each would have cost. Others are named with agents:read alone',
      params: z.object({ id: identifier }),
      responses: { 200: explanation },
    },
    async (request) => {
      const {
        params: { id },
        onlyAgent,
      } = request;
      const decision = await findDecision(door.db, id);
      if (decision === undefined) throw problem('unknown-id', `Nothing is kept about a reservation ${id}`);
      const { workItemId, agentId, decidedAt } = decision;
      const all = unpacked(decision.record);
      if (onlyAgent !== undefined && onlyAgent !== agentId)
        throw problem('forbidden', 'The reservation is for another agent');
      const record = onlyAgent === undefined && mayReadAgents(request) ? all : ofOneself(all, agentId);
      const words = wordsOf(record, agentId);
      const removed = record.removed.map((one) => ({ ...one, agents: [...one.agents] }));
      const candidates = record.candidates.map((one) => ({ ...one, parts: { ...one.parts } }));
      return ok({ reservationId: id, workItemId, agentId, decidedAt, ...record, removed, candidates, words });
    },
  );
});
