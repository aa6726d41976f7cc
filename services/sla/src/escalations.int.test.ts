import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory } from './testing/snapshots.ts';
import { startSla } from './testing/start-sla.ts';
import type { RunningSla } from './testing/start-sla.ts';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly recipients: readonly { readonly agentId: string }[];
  readonly history: readonly { readonly what: string; readonly skipped: readonly object[] }[];
}

let sla: RunningSla;

beforeAll(async () => {
  sla = await startSla();
});
afterAll(() => sla.stop());

const now = (): string => sla.now();
const moveOn = (minutes: number): Promise<void> => sla.moveOn(minutes);

function agent(id: string, team: string): void {
  const data = { agent: { id, version: 1, name: id.toUpperCase(), team, status: 'offline' } };
  sla.publish('switchboard.routing.v1.AgentChanged', data, { subject: id, time: now() });
}

function team(id: string, managers: readonly string[]): void {
  const data = { team: { id, version: 1, name: id, managers: managers.map((agentId) => ({ agentId })) } };
  sla.publish('switchboard.routing.v1.TeamChanged', data, { subject: id, time: now() });
}

function away(agentId: string, substitute: string): void {
  const span = { startsAt: now(), endsAt: new Date(Date.parse(now()) + 60_000_000).toISOString() };
  const data = { absence: { id: 'holiday', version: 1, agentId, kind: 'holiday', ...span, substitute } };
  sla.publish('switchboard.routing.v1.AgentAbsenceChanged', data, { subject: `${agentId}/holiday`, time: now() });
}

const escalations = async (query: string): Promise<Shown[]> => {
  const { status, body } = await sla.call('GET', `/v1/escalations${query}`);
  expect(status).toBe(200);
  return body['items'] as Shown[];
};

/** Names and recipients of what was said of a case's escalations. */
const said = (caseId: string): string[] =>
  sla.said.flatMap(({ type, data }) => {
    if (!('escalation' in data) || data.escalation.caseId !== caseId) return [];
    const told = 'recipients' in data ? data.recipients.map(({ agentId }) => ` ${agentId}`) : [];
    return [type.slice('switchboard.sla.v1.Escalation'.length) + told.join('')];
  });

