import fc from 'fast-check';
import { expect, it } from 'vitest';
import { news } from '../../testing/orders.ts';
import { begin, createPlanHouse, happens, step, take } from '../../testing/plan-house.ts';
import type { PlanHouse } from '../../testing/plan-house.ts';
import { planTimer } from './progress.ts';
import { faultsOfPlan } from './check.ts';
import type { StepDefinition } from './definition.ts';
import { isOver } from './graph.ts';
import { isOpenPlan } from './state.ts';

const oneOf = fc.constantFrom;

/** Steps that depend on some of those before them, then in any order. */
const graph: fc.Arbitrary<StepDefinition[]> = fc
  .array(
    fc.record({
      after: fc.array(fc.nat(20), { maxLength: 3 }),
      kind: oneOf('work', 'work', 'work', 'event', 'delay', 'gate'),
      join: oneOf('all', 'all', 'any'),
      when: oneOf(undefined, undefined, 'true', 'false', 'case.priority < 3', 'before'),
      onFailure: oneOf('fail', 'skip', 'hold', 'compensate'),
      attempts: oneOf(undefined, 2, 3),
      after2: oneOf(undefined, 'PT1M'),
      timeout: oneOf(undefined, undefined, 'PT10M'),
      dueIn: oneOf(undefined, 'PT5M'),
      compensates: fc.boolean(),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .chain((drawn) => {
    const steps = drawn.map((one, index) => definitionFor(one, index));
    return fc.shuffledSubarray(steps, { minLength: steps.length });
  });

interface Drawn {
  readonly after: number[];
  readonly kind: StepDefinition['kind'];
  readonly join: StepDefinition['join'];
  readonly when: string | undefined;
  readonly onFailure: StepDefinition['onFailure'];
  readonly attempts: number | undefined;
  readonly after2: string | undefined;
  readonly timeout: string | undefined;
  readonly dueIn: string | undefined;
  readonly compensates: boolean;
}

function definitionFor(drawn: Drawn, index: number): StepDefinition {
  const after = index === 0 ? [] : [...new Set(drawn.after.map((n) => `s${String(n % index)}`))];
  const { kind, onFailure } = drawn;
  const isDone = kind === 'work' || kind === 'event';
  const before = after[0] === undefined ? 'true' : `steps.${after[0]}.status == "done"`;
  return step(`s${String(index)}`, {
    ...{ after, kind, onFailure, when: drawn.when === 'before' ? before : drawn.when },
    join: after.length > 1 ? drawn.join : 'all',
    event: kind === 'event' ? 'told' : undefined,
    delay: kind === 'delay' ? 'PT3M' : undefined,
    timeout: isDone ? drawn.timeout : undefined,
    dueIn: isDone ? drawn.dueIn : undefined,
    retry: isDone && drawn.attempts !== undefined ? { attempts: drawn.attempts, after: drawn.after2 } : undefined,
    compensation: isDone && drawn.compensates ? { name: 'undo' } : undefined,
  });
}

const deed = oneOf(
  'take',
  'take',
  'complete',
  'complete',
  'complete',
  'done',
  'fail',
  'fail',
  'skip',
  'retry',
  'event',
  'wait',
  'add',
);
type Deed = 'take' | 'complete' | 'done' | 'fail' | 'skip' | 'retry' | 'event' | 'wait' | 'add';
const life = fc.array(fc.tuple(deed, fc.nat(20)), { maxLength: 40 });
const finale = oneOf('nothing', 'nothing', 'cancel', 'compensate', 'resolve');

function does(house: PlanHouse, planId: string, [what, n]: readonly [Deed, number]): void {
  const plan = house.get('plan', planId);
  const one = plan?.steps[n % plan.steps.length];
  if (plan === undefined || one === undefined) throw new Error('there is no plan');
  const item = house.get('workItem', one.workItemId ?? '');
  const stepId = one.id;
  if (what === 'take' && item?.status === 'pending') take(house, item);
  else if (what === 'complete')
    house.tell({ type: 'complete-reservation', data: { reservationId: item?.reservationId ?? '' } });
  else if (what === 'done') happens(house, planId, { type: 'complete', stepId, result: { n } });
  else if (what === 'fail') happens(house, planId, { type: 'fail', stepId, reason: 'broken' });
  else if (what === 'skip') happens(house, planId, { type: 'skip', stepId });
  else if (what === 'retry') happens(house, planId, { type: 'retry', stepId });
  else if (what === 'event') happens(house, planId, { type: 'event', name: 'told', data: {} });
  else if (what === 'add') {
    const more = step(`more-${String(plan.steps.length)}`, { after: [stepId], onFailure: 'skip' });
    happens(house, planId, { type: 'add', steps: [more] });
  } else house.pass((n + 1) * 30_000);
}

/** Whoever has something to do does it. */
function drive(house: PlanHouse, planId: string): void {
  for (let round = 0; round < 200; round += 1) {
    const plan = house.get('plan', planId);
    if (plan === undefined || !isOpenPlan(plan)) return;
    const open = plan.steps.find(({ status }) => ['active', 'compensating', 'held'].includes(status));
    if (open === undefined) house.pass(60_000);
    else happens(house, planId, { type: 'complete', stepId: open.id });
  }
  throw new Error('the plan does not end');
}

interface Told {
  readonly stepId: string;
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
  readonly skipped: string | undefined;
}

const toldOf = (house: PlanHouse, planId: string): Told[] =>
  house.events.flatMap((event) => {
    if (event.type !== 'switchboard.routing.v1.PlanStepChanged' || event.subject !== planId) return [];
    const { step: one, from = '' } = event.data;
    return [{ stepId: one.id, from, to: one.status ?? '', attempt: one.attempt ?? 0, skipped: one.reason }];
  });

/** Each step begins after what it depends on, told from the history alone. */
function checkOrder(steps: readonly StepDefinition[], told: readonly Told[]): void {
  const status = new Map(steps.map(({ id }) => [id, 'waiting']));
  for (const { stepId, from, to } of told) {
    const { after, join } = steps.find(({ id }) => id === stepId) ?? step('?');
    if (from === 'waiting' && (to === 'active' || to === 'done') && after.length > 0) {
      const before = after.map((id) => status.get(id) ?? '');
      if (join === 'any') expect(before.some((one) => one === 'done' || one === 'skipped')).toBe(true);
      else
        expect(
          before.every((one) => one === 'done' || one === 'skipped'),
          `${stepId} after ${before.join()}`,
        ).toBe(true);
    }
    status.set(stepId, to);
  }
}

function checkCompensation(told: readonly Told[]): void {
  const done = told.filter(({ to, from }) => to === 'done' && from !== 'done').map(({ stepId }) => stepId);
  const undone = told.filter(({ to, from }) => to === 'compensating' && from === 'done').map(({ stepId }) => stepId);
  expect(undone).toEqual(done.filter((id) => undone.includes(id)).reverse());
}

function checkNothingOpen(house: PlanHouse, planId: string): void {
  const plan = house.get('plan', planId);
  expect(plan?.steps.every(({ status }) => isOver(status))).toBe(true);
  expect(plan?.teams).toEqual([]);
  const open = house
    .all('workItem')
    .filter(({ planStep, status }) => planStep !== undefined && status !== 'completed' && status !== 'canceled');
  expect(open).toEqual([]);
  expect([...house.timers.keys()].filter((key) => key.startsWith(planTimer))).toEqual([]);
  expect(house.get('desk', 'anna')?.holds).toEqual([]);
}

/** One item for each attempt. */
function checkAttempts(house: PlanHouse): void {
  const attempts = house.all('workItem').flatMap(({ planStep }) => {
    if (planStep === undefined) return [];
    const { planId, stepId, attempt, compensates } = planStep;
    return [`${planId} ${stepId} ${String(attempt)} ${String(compensates)}`];
  });
  expect(attempts).toHaveLength(new Set(attempts).size);
}

it('given any graph and any outcomes, then the plan ends with nothing open, in order, once per attempt, taken back in reverse', () => {
  fc.assert(
    fc.property(graph, life, finale, (steps, deeds, last) => {
      expect(faultsOfPlan(steps)).toEqual([]);
      const house = createPlanHouse();
      const { id } = begin(house, ...steps);
      for (const one of deeds) does(house, id, one);
      if (last === 'resolve') house.tell(news('case', 2, { status: 'resolved' }));
      else if (last !== 'nothing') {
        happens(house, id, { type: 'cancel', reason: 'enough', compensate: last === 'compensate' });
      }
      if (last === 'resolve' || last === 'cancel')
        expect(isOpenPlan(house.get('plan', id) ?? { status: 'running' })).toBe(false);
      drive(house, id);
      checkNothingOpen(house, id);
      const told = toldOf(house, id);
      checkOrder(house.get('plan', id)?.definition.steps ?? [], told);
      checkCompensation(told);
      checkAttempts(house);
    }),
    { numRuns: 100 },
  );
});

it('given any graph with an edge that closes a circle, then the fault is told', () => {
  fc.assert(
    fc.property(graph, fc.nat(20), (steps, n) => {
      const ids = steps.map(({ id }) => id).sort();
      const last = ids.at(-1) ?? '';
      const chosen = ids[n % ids.length] ?? '';
      fc.pre(chosen !== last);
      const closed = steps.map((one) => {
        if (one.id === chosen) return { ...one, after: [...new Set([...one.after, last])] };
        return one.id === last ? { ...one, after: [...new Set([...one.after, chosen])] } : one;
      });
      expect(faultsOfPlan(closed).some(({ reason }) => reason.startsWith('goes round'))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
