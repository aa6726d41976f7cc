/** Accepted work that an agent sets aside for a time, and goes on with. */
import { identifier } from '@switchboard/contracts';
import { defineRoutes, ok } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { Reservation } from '../../domain/work/state.ts';
import { reservation } from './shapes.ts';

const actions = [
  { path: 'pause', type: 'pause-reservation', summary: 'Sets accepted work aside: its place and units are free' },
  {
    path: 'resume',
    type: 'resume-reservation',
    summary: 'Goes on with paused work; where there is no room it is waking until there is',
  },
] as const;

export const pauseRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  for (const { path, type, summary } of actions) {
    routes.post(
      `/v1/reservations/:id/${path}`,
      {
        access: { scope: 'work:write', orSelf: 'handler' },
        summary,
        params: z.object({ id: identifier }),
        responses: { 200: reservation },
      },
      (request) => {
        const data = { reservationId: request.params.id, onlyAgent: request.onlyAgent };
        return door.submit(request, { type, data }, (reply: Reservation) => ok(reply));
      },
    );
  }
});
