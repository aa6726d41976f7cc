/** `/v1/clocks/exports`: clocks with their stretches, as a file. */
import { instant } from '@switchboard/contracts';
import { csvOf, defineRoutes } from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { valuesOf } from '../../domain/dimensions/labels.ts';
import type { Story } from '../../domain/explain/story.ts';
import { readDimensionIds } from '../../store/report-queries.ts';
import { storyPages } from '../../store/story-queries.ts';
import { dimensions } from './shapes.ts';
import { spanOf } from './reports.ts';

const text = z.string().optional();

const exported = z.object({
  clockId: z.string(),
  caseId: z.string(),
  customerId: text,
  policyId: z.string(),
  target: z.string(),
  name: text,
  status: z.string(),
  startedAt: z.string(),
  dueAt: text,
  metAt: text,
  breachedAt: text,
  canceledAt: text,
  targetMs: z.number(),
  elapsedMs: z.number(),
  remainingMs: z.number(),
  pausedMs: z.number(),
  dimensions,
  stretches: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      state: z.string(),
      reason: text,
      calendarId: z.string(),
      calendarVersion: z.int().optional(),
      team: text,
      priority: z.int().optional(),
      tier: text,
      wallMs: z.number(),
      openMs: z.number(),
    }),
  ),
});

type Exported = z.output<typeof exported>;

const types = { csv: 'text/csv', json: 'application/json' } as const;

export const exportRoutes = defineRoutes<SlaCommands>((routes, door) => {
  const pages = storyPages(door);
  routes.download(
    '/v1/clocks/exports',
    {
      access: 'sla:read',
      summary: 'Clocks with their stretches as a file, oldest first',
      description:
        'Clocks that began in the span. CSV has a line for each stretch, with the columns of its clock again, one for each of /v1/dimensions among them; texts that a spreadsheet would take for a formula begin with an apostrophe.',
      query: z.object({
        format: z.enum(['csv', 'json']).default('json'),
        from: instant.optional().describe('inclusive; thirty days before `to` unless set'),
        to: instant.optional().describe('exclusive; now unless set'),
      }),
      types: {
        [types.csv]: z.string(),
        [types.json]: z.array(exported),
      },
    },
    async ({ query: { format, ...asked } }) => {
      const span = await spanOf(door.sql, asked, 30);
      const chunks = format === 'csv' ? csv(pages(span), await readDimensionIds(door.sql)) : json(pages(span));
      return { type: types[format], fileName: `clocks-${span.from.slice(0, 10)}.${format}`, chunks };
    },
  );
});

const parts = new Set(['dimensions', 'stretches']);
const clockColumns = Object.keys(exported.shape).filter((column) => !parts.has(column));
const stretchColumns = Object.keys(exported.shape.stretches.element.shape);
const dimensionColumn = (id: string): string => `dimension.${id}`;

async function* csv(pages: AsyncIterable<readonly Story[]>, dimensions: readonly string[]): AsyncGenerator<string> {
  const stretch = stretchColumns.map((column) => `stretch.${column}`);
  const file = csvOf([...clockColumns, ...dimensions.map(dimensionColumn), ...stretch]);
  // With the first page: an answer that has begun cannot say any more that the database is away.
  let before = file.header;
  for await (const page of pages) {
    yield before + file.lines(page.map(exportedOf).flatMap(linesOf));
    before = '';
  }
  if (before !== '') yield before;
}

function linesOf({ stretches, dimensions = {}, ...plain }: Exported): Record<string, unknown>[] {
  const values = Object.entries(dimensions).map(([id, value]) => [dimensionColumn(id), value] as const);
  const clock = { ...plain, ...Object.fromEntries(values) };
  if (stretches.length === 0) return [clock];
  return stretches.map((stretch) => ({
    ...clock,
    ...Object.fromEntries(Object.entries(stretch).map(([name, value]) => [`stretch.${name}`, value])),
  }));
}

async function* json(pages: AsyncIterable<readonly Story[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    yield before + page.map((story) => JSON.stringify(exportedOf(story))).join(',\n');
    before = ',\n';
  }
  yield before === '[' ? '[]\n' : ']\n';
}

function exportedOf({ clock, stretches, elapsedMs, remainingMs, pausedMs }: Story): Exported {
  const { id, caseId, customerId, policyId, target, name, status, startedAt, dueAt } = clock;
  const { metAt, breachedAt, canceledAt, targetMs } = clock;
  return {
    clockId: id,
    ...{
      caseId,
      customerId,
      policyId,
      target,
      name,
      status,
      startedAt,
      dueAt,
      metAt,
      breachedAt,
      canceledAt,
      targetMs,
    },
    ...{ elapsedMs, remainingMs, pausedMs },
    dimensions: valuesOf(clock),
    stretches: stretches.map(({ from, to, state, reason, calendarId, calendarVersion, ...rest }) => {
      const { team, priority, tier, wallMs, openMs } = rest;
      return { from, to, state, reason, calendarId, calendarVersion, team, priority, tier, wallMs, openMs };
    }),
  };
}
