/** How long an item is expected to wait. */
import { identifier } from '@switchboard/contracts';
import { defineRoutes, ok, problem } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { ToldWait } from '../../domain/figures/state.ts';
import { findWait } from '../../store/figure-queries.ts';
import { wait } from './figure-shapes.ts';

type Row = NonNullable<Awaited<ReturnType<typeof findWait>>>;

export const waitRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/work-items/:id/wait',
    {
      access: 'work:read',
      summary: 'Who is before it, and how long it is expected to wait; or why nobody knows',
      params: z.object({ id: identifier }),
      responses: { 200: wait },
    },
    async ({ params: { id } }) => {
      const row = await findWait(door.db, id);
      if (row === undefined) throw problem('unknown-id', `There is no work item ${id}`);
      return ok(shownWait(row));
    },
  );
});

function shownWait(row: Row): z.input<typeof wait> {
  const { id, queueId, status, enqueuedAt, nowMs } = row;
  const item = { workItemId: id, queueId, status };
  if (status !== 'pending' && status !== 'reserved') return item;
  const waiting = { ...item, waitedMs: Math.max(0, Math.round(nowMs - Date.parse(enqueuedAt))) };
  // Offered: whoever it is offered to may answer at any moment.
  if (status === 'reserved') return { ...waiting, ahead: 0, position: 1 };
  const { basis, told, asOf } = toldOf(row);
  if (told === undefined || asOf === undefined) return { ...waiting, unknown: 'too-little-history' };
  const { ahead, estimate, unknown, opensAt } = told;
  return {
    ...waiting,
    ...{ ahead, position: ahead === undefined ? undefined : ahead + 1, estimate, unknown, opensAt, asOf, basis },
    expectedAt: estimate && new Date(Date.parse(asOf) + estimate.medianMs).toISOString(),
  };
}

/** What the item was told; before that what whoever comes now is told, who stands where it stands. */
function toldOf({ told, toldAt, figures, figuresAt, queueId }: Row): {
  readonly basis: 'item' | 'queue';
  readonly told?: ToldWait | undefined;
  readonly asOf?: string | undefined;
} {
  if (told !== null && toldAt !== null) return { basis: 'item', told, asOf: toldAt };
  if (figures === null || figuresAt === null || figures.queueId !== queueId) return { basis: 'queue' };
  const { waiting, estimate, unknown, opensAt } = figures;
  const ahead = estimate === undefined ? undefined : Math.max(0, waiting - 1);
  return { basis: 'queue', told: { ahead, estimate, unknown, opensAt }, asOf: figuresAt };
}
