import { identifier } from '@switchboard/contracts';
import { created, defineRoutes, ok } from '@switchboard/service';
import { z } from 'zod';
import type { OffersCommands, RecordedResponse } from '../../domain/commands.ts';
import { responseBody, responseView } from './views.ts';

const byId = z.object({ id: identifier });

export const responseRoutes = defineRoutes<OffersCommands>((routes, door) => {
  routes.post(
    '/v1/decisions/:id/responses',
    {
      access: 'decisions:write',
      summary: 'Records what became of an offer',
      description: 'The same again answers 200. What was accepted or declined is not taken back: 409.',
      params: byId,
      body: responseBody,
      responses: { 200: responseView, 201: responseView },
    },
    (request) => {
      const decisionId = request.params.id;
      const data = { decisionId, ...request.body };
      return door.submit(request, { type: 'record-response', data }, ({ response, repeated }: RecordedResponse) => {
        const body = { decisionId, ...response };
        return repeated ? ok(body) : created(body);
      });
    },
  );
});
