/** Answers of customer-360, as the reference page describes them. */
import { z } from 'zod';

const usage = z.object({
  unit: z.string().optional(),
  last: z.number(),
  lastAt: z.string(),
  last90Days: z.number().describe('sum over the current week and the twelve before it'),
  max90Days: z.number(),
  count90Days: z.int(),
});

const consent = z.object({
  purpose: z.string(),
  status: z.string().describe('granted, denied, revoked'),
  until: z.string().optional(),
  at: z.string(),
});

const purchases = z.object({
  count: z.int(),
  spend: z.record(z.string(), z.number()).describe('currency -> minor units'),
  lastProduct: z.string().optional(),
  lastAt: z.string().optional(),
});

export const customerView = z.object({
  id: z.string(),
  version: z.int(),
  contactPoints: z.array(z.string()).readonly(),
  name: z.string().optional(),
  languages: z.array(z.string()).readonly(),
  tier: z.string().optional(),
  products: z.array(z.object({ id: z.string(), attributes: z.record(z.string(), z.unknown()) })).readonly(),
  preferences: z.record(z.string(), z.string()),
  consents: z.array(consent).readonly(),
  segments: z.array(z.string()).readonly(),
  openCases: z.int().describe('neither resolved nor closed'),
  openComplaints: z.int(),
  usage: z.record(z.string(), usage).describe('by metric'),
  purchases,
  mergedIds: z.array(z.string()).readonly().describe('customers that turned out to be this one'),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const timelineItem = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  channel: z.string().optional(),
  summary: z.string(),
  caseId: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});

export const activityAnswer = z.object({ activityId: z.string() });