describe('escalations', () => {
  test('a broken promise reaches the substitute of a manager on holiday, then the next level, until it is acknowledged', async () => {
    for (const id of ['anna', 'bert']) agent(id, 'motor');
    agent('cyd', 'bosses');
    team('motor', ['anna']);
    team('bosses', ['cyd']);
    away('anna', 'bert');
    await sla.told();
    const levels = [
      { notify: { managersOf: 'motor' }, acknowledgeWithin: 'PT15M' },
      { notify: { managersOf: 'bosses' }, acknowledgeWithin: 'PT30M' },
    ];
    const ladder = { when: { breached: true }, levels, match: 'case.id == "case-broken"' };
    expect(await sla.call('PUT', '/v1/ladders/managers', ladder)).toMatchObject({
      status: 201,
      body: {
        id: 'managers',
        order: 100,
        levels: [{ workingTime: false, repeat: 0 }, {}],
        stopWhen: { pausedFor: 'PT1H' },
      },
    });
    createStory(sla, { id: 'case-broken', priority: 3 }).opens(now());
    createStory(sla, { id: 'case-other', priority: 3 }).opens(now());
    await eventually(async () => {
      expect((await sla.call('GET', '/v1/clocks?caseId=case-other')).body['items']).toHaveLength(2);
    });
    await moveOn(61);
    const [first] = await eventually(async () => {
      const found = await escalations('?caseId=case-broken');
      expect(found).toMatchObject([{ status: 'raised', level: 1, danger: 'breached', target: 'firstResponse' }]);
      return found;
    });
    expect(first).toMatchObject({
      ladderId: 'managers',
      recipients: [{ agentId: 'bert', inPlaceOf: ['anna'], why: 'anna manages motor; stands in for anna' }],
      history: [{ what: 'raised', skipped: [{ agentId: 'anna', reason: 'absent' }] }],
    });
    expect(await escalations('?caseId=case-other')).toEqual([]);

    await moveOn(16);
    await eventually(() => {
      expect(said('case-broken')).toEqual(['Raised bert', 'Raised cyd']);
    });
    expect(await escalations('?agentId=cyd&status=raised')).toMatchObject([{ id: first?.id, level: 2 }]);
    const at = `/v1/escalations/${encodeURIComponent(first?.id ?? '')}`;
    expect(await sla.call('POST', `${at}/acknowledge`, { agentId: 'nobody' })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'agentId' }] },
    });
    const taken = { status: 200, body: { status: 'acknowledged', acknowledgedBy: 'cyd' } };
    expect(await sla.call('POST', `${at}/acknowledge`, { agentId: 'cyd', note: 'I call them' })).toMatchObject(taken);
    expect(await sla.call('POST', `${at}/acknowledge`)).toMatchObject(taken);
    expect(await sla.call('POST', '/v1/escalations/none/acknowledge')).toMatchObject({ status: 404 });

    await moveOn(60);
    const story = createStory(sla, { id: 'case-broken', priority: 3, version: 5 });
    story.agentAnswers(now());
    await eventually(() => {
      expect(said('case-broken')).toEqual(['Raised bert', 'Raised cyd', 'Acknowledged', 'Ended']);
    });
    const last = await sla.call('GET', at);
    expect(last).toMatchObject({ status: 200, body: { status: 'ended', outcome: 'met', version: 4 } });
    expect((last.body as unknown as Shown).history.map(({ what }) => what)).toEqual([
      'raised',
      'raised',
      'acknowledged',
      'ended',
    ]);
    expect(await sla.call('POST', `${at}/acknowledge`)).toMatchObject({
      status: 409,
      body: { code: 'escalation-ended' },
    });
    expect(await sla.call('DELETE', '/v1/ladders/managers')).toMatchObject({ status: 204 });
  });

  test('a ladder that comes later wakes for what is broken already and not over', async () => {
    const levels = [{ notify: { agents: ['cyd'] }, acknowledgeWithin: 'P1D' }];
    const ladder = { when: { breached: true }, levels, match: 'case.id.startsWith("case-")' };
    expect(await sla.call('PUT', '/v1/ladders/late', ladder)).toMatchObject({ status: 201 });
    await eventually(async () => {
      expect(await escalations('?caseId=case-other')).toMatchObject([
        { status: 'raised', danger: 'breached', target: 'firstResponse', recipients: [{ agentId: 'cyd' }] },
      ]);
    });
    expect((await escalations('?caseId=case-broken')).map(({ status }) => status)).toEqual(['ended']);
    expect(await sla.call('DELETE', '/v1/ladders/late')).toMatchObject({ status: 204 });
  });

  test('whoever was told in an earlier round finds it as well', async () => {
    const ladder = (agentId: string) => ({
      when: { warned: 0.5, breached: true },
      match: 'case.id == "case-worse"',
      levels: [{ notify: { agents: [agentId] }, acknowledgeWithin: 'P1D' }],
    });
    await sla.call('PUT', '/v1/ladders/rounds', ladder('bert'));
    createStory(sla, { id: 'case-worse' }).opens(now());
    await sla.told();
    await eventually(async () => {
      expect((await sla.call('GET', '/v1/clocks?caseId=case-worse')).body['items']).toHaveLength(2);
    });
    await moveOn(31);
    const [first] = await eventually(async () => {
      const found = await escalations('?caseId=case-worse');
      expect(found).toMatchObject([{ status: 'raised', danger: 'warned', recipients: [{}] }]);
      return found;
    });
    await sla.call('POST', `/v1/escalations/${encodeURIComponent(first?.id ?? '')}/acknowledge`, { agentId: 'bert' });
    await sla.call('PUT', '/v1/ladders/rounds', ladder('cyd'));

    await moveOn(30);

    await eventually(async () => {
      const found = await escalations('?agentId=cyd&caseId=case-worse');
      expect(found).toMatchObject([{ id: first?.id, round: 2, danger: 'breached', recipients: [{ agentId: 'cyd' }] }]);
    });
    expect(await escalations('?agentId=bert&caseId=case-worse')).toMatchObject([{ id: first?.id, round: 2 }]);
    expect(await escalations('?agentId=anna&caseId=case-worse')).toEqual([]);
    expect(await sla.call('DELETE', '/v1/ladders/rounds')).toMatchObject({ status: 204 });
  });

  test('a digest tells a person once of several clocks, and a removed ladder leaves nothing open', async () => {
    const levels = [{ notify: { agents: ['cyd'] }, acknowledgeWithin: 'P1D' }];
    const ladder = { when: { warned: 0.5 }, levels, digest: { every: 'PT1H' }, match: 'case.id.startsWith("digest-")' };
    await sla.call('PUT', '/v1/ladders/gathered', ladder);
    for (const id of ['digest-1', 'digest-2']) createStory(sla, { id }).opens(now());
    await moveOn(31);
    await eventually(async () => {
      const found = await Promise.all(['digest-1', 'digest-2'].map((id) => escalations(`?caseId=${id}`)));
      expect(found.flat()).toMatchObject([{ heldFor: 'digest' }, { heldFor: 'digest' }]);
    });
    await moveOn(60);
    await eventually(() => {
      const digests = sla.said.flatMap(({ type, data }) =>
        type === 'switchboard.sla.v1.EscalationDigestSent' && 'items' in data ? [data] : [],
      );
      expect(digests).toMatchObject([{ agentId: 'cyd', name: 'CYD', ladderId: 'gathered', items: [{}, {}] }]);
    });
    expect(await sla.call('DELETE', '/v1/ladders/gathered')).toMatchObject({ status: 204 });
    await eventually(async () => {
      expect(await escalations('?caseId=digest-1')).toMatchObject([{ status: 'ended', outcome: 'ladder-removed' }]);
    });
  });

  test.each([
    ['a condition that does not compile', { match: 'case.colour == 1' }, 400, 'match'],
    ['one that cannot be critical', { critical: 'clock.id' }, 400, 'critical'],
    ['no danger', { when: {} }, 400, 'when'],
    ['no level', { levels: [] }, 400, 'levels'],
    ['nobody', { levels: [{ notify: {}, acknowledgeWithin: 'PT1M' }] }, 400, 'levels.0.notify'],
    [
      'no time',
      { levels: [{ notify: { agents: ['a'] }, acknowledgeWithin: 'PT0S' }] },
      400,
      'levels.0.acknowledgeWithin',
    ],
    [
      'somebody twice',
      { levels: [{ notify: { agents: ['a', 'a'] }, acknowledgeWithin: 'PT1M' }] },
      400,
      'levels.0.notify.agents',
    ],
    ['quiet hours of no calendar', { quietHours: { calendarId: 'nowhere' } }, 404, 'quietHours.calendarId'],
    [
      'quiet hours of no place',
      { quietHours: { from: '20:00', to: '07:00', timeZone: 'Europe/Atlantis' } },
      400,
      'quietHours',
    ],
    ['a digest every second', { digest: { every: 'PT1S' } }, 400, 'digest.every'],
  ])('a ladder is refused with %s', async (_what, patch, status, field) => {
    const ladder = { when: { breached: true }, levels: [{ notify: { assignee: true }, acknowledgeWithin: 'PT1M' }] };
    const answer = await sla.call('PUT', '/v1/ladders/bad', { ...ladder, ...patch });
    expect(answer).toMatchObject({ status, body: { errors: [{ field }] } });
    expect((await sla.call('GET', '/v1/ladders/bad')).status).toBe(404);
  });
});
