/** `/v1/routing/reports/agents`: what each agent did, beside what others did with the same mix of work. */
import { setImmediate } from 'node:timers/promises';
import { configurationId, csvOf, defineRoutes } from '@switchboard/service';
import { nonEmptyText } from '@switchboard/contracts';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { agentLines } from '../../domain/reports/agent-lines.ts';
import type { Found } from '../../domain/reports/agent-lines.ts';
import { measures, standardise } from '../../domain/reports/standardise.ts';
import type { Cell } from '../../domain/reports/standardise.ts';
import { MOST_CELLS, readCells, readPeople } from '../../store/report-queries.ts';
import { fieldProblem, reportSpan, spanShape } from './spans.ts';

const number = z.number();
const standing = z.enum(['below', 'alike', 'above']);

const compared = z.object({
  observed: number,
  expected: number.describe('of all others, with the same mix of work'),
  ratio: number.describe('observed / expected'),
  low: number.describe('from here'),
  high: number.describe('to here the ratio may be (95 %)'),
  standing: standing.describe('alike: nothing tells them from the others'),
  firstPlace: z.int().describe('counted from the lowest: the first place that the data leave open'),
  lastPlace: z.int(),
});

const line = z.object({
  agentId: z.string(),
  name: z.string().optional().describe('absent: they were removed'),
  team: z.string().optional(),
  offered: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  missed: z.int().describe('not answered in time'),
  withdrawn: z.int().describe('taken back before they could answer'),
  completed: z.int(),
  handlingMs: number.describe('in sum, of what was completed, pauses apart'),
  meanHandlingMs: number.nullable(),
  handling: compared.nullable().describe('geometric mean of the handling time, ms; null: nothing to compare'),
  acceptance: compared.nullable().describe('share of the offers that were accepted, of those answered or missed'),
  missing: compared.nullable().describe('share of those that were missed'),
});

type Line = z.output<typeof line>;

const report = z.object({
  from: z.string(),
  to: z.string(),
  toldApart: z
    .object({ handling: z.boolean(), acceptance: z.boolean(), missing: z.boolean() })
    .describe('whether the data tell agents apart at all; where not, every place is open to everybody'),
  agents: z.array(line),
});

const types = { csv: 'text/csv', json: 'application/json' } as const;

export const agentReportRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.download(
    '/v1/routing/reports/agents',
    {
      access: 'agents:read',
      summary: 'What each agent did, beside what others did with the same mix of work',
      description:
        'Of offers that were made in the span. What is expected of an agent is what all others showed with the same queues, channels, reasons and priorities.',
      query: z.object({
        ...spanShape,
        team: nonEmptyText(100).optional().describe('only its agents, compared with everybody'),
        queueId: configurationId.optional().describe('only its work'),
        format: z.enum(['json', 'csv']).default('json'),
      }),
      types: { [types.json]: report, [types.csv]: z.string() },
    },
    async ({ query: { format, team, queueId, ...asked } }) => {
      const span = await reportSpan(door.sql, asked);
      const cells = await readCells(door.sql, { ...span, queueId });
      if (cells.length > MOST_CELLS)
        throw fieldProblem('queueId', 'must be named: there are too many agents and sorts of work to compare them all');
      const people = await readPeople(door.sql, [...new Set(cells.map(({ agentId }) => agentId))]);
      const known = new Map(people.map((person) => [person.id, person]));
      const found = await standardised(cells);
      const agents = agentLines(cells, found)
        .map(({ agentId, ...did }): Line => ({ agentId, ...aboutOf(known.get(agentId)), ...did }))
        .filter((one) => team === undefined || one.team === team);
      const { handling, acceptance, missing } = found;
      const toldApart = {
        handling: handling.toldApart,
        acceptance: acceptance.toldApart,
        missing: missing.toldApart,
      };
      const body: z.output<typeof report> = { ...span, toldApart, agents };
      return {
        type: types[format],
        fileName: `agents-${span.from.slice(0, 10)}.${format}`,
        chunks: chunked(format === 'csv' ? inCsv(agents) : `${JSON.stringify(body)}\n`),
      };
    },
  );
});

/** Who was removed is known by their id alone. */
const aboutOf = (person?: { readonly name: string; readonly team: string }) => ({
  name: person?.name,
  team: person?.team,
});

/** Each takes up to a tenth of a second: others are served in between. */
async function standardised(cells: readonly Cell[]): Promise<Found> {
  const handling = standardise(cells, 'handling');
  await setImmediate();
  const acceptance = standardise(cells, 'acceptance');
  await setImmediate();
  return { handling, acceptance, missing: standardise(cells, 'missing') };
}

const plainColumns = Object.keys(line.shape).filter((column) => !measures.some((measure) => measure === column));
const columns = [
  ...plainColumns,
  ...measures.flatMap((measure) => Object.keys(compared.shape).map((column) => `${measure}.${column}`)),
];
const csv = csvOf(columns);

function inCsv(lines: readonly Line[]): string {
  const rows = lines.map(({ handling, acceptance, missing, ...plain }) => ({
    ...plain,
    ...Object.fromEntries(
      Object.entries({ handling, acceptance, missing }).flatMap(([measure, one]) =>
        Object.entries(one ?? {}).map(([name, value]) => [`${measure}.${name}`, value]),
      ),
    ),
  }));
  return csv.header + csv.lines(rows);
}

async function* chunked(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}
