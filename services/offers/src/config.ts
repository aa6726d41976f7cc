import { z } from 'zod';

const days = z.coerce.number().int().min(1).max(365);

/** Settings of offers. */
export const settings = {
  OFFER_CARRY_OVER_DAYS: days.default(30).describe('how long an unanswered offer is carried over at most'),
  OFFER_DECLINED_DAYS: days.default(30).describe('how long a declined offer is not made again'),
};
