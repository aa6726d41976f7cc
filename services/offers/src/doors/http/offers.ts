/** Offers as configuration. */
import { instant, money, nonEmptyText, openVocabulary } from '@switchboard/contracts';
import { configurationRoutes } from '@switchboard/service';
import type { FieldError } from '@switchboard/service';
import { z } from 'zod';
import type { OfferDefinition } from '../../domain/state.ts';
import { problemsOf } from '../../store/configuration.ts';
import { offer } from '../../store/schema.ts';

const incentive = z.object({
  text: nonEmptyText(1000),
  value: money.optional(),
  until: instant.optional().describe('promised to nobody after it'),
});

const offerBody = z.object({
  name: nonEmptyText(200),
  trigger: nonEmptyText(2000).describe('CEL over contact, activity, profile'),
  eligibility: nonEmptyText(2000).optional().describe('CEL over profile, case, sla; everybody where absent'),
  incentive: incentive.optional(),
  value: money.describe('offers are ranked by it'),
  channels: z.array(openVocabulary).max(20).optional().describe('all where absent'),
  validFrom: instant.optional(),
  validTo: instant.optional(),
});

function check(definition: OfferDefinition): readonly FieldError[] {
  const problems = problemsOf(definition).map(({ field = '', reason }) => ({ field, reason }));
  const { validFrom, validTo } = definition;
  const backwards = validFrom !== undefined && validTo !== undefined && validTo <= validFrom;
  return backwards ? [...problems, { field: 'validTo', reason: 'must be after validFrom' }] : problems;
}

export const offerRoutes = configurationRoutes({
  path: '/v1/offers',
  kind: 'offer',
  table: offer,
  body: offerBody,
  read: 'offers:read',
  write: 'offers:write',
  check,
});
