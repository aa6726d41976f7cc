/** What a queue's strategy is worth: its items beside those that were drawn at random. */
import { instant } from '@switchboard/contracts';
import { configurationId, defineRoutes, ok, problem } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { differenceOfMeans, differenceOfShares } from '../../domain/matching/arms.ts';
import type { Difference } from '../../domain/matching/arms.ts';
import { MOST_OFFERS, readArms, readQueueNow } from '../../store/strategy-queries.ts';
import type { ArmRow } from '../../store/strategy-queries.ts';
import { fieldProblem } from './spans.ts';

const WEEK_MS = 7 * 86_400_000;

const measures = ['wait', 'acceptance', 'handOffs', 'handling', 'promisesKept'] as const;
type Measure = (typeof measures)[number];

const value = z.object({ count: z.int().describe('what it was measured on'), value: z.number().nullable() });

const comparison = z.object({
  measure: z.enum(measures),
  unit: z.enum(['ms', 'share', 'per item']),
  strategy: value,
  holdout: value,
  difference: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .optional()
    .describe('strategy less holdout, with its 95 % confidence interval; absent where one has too few'),
});

const report = z.object({
  queueId: z.string(),
  from: z.string(),
  to: z.string(),
  items: z.object({ strategy: z.int(), holdout: z.int() }),
  offers: z.object({ strategy: z.int(), holdout: z.int() }),
  isCut: z.boolean().describe(`more offers than ${String(MOST_OFFERS)}: the newest were looked at`),
  comparisons: z.array(comparison),
});

export const strategyReportRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/queues/:id/strategy-report',
    {
      access: 'work:read',
      summary: "What a queue's strategy is worth, beside the items that its holdout matched at random",
      description:
        'Of offers made in the span. wait: from arrival until somebody accepted; acceptance: of offers that were answered or missed; handOffs: further agents who accepted an item; handling: from accepted to completed; promisesKept: of items with a promised answer, those accepted before it was due.',
      params: z.object({ id: configurationId }),
      query: z.object({
        from: instant.optional().describe('inclusive; a week before `to` unless set'),
        to: instant.optional().describe('exclusive; now unless set'),
      }),
      responses: { 200: report },
    },
    async ({ params: { id: queueId }, query }) => {
      const { isThere, now } = await readQueueNow(door.sql, queueId);
      if (!isThere) throw problem('unknown-id', `There is no queue ${queueId}`);
      const to = query.to ?? now.toISOString();
      const from = query.from ?? new Date(Date.parse(to) - WEEK_MS).toISOString();
      if (from >= to) throw fieldProblem('from', 'must be before `to`');
      const rows = await readArms(door.sql, { queueId, from, to });
      const strategy = rows.find(({ arm }) => arm === 'strategy') ?? { ...nothing, arm: 'strategy' };
      const holdout = rows.find(({ arm }) => arm === 'holdout') ?? { ...nothing, arm: 'holdout' };
      return ok({
        ...{ queueId, from, to },
        items: { strategy: strategy.items, holdout: holdout.items },
        offers: { strategy: strategy.offers, holdout: holdout.offers },
        isCut: strategy.offers + holdout.offers >= MOST_OFFERS,
        comparisons: measures.map((measure) => compared(measure, strategy, holdout)),
      });
    },
  );
});

const nothing: Omit<ArmRow, 'arm'> = {
  ...{ items: 0, offers: 0, answered: 0, accepted: 0, promised: 0, kept: 0, waits: 0, handled: 0 },
  ...{ waitMean: null, waitVariance: null, handlingMean: null, handlingVariance: null },
  ...{ handOffMean: null, handOffVariance: null },
};

type Measured =
  | { readonly count: number; readonly mean: number | null; readonly variance: number | null }
  | { readonly count: number; readonly hits: number };

const measured: Readonly<Record<Measure, (row: ArmRow) => Measured>> = {
  wait: ({ waits, waitMean, waitVariance }) => ({ count: waits, mean: waitMean, variance: waitVariance }),
  acceptance: ({ answered, accepted }) => ({ count: answered, hits: accepted }),
  handOffs: ({ waits, handOffMean, handOffVariance }) => ({
    count: waits,
    mean: handOffMean,
    variance: handOffVariance,
  }),
  handling: ({ handled, handlingMean, handlingVariance }) => ({
    count: handled,
    mean: handlingMean,
    variance: handlingVariance,
  }),
  promisesKept: ({ promised, kept }) => ({ count: promised, hits: kept }),
};

const units = {
  wait: 'ms',
  acceptance: 'share',
  handOffs: 'per item',
  handling: 'ms',
  promisesKept: 'share',
} as const satisfies Record<Measure, string>;

function compared(measure: Measure, strategy: ArmRow, holdout: ArmRow): z.input<typeof comparison> {
  const [one, other] = [measured[measure](strategy), measured[measure](holdout)];
  const difference = differenceOf(one, other);
  return { measure, unit: units[measure], strategy: shown(one), holdout: shown(other), difference };
}

function differenceOf(one: Measured, other: Measured): Difference | undefined {
  if ('hits' in one) return 'hits' in other ? differenceOfShares(one, other) : undefined;
  if ('hits' in other) return undefined;
  return differenceOfMeans(sample(one), sample(other));
}

const sample = ({ count, mean, variance }: Exclude<Measured, { readonly hits: number }>) => ({
  count,
  mean: mean ?? 0,
  variance: variance ?? undefined,
});

function shown(one: Measured): z.input<typeof value> {
  if (!('hits' in one)) return { count: one.count, value: one.mean };
  return { count: one.count, value: one.count === 0 ? null : one.hits / one.count };
}
