import { describe, expect, it } from 'vitest';
import { news } from '../../testing/orders.ts';
import { begin, createPlanHouse, happens, itemOf, standing, step, take, work } from '../../testing/plan-house.ts';
import { faultsOfPlan } from './check.ts';

const told = (house: ReturnType<typeof createPlanHouse>, planId: string) =>
  house.events.flatMap(({ type, subject }) => (subject === planId ? [type.split('.')[3]] : []));

describe('a plan', () => {
  it('given steps in a row and side by side, then each begins when those before it are done, and all meet again', () => {
    const house = createPlanHouse();
    const { id } = begin(
      house,
      step('tow', { team: 'road' }),
      step('inspect', { after: ['tow'], queueId: 'motor' }),
      step('rental', { after: ['tow'] }),
      step('close', { after: ['inspect', 'rental'] }),
    );
    expect(standing(house, id)).toBe('tow active, inspect waiting, rental waiting, close waiting');
    expect(house.get('plan', id)?.teams).toEqual(['road']);
    work(house, id, 'tow');
    expect(standing(house, id)).toBe('tow done, inspect active, rental active, close waiting');
    expect(itemOf(house, id, 'inspect')).toMatchObject({ queueId: 'motor', channel: 'task', kind: 'plan-step' });
    work(house, id, 'rental');
    work(house, id, 'inspect');
    expect(standing(house, id)).toBe('tow done, inspect done, rental done, close active');
    work(house, id, 'close');
    expect(house.get('plan', id)).toMatchObject({ status: 'completed', teams: [] });
    expect(told(house, id)).toEqual(['PlanStarted', ...Array<string>(8).fill('PlanStepChanged'), 'PlanStatusChanged']);
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
  });

  it('given conditions, then a branch that none leads to is skipped, and the plan goes on where branches meet', () => {
    const house = createPlanHouse();
    const { id } = begin(
      house,
      step('inspect'),
      step('repair', { after: ['inspect'], when: 'steps.inspect.result.damage < 1000.0' }),
      step('paint', { after: ['repair'] }),
      step('replace', { after: ['inspect'], when: 'steps.inspect.result.damage >= 1000.0' }),
      step('hand-over', { after: ['paint', 'replace'] }),
    );
    happens(house, id, { type: 'complete', stepId: 'inspect', result: { damage: 4000 } });
    expect(standing(house, id)).toBe('inspect done, repair skipped, paint skipped, replace active, hand-over waiting');
    work(house, id, 'replace');
    expect(standing(house, id)).toContain('hand-over active');
  });

  it('given any of several before it, then it begins with the first that is done', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'), step('b'), step('either', { after: ['a', 'b'], join: 'any' }));
    work(house, id, 'b');
    expect(standing(house, id)).toBe('a active, b done, either active');
  });

  it('given something outside that is waited for, then it may come before or after, and counts once', () => {
    const house = createPlanHouse();
    const { id } = begin(
      house,
      step('order'),
      step('arrives', { kind: 'event', event: 'part-arrived', after: ['order'] }),
      step('again', { kind: 'event', event: 'part-arrived', after: ['arrives'] }),
    );
    const event = { type: 'event', name: 'part-arrived', data: { box: 7 }, externalId: 'x' } as const;
    happens(house, id, event);
    happens(house, id, event);
    expect(standing(house, id)).toBe('order active, arrives waiting, again waiting');
    work(house, id, 'order');
    expect(standing(house, id)).toBe('order done, arrives done, again active');
    expect(house.get('plan', id)?.steps[1]?.result).toEqual({ box: 7 });
    expect(happens(house, id, { ...event, name: 'nothing', externalId: 'y' })).toMatchObject({ rejected: 'conflict' });
    happens(house, id, { ...event, externalId: 'z' });
    expect(house.get('plan', id)?.status).toBe('completed');
  });

  it('given a delay, a promise and a gate, then time moves it on, and what is late is told once', () => {
    const house = createPlanHouse();
    const { id } = begin(
      house,
      step('wait', { kind: 'delay', delay: 'PT1H' }),
      step('meet', { kind: 'gate', after: ['wait'] }),
      step('call', { after: ['meet'], dueIn: 'PT30M' }),
    );
    house.pass(3_599_999);
    expect(standing(house, id)).toBe('wait active, meet waiting, call waiting');
    house.pass(1);
    expect(standing(house, id)).toBe('wait done, meet done, call active');
    expect(itemOf(house, id, 'call')?.terms).toMatchObject({ dueAt: '2026-03-02T10:30:00.000Z' });
    house.pass(1_800_000);
    expect(house.get('plan', id)?.steps[2]).toMatchObject({ overdue: true });
    work(house, id, 'call');
    expect(house.timers.size).toBe(0);
  });
});

