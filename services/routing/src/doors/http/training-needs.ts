/** `/v1/routing/reports/training-needs`: what work asked for and people lacked, by team. */
import { parseDuration } from '@switchboard/calendar';
import { isoDuration, nonEmptyText } from '@switchboard/contracts';
import type { Sql } from '@switchboard/hallway';
import { defineRoutes, ok } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { askedKinds, nearest } from '../../domain/reports/nearest.ts';
import type { Asked } from '../../domain/reports/nearest.ts';
import { readAsked, readFinished, readLevels, readMates } from '../../store/report-queries.ts';
import type { AskedRow } from '../../store/report-queries.ts';
import { mayReadAgents } from './persons.ts';
import { fieldProblem, reportSpan, spanShape } from './spans.ts';

const DAY_MS = 24 * 3_600_000;
/** Agents named beside each. */
const NEAREST = 5;

const number = z.number();
const item = z.object({
  team: z.string().optional().describe('that the work was for, or that served it; absent: neither is known'),
  kind: z.enum(askedKinds).describe("what a case is about; skill: a level that the queue's targets ask for"),
  name: z.string(),
  level: z.int().optional().describe('least level'),
  queueId: z.string().optional().describe('of kind skill: the queue that asks for it'),
  items: z.int().describe('pieces of work that asked for it'),
  served: z.int(),
  waiting: z.int(),
  servedWithout: z.int().describe('served by somebody who does not have it; 0 where the queue asks for a level'),
  meanWaitMs: number.nullable(),
  p90WaitMs: number.nullable(),
  shortItems: z.int().describe('waited although agents had room, for want of somebody who met the requirements'),
  shortMs: number.describe('how long, in sum'),
  agents: z.int().describe('of the team'),
  know: z.int().describe('of them, those who have it'),
  nearest: z
    .array(z.object({ agentId: z.string(), level: z.int(), finished: z.int() }))
    .describe('who lacks it least: by level, then by how much such work they finished; told with agents:read alone'),
});

const answer = z.object({
  from: z.string(),
  to: z.string(),
  items: z.array(item),
  truncated: z
    .array(z.enum(['agents', 'finished']))
    .describe(
      'what there is more of than is looked at; agents: agents, know and nearest tell of some of the teams alone; finished: of who finished least, nearest says 0. Empty: all was',
    ),
  nextCursor: z.null(),
});

export const trainingRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/routing/reports/training-needs',
    {
      access: 'work:read',
      summary: 'Skills that work asked for and people lacked, by team: what kept work waiting longest first',
      description: 'Of work that came in in the span. Skills, products, languages and teams are those of today.',
      query: z.object({
        ...spanShape,
        team: nonEmptyText(100).optional(),
        longerThan: isoDuration.default('PT1M').describe('what waited less was not waiting for anybody'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      responses: { 200: answer },
    },
    async ({ caller, query: { team, longerThan, limit: most, ...asked } }) => {
      const longerThanMs = parseDuration(longerThan) ?? -1;
      if (longerThanMs < 0 || longerThanMs > 366 * DAY_MS) throw fieldProblem('longerThan', 'must be at most a year');
      const span = await reportSpan(door.sql, asked);
      const rows = await readAsked(door.sql, { ...span, team, longerThanMs, most });
      const { items: found, truncated } = await itemsOf(door.sql, span, rows);
      const items = found.slice(0, most);
      const shown = mayReadAgents({ caller }) ? items : items.map((one) => ({ ...one, nearest: [] }));
      return ok({ ...span, items: shown, truncated, nextCursor: null });
    },
  );
});

async function itemsOf(
  sql: Sql,
  span: { readonly from: string; readonly to: string },
  rows: readonly AskedRow[],
): Promise<Pick<z.input<typeof answer>, 'items' | 'truncated'>> {
  const finished = await readFinished(sql, span, rows);
  const done = new Map(finished.rows.map((one) => [keyOf(one.kind, one.name, one.agentId), one.finished]));
  const all = await readMates(sql, [...new Set(rows.flatMap(({ team }) => team ?? []))]);
  const mates = Map.groupBy(all.rows, ({ team }) => team);
  const levels = await readLevels(
    sql,
    rows.filter(({ kind }) => kind === 'queue').map(({ name }) => name),
  );
  const items = rows.flatMap((row) =>
    askedBy(row, levels).map((asked) => {
      const { kind, name, team, ...figures } = row;
      const own = mates.get(team ?? '') ?? [];
      const known = own.map((facts) => ({ facts, finished: done.get(keyOf(kind, name, facts.id)) ?? 0 }));
      const { know, nearest: near } = nearest(asked, known, NEAREST);
      return {
        ...{ team: team ?? undefined, ...asked, ...figures, agents: own.length, know },
        queueId: kind === 'queue' ? name : undefined,
        nearest: near.map((one) => ({ ...one })),
      };
    }),
  );
  const truncated = [...(all.isCut ? (['agents'] as const) : []), ...(finished.isCut ? (['finished'] as const) : [])];
  return { items, truncated };
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** A queue asks for the levels of its targets, and for nothing by itself. */
function askedBy({ kind, name }: AskedRow, levels: ReadonlyMap<string, Readonly<Record<string, number>>>): Asked[] {
  if (kind !== 'queue') return [{ kind, name }];
  return Object.entries(levels.get(name) ?? {}).map(([skill, level]) => ({ kind: 'skill', name: skill, level }));
}
