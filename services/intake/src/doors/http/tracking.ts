/** `/v1/tracking/{code}`: where the customer's matter stands. Open, so it shows nothing personal. */
import { timeZone } from '@switchboard/contracts';
import { defineRoutes, ok, problem, type Routes } from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import { parseTrackingCode } from '../../domain/tracking-code.ts';
import { tellSteps } from '../../domain/tracking-steps.ts';
import { tellWait } from '../../domain/tracking-wait.ts';
import {
  customerTargets,
  tellPromise,
  trackingLanguage,
  trackingLanguages,
  type TrackingLanguage,
} from '../../domain/tracking-words.ts';
import { findCase, type CaseRow } from '../../store/queries.ts';

const trackingBody = z
  .object({
    trackingCode: z.string(),
    status: z.string(),
    steps: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['done', 'active', 'waiting']),
        at: z.string().optional(),
        text: z.string().optional().describe('for the customer: what is done in this step of a plan'),
      }),
    ),
    promise: z
      .object({
        target: z.enum(customerTargets),
        state: z.enum(['on-time', 'waiting', 'late']).describe('waiting: until somebody else has done something'),
        dueAt: z.string().optional().describe('absent while waiting'),
        text: z.string().describe('for the customer'),
        language: z.enum(trackingLanguages),
      })
      .nullable()
      .describe('what is promised now; the first that is due'),
    wait: z
      .object({
        ahead: z.int().optional().describe('who is served before'),
        expectedAt: z.string().optional().describe('when the wait is likely to end; absent where nobody knows'),
        opensAt: z.string().optional().describe('while we are closed'),
        text: z.string().describe('for the customer'),
        language: z.enum(trackingLanguages),
      })
      .nullable()
      .describe('while it waits for somebody, and for longer than some seconds'),
  })
  .meta({ id: 'Tracking' });

export const trackingRoutes: Routes<IntakeCommands> = defineRoutes((routes, door) => {
  routes.get(
    '/v1/tracking/:code',
    {
      access: 'public',
      summary: 'Where a matter stands, by its tracking code',
      params: z.object({ code: z.string().max(64) }),
      query: z.object({
        language: z.enum(trackingLanguages).optional().describe("of the words; without it the case's, else English"),
        timeZone: timeZone.default('UTC').describe('of the times in the words'),
      }),
      failureLimit: { max: 20, window: 60_000 },
      responses: { 200: trackingBody },
    },
    async ({ params, query }) => {
      const trackingCode = parseTrackingCode(params.code);
      const row = trackingCode === undefined ? undefined : await findCase(door.db, { trackingCode });
      if (row === undefined) throw problem('unknown-id', 'There is no such tracking code');
      return ok({
        trackingCode: row.case.trackingCode,
        status: row.case.status,
        steps: stepsOf(row, query.language ?? row.case.language),
        promise: promiseOf(row, query) ?? null,
        wait: waitOf(row, query) ?? null,
      });
    },
  );
});

function stepsOf({ case: state, facts }: CaseRow, language: string): z.input<typeof trackingBody>['steps'] {
  const resolved = state.status === 'resolved' || state.status === 'closed';
  const assignedAt = facts?.assignedAt ?? undefined;
  return [
    { name: 'received', status: 'done', at: state.openedAt },
    {
      name: 'in-progress',
      status: resolved ? 'done' : assignedAt === undefined ? 'waiting' : 'active',
      at: assignedAt,
    },
    ...tellSteps(facts?.steps ?? [], language),
    { name: 'resolved', status: resolved ? 'done' : 'waiting', at: state.resolvedAt ?? undefined },
  ];
}

interface Query {
  readonly language?: TrackingLanguage | undefined;
  readonly timeZone: string;
}

const readerOf = ({ case: state }: CaseRow, { language, timeZone: zone }: Query) => ({
  language: language ?? trackingLanguage(state.language),
  timeZone: zone,
});

function promiseOf(row: CaseRow, query: Query) {
  const { status } = row.case;
  return tellPromise({ status, promises: row.facts?.promises ?? {} }, readerOf(row, query));
}

function waitOf(row: CaseRow, query: Query) {
  const { case: state, facts, nowMs } = row;
  if (state.status === 'resolved' || state.status === 'closed') return undefined;
  const waiting = { wait: facts?.wait ?? undefined, assignedAt: facts?.assignedAt ?? undefined, now: nowMs };
  return tellWait(waiting, readerOf(row, query));
}
