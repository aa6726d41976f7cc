/** Matching at least cost in the service, and why each agent was chosen. */
import { openDatabase } from '@switchboard/service';
import { AGENT_TOKEN, startTestService, WORK_TOKEN } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { dropDecisions, forgetDecisions, forgetWaits } from './store/decision-window.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened } from './testing/foreign-events.ts';
import { ENGINE_SECRET, startStubEngine } from './testing/stub-engine.ts';
import type { StubEngine } from './testing/stub-engine.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;
let engine: StubEngine;

beforeAll(async () => {
  engine = await startStubEngine();
  service = await startTestService(routing, {
    ENGINE_SECRETS: `first=${ENGINE_SECRET}`,
    EGRESS_ALLOW: '127.0.0.1',
    DECISION_WINDOW: '24',
  });
  clerk = createClerk(service);
});
afterAll(async () => {
  await service.stop();
  await engine.close();
});

describe('a queue with least-cost', () => {
  it('given agents of unlike skill, then the best fit is offered it, and the reservation explains why', async () => {
    const queue = {
      match: 'case.reason == "repair"',
      requirements: '"repair" in agent.skills',
      strategy: 'least-cost',
    };
    expect(await service.call('PUT', '/v1/queues/repairs', queue)).toMatchObject({
      status: 201,
      body: { strategy: 'least-cost' },
    });
    await clerk.agent('anna', { skills: { repair: 2 } });
    await clerk.agent('bert', { skills: { repair: 5 } });
    await clerk.agent('carl', { skills: { sales: 5 } });
    await clerk.agent('doris', { skills: { repair: 5 }, capacity: { phone: 0 } });
    await service.say(caseOpened('repair-1', { reason: 'repair' }));
    const { id, workItemId } = await clerk.offer('bert', 'repair-1');
    const explained = await service.call('GET', `/v1/reservations/${id}/explain`);
    expect(explained).toMatchObject({
      status: 200,
      body: {
        ...{ reservationId: id, workItemId, agentId: 'bert', strategy: 'least-cost', arm: 'strategy' },
        ...{ queueId: 'repairs', policyVersion: 1, agents: 4, eligible: 2, together: 1 },
        removed: [
          { reason: 'no-room', count: 1 },
          { reason: 'requirements', count: 1, agents: ['carl'] },
        ],
        candidates: [
          { agentId: 'bert', parts: { skills: 0 } },
          { agentId: 'anna', parts: { skills: 108_000 } },
        ],
      },
    });
    const { words } = explained.body as { readonly words: readonly string[] };
    expect(words.join(' ')).toMatch(
      /Of 4 agents, 1 without room for more, 1 not meeting the requirements: 2 could be asked/,
    );
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
  });

  it('given another agent’s token or an unknown reservation, then nothing is told', async () => {
    await service.call('PUT', '/v1/queues/own', { match: 'case.reason == "own"', requirements: 'agent.id == "bert"' });
    await service.say(caseOpened('own-1', { reason: 'own' }));
    const { id } = await clerk.offer('bert', 'own-1');
    const asAnna = { authorization: `Bearer ${AGENT_TOKEN}` };
    expect(await service.call('GET', `/v1/reservations/${id}/explain`, undefined, asAnna)).toMatchObject({
      status: 403,
    });
    expect(await service.call('GET', '/v1/reservations/nobody/explain')).toMatchObject({
      status: 404,
      body: { code: 'unknown-id' },
    });
  });

  it('given recorded work, then it is replayed with other staff and another policy, side by side', async () => {
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const ask = (body: object) => service.call('POST', '/v1/routing/what-if', { from, to, promise: 'PT1H', ...body });
    const queues = { repairs: { strategy: 'longest-idle', requirements: 'agent.id == "nobody"' } };
    const answered = await ask({
      scenarios: [
        { name: 'more', staff: { add: [{ like: 'bert', count: 2 }] } },
        { name: 'impossible', queues },
      ],
    });
    expect(answered).toMatchObject({
      status: 200,
      body: {
        items: 2,
        assumed: 1,
        scenarios: [
          { name: 'as it is', unfinished: 0, promisesKept: 1, agents: [{ id: 'bert' }] },
          { name: 'more', agents: [{ id: 'bert' }, { id: 'bert+1' }, { id: 'bert+2' }] },
          { name: 'impossible', unfinished: 1, promisesKept: 0.5 },
        ],
      },
    });
    const refused = await ask({
      scenarios: [
        {
          name: 'odd',
          staff: { remove: ['nobody'] },
          queues: {
            none: {},
            constructor: {},
            repairs: { requirements: 'agent.height > 2', stale: { after: 'PT1M', to: 'toString' } },
          },
        },
      ],
    });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    const { errors } = refused.body as { readonly errors: readonly { readonly field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual([
      'scenarios.0.queues.none',
      'scenarios.0.queues.constructor',
      'scenarios.0.queues.repairs.requirements',
      'scenarios.0.queues.repairs.stale.to',
      'scenarios.0.staff.remove.0',
    ]);
    expect(await ask({ to: from })).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
  });

  it('given their own token or one that reads work alone, then why they were asked is told, and nothing of others', async () => {
    await service.call('PUT', '/v1/queues/mine', {
      match: 'case.reason == "mine"',
      requirements: 'agent.id == "anna"',
    });
    await service.say(caseOpened('mine-1', { reason: 'mine' }));
    const { id } = await clerk.offer('anna', 'mine-1');
    const read = async (headers = {}) =>
      (await service.call('GET', `/v1/reservations/${id}/explain`, undefined, headers)).body as {
        readonly removed: readonly { readonly reason: string; readonly agents: readonly string[] }[];
        readonly candidates: readonly { readonly agentId: string }[];
      };
    const all = await read();
    expect(all.removed.flatMap(({ agents }) => agents)).not.toEqual([]);
    for (const token of [AGENT_TOKEN, WORK_TOKEN]) {
      const own = await read({ authorization: `Bearer ${token}` });
      expect(own.removed).toEqual(all.removed.map((one) => ({ ...one, agents: [] })));
      expect(own.candidates.map(({ agentId }) => agentId)).toEqual(['anna']);
    }
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
  });

  it('given a holdout that is no share, then it is refused with the field', async () => {
    const { status, body } = await service.call('PUT', '/v1/queues/odd', { match: 'true', holdout: 1.5 });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid-body', errors: [{ field: 'holdout' }] });
  });
});

describe('a queue with an engine', () => {
  const explained = async (id: string) => (await service.call('GET', `/v1/reservations/${id}/explain`)).body;
  const agents = ['erik', 'frida'];

  it('given an engine that answers, then it is asked with a signature, and whom it names is offered the item', async () => {
    const put = { match: 'case.reason == "engine"', requirements: 'agent.team == "engine"', holdout: 0 };
    const asked = { url: engine.url, timeout: 'PT2S', secretId: 'first' };
    expect(await service.call('PUT', '/v1/queues/engine', { ...put, engine: asked })).toMatchObject({ status: 201 });
    for (const id of agents) await clerk.agent(id, { team: 'engine' });
    engine.answer = ({ items: [item] }) => ({
      status: 200,
      body: JSON.stringify({ assignments: [{ workItemId: item?.workItemId, agentId: item?.candidates.at(-1) }] }),
    });
    await service.say(caseOpened('engine-1', { reason: 'engine' }));
    const { id } = await clerk.offer('frida', 'engine-1');
    expect(await explained(id)).toMatchObject({ agentId: 'frida', engine: { by: 'engine' }, eligible: 2 });
    const [first] = engine.received;
    expect(first?.isSigned).toBe(true);
    expect(first?.question.items).toMatchObject([{ case: { id: 'engine-1' }, candidates: ['erik', 'frida'] }]);
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
  });

  it('given an engine that is silent, refuses or talks nonsense, then the strategy decides, with the reason', async () => {
    const put = { match: 'case.reason == "engine"', requirements: 'agent.team == "engine"' };
    const asked = { url: engine.url, timeout: 'PT0.2S', secretId: 'first' };
    await service.call('PUT', '/v1/queues/engine', { ...put, engine: asked });
    const answers = { timeout: undefined, refused: { status: 500, body: '' }, unreadable: { status: 200, body: '{}' } };
    for (const [reason, answer] of Object.entries(answers)) {
      engine.answer = () => answer;
      await service.say(caseOpened(`engine-${reason}`, { reason: 'engine' }));
      const { id, agentId } = await clerk.offerTo(agents, `engine-${reason}`);
      expect(await explained(id), reason).toMatchObject({ agentId, engine: { by: 'fallback', reason } });
      await clerk.act(id, 'accept');
      await clerk.act(id, 'complete');
    }
    // Three failures: it is left alone now, however it would answer.
    const before = engine.received.length;
    await service.say(caseOpened('engine-away', { reason: 'engine' }));
    const { id } = await clerk.offerTo(agents, 'engine-away');
    expect(await explained(id)).toMatchObject({ engine: { by: 'fallback', reason: 'away' } });
    expect(engine.received).toHaveLength(before);
  });

  it('given an address inside, an unknown secret or too much patience, then it is refused with the field', async () => {
    const odd = { url: 'https://10.0.0.1/', timeout: 'PT3S', secretId: 'unknown' };
    const { status, body } = await service.call('PUT', '/v1/queues/odd', { match: 'true', engine: odd });
    expect(status).toBe(400);
    const fields = (body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field);
    expect(fields.sort()).toEqual(['engine.secretId', 'engine.timeout', 'engine.url']);
  });
});

describe('what a strategy is worth', () => {
  it('given a holdout, then both arms are laid side by side, and records leave after their window', async () => {
    await service.call('PUT', '/v1/queues/both', {
      match: 'case.reason == "both"',
      requirements: 'agent.team == "both"',
      strategy: 'least-cost',
      holdout: 0.5,
    });
    for (const id of ['gerda', 'hugo']) await clerk.agent(id, { team: 'both' });
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      await service.say(caseOpened(`both-${String(n)}`, { reason: 'both' }));
      const { id } = await clerk.offerTo(['gerda', 'hugo'], `both-${String(n)}`);
      ids.push(id);
      await clerk.act(id, 'accept');
      await clerk.act(id, 'complete');
    }
    const arms = await Promise.all(
      ids.map(
        async (id) => ((await service.call('GET', `/v1/reservations/${id}/explain`)).body as { arm: string }).arm,
      ),
    );
    const held = arms.filter((arm) => arm === 'holdout').length;
    const { status, body } = await service.call('GET', '/v1/queues/both/strategy-report');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        items: { strategy: 8 - held, holdout: held },
        offers: { strategy: 8 - held, holdout: held },
        isCut: false,
        comparisons: [
          { measure: 'wait', strategy: { count: 8 - held }, holdout: { count: held } },
          { measure: 'acceptance', strategy: { count: 8 - held }, holdout: { count: held } },
          { measure: 'handOffs' },
          { measure: 'handling', strategy: { count: 8 - held }, holdout: { count: held } },
          { measure: 'promisesKept', strategy: { count: 0, value: null } },
        ],
      },
    });
    expect(await service.call('GET', '/v1/queues/nobody/strategy-report')).toMatchObject({ status: 404 });
    const odd = '/v1/queues/both/strategy-report?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z';
    expect(await service.call('GET', odd)).toMatchObject({ status: 400, body: { errors: [{ field: 'from' }] } });
    const sql = openDatabase({
      ...{ url: service.environment['DATABASE_URL'] ?? '', schema: 'routing', application: 'test', connections: 1 },
      onIdleError: () => undefined,
    });
    const windowMs = 24 * 3_600_000;
    // As an earlier version kept it.
    const columns = 'id, version, work_item_id, agent_id, decided_at, record, queue_id, arm, waited_ms';
    await sql.query(`insert into decision (${columns}) select ${columns} from offer_decision where id = any($1)`, [
      ids.slice(0, 2),
    ]);
    await sql.query('delete from offer_decision where id = any($1)', [ids.slice(0, 2)]);
    const { comparisons } = body as { readonly comparisons: object };
    expect((await service.call('GET', '/v1/queues/both/strategy-report')).body).toMatchObject({ comparisons });
    expect(await forgetDecisions({ sql, windowMs })).toBe(0);
    // Nor was a lock left on what stays: that would be written, again and again in a house where nothing happens.
    expect(await sql.query("select id from decision where xmax::text <> '0'")).toEqual([]);
    await sql.query("update decision set decided_at = decided_at - interval '2 days' where id = $1", [ids[0]]);
    expect(await forgetDecisions({ sql, windowMs })).toBe(1);
    await sql.query(`insert into wait (id, version, told, told_at) values ('old', 1, '{}', clock.now() - interval '2 days'),
      ('young', 1, '{}', clock.now())`);
    expect([await forgetWaits({ sql, windowMs }), await forgetWaits({ sql, windowMs })]).toEqual([1, 0]);
    const explained = async () =>
      Promise.all(ids.map(async (id) => (await service.call('GET', `/v1/reservations/${id}/explain`)).status));
    const others = ids.slice(2);
    expect(await explained()).toEqual([404, 200, ...others.map(() => 200)]);
    await dropDecisions({ sql, windowMs });
    expect(await explained()).toEqual([404, 200, ...others.map(() => 200)]);
    // As it will be in ten days.
    await sql.query(
      `select keep_partitions('offer_decision', '1 day', '1 day', clock_timestamp() + interval '10 days')`,
    );
    expect(await explained()).toEqual([404, 200, ...others.map(() => 404)]);
    await sql.close();
  });
});
