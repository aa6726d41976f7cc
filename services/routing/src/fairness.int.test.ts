/** Shares of work beside a matcher that has just begun: what it reads of people is what the lock counts by. */
import { createService, readSettings } from '@switchboard/service';
import { startTestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { expect, it } from 'vitest';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import { caseOpened } from './testing/foreign-events.ts';

it('given who had their share of the first hours, when another router takes over, then others are offered the next item', async () => {
  const service = await startTestService(routing);
  const clerk = createClerk(service);
  const fairness = { most: 100, per: 'PT1H', ramp: { for: 'PT2H', most: 1 } };
  const queue = { match: 'case.product == "ramped"', strategy: 'least-loaded', fairness };
  await service.call('PUT', '/v1/queues/ramped', queue);
  await clerk.agent('anna');
  await service.moveClock(60);
  await service.say(caseOpened('one', { product: 'ramped' }));
  const { id } = await clerk.offer('anna', 'one');
  await clerk.act(id, 'accept');
  await service.moveClock(600);
  await clerk.act(id, 'complete');
  await clerk.agent('bert');
  await service.service.stop();

  const next = createService(routing, readSettings({}, { ...service.environment }));
  await next.start();
  await service.say(caseOpened('two', { product: 'ramped' }));

  await eventually(
    async () => {
      const rows = await next.database.query(`select agent_id as agent from work_item where case_id = 'two'`);
      expect(rows).toEqual([{ agent: 'bert' }]);
    },
    { timeoutMs: 15_000 },
  );
  await next.stop();
  await service.stop();
});