describe('a step that fails', () => {
  it('is tried again after its pause, with its age kept, and then lets the plan fail with nothing open', () => {
    const house = createPlanHouse();
    const { id } = begin(
      house,
      step('a', { retry: { attempts: 2, after: 'PT5M' } }),
      step('b'),
      step('c', { after: ['a'] }),
    );
    const first = itemOf(house, id, 'a');
    happens(house, id, { type: 'fail', stepId: 'a', reason: 'nobody there' });
    expect(standing(house, id)).toBe('a retrying, b active, c waiting');
    house.pass(300_000);
    const second = itemOf(house, id, 'a');
    expect(second).toMatchObject({ status: 'pending', enqueuedAt: first?.enqueuedAt, planStep: { attempt: 2 } });
    happens(house, id, { type: 'fail', stepId: 'a', reason: 'still nobody' });
    expect(standing(house, id)).toBe('a failed, b canceled, c canceled');
    expect(house.get('plan', id)).toMatchObject({ status: 'failed', reason: 'a: still nobody' });
    expect(house.all('workItem').filter(({ planStep, status }) => planStep && status !== 'canceled')).toEqual([]);
  });

  it('is skipped, or held until somebody tries it again, skips it or says that it is done', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a', { onFailure: 'skip' }), step('b', { onFailure: 'hold', after: ['a'] }));
    happens(house, id, { type: 'fail', stepId: 'a', reason: 'no' });
    happens(house, id, { type: 'fail', stepId: 'b', reason: 'no' });
    expect(standing(house, id)).toBe('a skipped, b held');
    happens(house, id, { type: 'retry', stepId: 'b' });
    expect(standing(house, id)).toBe('a skipped, b active');
    happens(house, id, { type: 'fail', stepId: 'b', reason: 'no' });
    happens(house, id, { type: 'skip', stepId: 'b' });
    expect(house.get('plan', id)?.status).toBe('completed');
  });

  it('lets what was done be taken back one by one, the last first, and only then the plan has failed', () => {
    const house = createPlanHouse();
    const compensation = { name: 'undo' };
    const { id } = begin(
      house,
      step('a', { compensation }),
      step('b', { after: ['a'], compensation }),
      step('c', { after: ['b'], onFailure: 'compensate', timeout: 'PT1M' }),
    );
    work(house, id, 'a');
    work(house, id, 'b');
    house.pass(60_000);
    expect(house.get('plan', id)?.status).toBe('compensating');
    expect(standing(house, id)).toBe('a done, b compensating, c failed');
    expect(itemOf(house, id, 'b')?.planStep).toMatchObject({ compensates: true, name: 'undo' });
    work(house, id, 'b');
    expect(standing(house, id)).toBe('a compensating, b compensated, c failed');
    work(house, id, 'a');
    expect(house.get('plan', id)).toMatchObject({ status: 'failed', reason: 'c: timeout' });
  });
});

