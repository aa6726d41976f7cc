/** `/v1/tracking/{code}`: where the customer's matter stands. Open, so it shows nothing personal. */
import { defineRoutes, ok, problem, type Routes } from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import type { PromiseFact } from '../../domain/state.ts';
import { parseTrackingCode } from '../../domain/tracking-code.ts';
import { findCase, type CaseRow } from '../../store/queries.ts';

const trackingBody = z
  .object({
    trackingCode: z.string(),
    status: z.string(),
    steps: z.array(
      z.object({ name: z.string(), status: z.enum(['done', 'active', 'waiting']), at: z.string().optional() }),
    ),
    promise: z.object({ dueAt: z.string().optional(), text: z.string() }).nullable(),
  })
  .meta({ id: 'Tracking' });

export const trackingRoutes: Routes<IntakeCommands> = defineRoutes((routes, door) => {
  routes.get(
    '/v1/tracking/:code',
    {
      access: 'public',
      summary: 'Where a matter stands, by its tracking code',
      params: z.object({ code: z.string().max(64) }),
      failureLimit: { max: 20, window: 60_000 },
      responses: { 200: trackingBody },
    },
    async ({ params }) => {
      const trackingCode = parseTrackingCode(params.code);
      const row = trackingCode === undefined ? undefined : await findCase(door.db, { trackingCode });
      if (row === undefined) throw problem('unknown-id', 'There is no such tracking code');
      return ok({
        trackingCode: row.case.trackingCode,
        status: row.case.status,
        steps: stepsOf(row),
        promise: promiseOf(Object.values(row.facts?.promises ?? {})),
      });
    },
  );
});

function stepsOf({ case: state, facts }: CaseRow): z.input<typeof trackingBody>['steps'] {
  const resolved = state.status === 'resolved' || state.status === 'closed';
  const assignedAt = facts?.assignedAt ?? undefined;
  return [
    { name: 'received', status: 'done', at: state.openedAt },
    {
      name: 'in-progress',
      status: resolved ? 'done' : assignedAt === undefined ? 'waiting' : 'active',
      at: assignedAt,
    },
    { name: 'resolved', status: resolved ? 'done' : 'waiting', at: state.resolvedAt ?? undefined },
  ];
}

/** The running promise that is due first; one that waits for the customer has no due time. */
function promiseOf(promises: readonly PromiseFact[]): z.input<typeof trackingBody>['promise'] {
  const open = promises.filter(({ status }) => status === 'running' || status === 'breached');
  const [first] = open
    .filter(({ dueAt }) => dueAt !== undefined)
    .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1));
  if (first !== undefined) {
    const late = first.status === 'breached';
    return {
      dueAt: first.dueAt,
      text: late ? 'We are late and working on it' : 'You hear from us by then at the latest',
    };
  }
  return promises.some(({ status }) => status === 'paused') ? { text: 'We are waiting for something from you' } : null;
}
