import { activityRecorded } from '@switchboard/contracts';
import { created, defineRoutes, ok } from '@switchboard/service';
import type { Customer360Commands, RecordedActivity } from '../../domain/commands.ts';
import { naturalKey, toRecordActivity } from '../activity.ts';
import { activityAnswer } from './views.ts';

export const activityRoutes = defineRoutes<Customer360Commands>((routes, door) => {
  routes.post(
    '/v1/activities',
    {
      access: 'activities:write',
      summary: 'Records what a customer did outside a contact',
      description:
        'Several identifiers say that they are one customer. The natural key is (source, externalId): the same activity again answers 200 and the same id, another one 409.',
      body: activityRecorded,
      responses: { 200: activityAnswer, 201: activityAnswer },
    },
    (request) => {
      const { source, externalId } = request.body;
      const key = externalId === undefined ? undefined : naturalKey(source, externalId);
      const data = toRecordActivity(request.body, { key, door: 'rest' });
      return door.submit(request, { type: 'record-activity', data }, ({ activityId, repeated }: RecordedActivity) =>
        repeated ? ok({ activityId }) : created({ activityId }),
      );
    },
  );
});