describe('who acts on a plan', () => {
  it('given more to do than was thought, then steps are added, also after those that are done', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'), step('b', { after: ['a'] }));
    work(house, id, 'a');
    happens(house, id, { type: 'add', steps: [step('c', { after: ['a'] }), step('d', { after: ['b', 'c'] })] });
    expect(standing(house, id)).toBe('a done, b active, c active, d waiting');
    expect(happens(house, id, { type: 'add', steps: [step('e', { after: ['nobody'] }), step('a')] })).toMatchObject({
      rejected: 'invalid',
      errors: [{ field: 'steps.0.after.0' }, { field: 'steps.1.id' }],
    });
    // A circle that a second step of the same name would close is the fault of the new one.
    const circle = house.tell({
      type: 'advance-plan',
      data: { planId: id, what: { type: 'add', steps: [step('a', { after: ['b'] })] } },
    });
    expect('errors' in circle ? circle.errors?.map(({ field }) => field) : []).toEqual(['steps.0.id', 'steps.0.after']);
    work(house, id, 'b');
    work(house, id, 'c');
    work(house, id, 'd');
    expect(house.get('plan', id)?.status).toBe('completed');
    expect(happens(house, id, { type: 'add', steps: [step('f')] })).toMatchObject({ rejected: 'conflict' });
  });

  it('given a step whose turn has not come, when it is skipped, then only after those before it', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'), step('b', { after: ['a'] }), step('c', { after: ['b'] }));
    happens(house, id, { type: 'skip', stepId: 'b' });
    expect(standing(house, id)).toBe('a active, b waiting, c waiting');
    work(house, id, 'a');
    expect(standing(house, id)).toBe('a done, b skipped, c active');
  });

  it('given an agent for themselves, then only on the step that they hold', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'));
    const what = { type: 'complete', stepId: 'a' } as const;
    expect(happens(house, id, what, 'anna')).toMatchObject({ rejected: 'forbidden' });
    const item = itemOf(house, id, 'a');
    if (item === undefined) throw new Error('no work');
    take(house, item);
    happens(house, id, what, 'anna');
    expect(standing(house, id)).toBe('a done');
    expect(happens(house, id, { type: 'fail', stepId: 'a', reason: 'no' }, 'anna')).toMatchObject({
      rejected: 'conflict',
    });
    expect(house.get('workItem', item.id)?.status).toBe('completed');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
  });

  it('given work that is paused, when its step is said to be done, then the pause is over and counts as one', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'));
    const item = itemOf(house, id, 'a');
    if (item === undefined) throw new Error('no work');
    const reservationId = take(house, item);
    house.tell({ type: 'pause-reservation', data: { reservationId } });
    house.pass(600_000);
    happens(house, id, { type: 'complete', stepId: 'a' });
    expect(house.get('reservation', reservationId)).toMatchObject({ status: 'completed', pausedMs: 600_000 });
    expect(house.get('reservation', reservationId)?.pausedAt).toBeUndefined();
  });

  it('given a case that is resolved, then its plan is canceled with work that agents hold', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'), step('b'));
    const item = itemOf(house, id, 'a');
    if (item === undefined) throw new Error('no work');
    take(house, item);
    house.tell(news('case', 2, { status: 'resolved' }));
    expect(house.get('plan', id)).toMatchObject({ status: 'canceled', reason: 'case-resolved' });
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
    const answer = house.tell({ type: 'start-plan', data: { caseId: 'nowhere', templateId: 'x' } });
    expect(answer).toMatchObject({ rejected: 'not-found', errors: [{ field: 'caseId' }] });
  });

  it('given news of its case, then what waits follows them, unless it has a priority of its own', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('a'), step('b', { priority: 4 }), step('c'), step('d', { after: ['a'] }));
    const held = itemOf(house, id, 'c');
    if (held === undefined) throw new Error('c has no work');
    take(house, held);
    const queued = () => house.events.filter(({ type }) => type.endsWith('.WorkQueued')).length;
    const before = queued();
    house.tell(news('case', 2, { priority: 1 }));
    expect(itemOf(house, id, 'a')).toMatchObject({ status: 'pending', priority: 1 });
    expect(itemOf(house, id, 'b')).toMatchObject({ status: 'pending', priority: 4 });
    expect(itemOf(house, id, 'c')).toMatchObject({ status: 'assigned', priority: 3 });
    // The case's own work, and the step's.
    expect(queued() - before).toBe(2);
    house.tell(news('case', 3, { priority: 1 }));
    expect(queued() - before).toBe(2);
  });
});

it('given faults in a graph, then each is told with its field', () => {
  expect(
    faultsOfPlan([
      step('a', { after: ['c'], when: 'steps.z.status == "done"' }),
      step('b', { after: ['a', 'a', 'nobody', 'b'] }),
      step('c', { after: ['b'], kind: 'event' }),
      step('c', { kind: 'gate', dueIn: 'PT1H', requirements: 'agent.' }),
      step('d', { join: 'any', timeout: 'PT0S', when: 'steps.b.status == "done"' }),
    ]).map(({ field, reason }) => `${field} ${reason}`),
  ).toEqual([
    expect.stringContaining('steps.0.when there is no step z'),
    'steps.1.after.1 a is there twice',
    'steps.1.after.2 there is no step nobody',
    'steps.1.after.3 a step cannot come after itself',
    'steps.2.event a step of kind event needs it',
    'steps.3.id there is a step c already',
    'steps.3.requirements a step of kind gate has none',
    'steps.3.dueIn a step of kind gate has none',
    expect.stringContaining('steps.3.requirements'),
    'steps.4.join any needs at least two steps before',
    'steps.4.timeout must be more than nothing and at most a year',
    'steps.4.when the step b does not come before: nothing is known of it yet',
    expect.stringContaining('goes round in a circle'),
  ]);
});
