/** What is good to say of plans, so that their routes have something to act on. */
import fc from 'fast-check';
import type { Facts, Known } from './known.ts';
import type { Recipe } from './recipe.ts';
import { ownQueue } from './work-recipes.ts';

/** Steps that a route may be told of again and again: a first one, named as paths fall back to, and events to come. */
const MANY = 20;
const long = [
  { id: '0', retry: { attempts: MANY, after: 'PT12H' } },
  ...Array.from({ length: MANY }, (_, n) => ({
    id: `told-${String(n)}`,
    kind: 'event',
    event: 'told',
    ...(n === 0 ? {} : { after: [`told-${String(n - 1)}`] }),
  })),
];

/** Plans of the stage, each for what is done to it. */
export const stagePlans = ['complete', 'fail', 'skip', 'retry', 'cancel', 'events'].map((name) => ({
  name,
  steps: long,
}));

/** A plan with one step, which goes to one agent. */
export const ownPlan = (agentId: string): object => ({
  name: 'own',
  steps: [{ id: '0', queueId: ownQueue, requirements: `agent.id == "${agentId}"` }],
});

export const ownCallback = (agentId: string): object => ({
  ...{ agentId, team: 'own', order: 'customer-first', attempts: MANY, gap: 'PT1S' },
});

const template = fc.constantFrom(
  {
    name: 'Accident',
    steps: [
      { id: 'tow', team: 'road' },
      { id: 'inspect', after: ['tow'], dueIn: 'PT2H' },
    ],
  },
  {
    name: 'Repair',
    whenCaseEnds: 'go-on',
    steps: [
      { id: 'order', words: { en: 'We order the part.' }, onFailure: 'hold', compensation: { name: 'send it back' } },
      { id: 'part', kind: 'event', event: 'arrived', after: ['order'], timeout: 'P30D' },
      { id: 'mend', after: ['part'], when: 'case.priority <= 5', requirements: 'agent.id != ""' },
    ],
  },
);

const isOpenCase = ({ status = 'open' }: Facts): boolean => status === 'open' || status === 'pending';

/** A case on which a plan can begin. */
const openCase = (known: Known): fc.Arbitrary<string> => {
  const ids = known.all('/v1/cases', isOpenCase).map(([id]) => id);
  return ids.length === 0 ? fc.constant('nobody') : fc.constantFrom(...ids);
};

const named =
  (name: string) =>
  (facts: Facts): boolean =>
    facts['name'] === name;

export const planRecipes: Readonly<Record<string, Recipe>> = {
  'PUT /v1/plan-templates/{id}': { body: () => template },
  'POST /v1/plans': {
    body: (known) =>
      fc.tuple(openCase(known), template).map(([caseId, { name, steps }]) => ({ caseId, name: `new ${name}`, steps })),
  },
  'POST /v1/plans/{id}/cancel': { fits: named('cancel') },
  'POST /v1/plans/{id}/events': {
    fits: named('events'),
    body: () => fc.constantFrom({ name: 'told' }, { name: 'told', data: { box: 7 } }),
  },
  'POST /v1/plans/{id}/steps': {
    fits: named('events'),
    body: () => fc.noBias(fc.uuid()).map((id) => ({ steps: [{ id: `more-${id}`, after: ['0'] }] })),
  },
  'POST /v1/plans/{id}/steps/{stepId}/complete': {
    fits: named('complete'),
    body: () => fc.constant({ result: { n: 1 } }),
  },
  'POST /v1/plans/{id}/steps/{stepId}/fail': {
    fits: named('fail'),
    body: () => fc.constant({ reason: 'nobody there' }),
  },
  'POST /v1/plans/{id}/steps/{stepId}/skip': { fits: named('skip') },
  'POST /v1/plans/{id}/steps/{stepId}/retry': { fits: named('retry') },
};

const later = (hour: number): string => new Date(Date.UTC(2090, 0, 1, hour)).toISOString();

/** Callbacks of the stage, each for what is done to it; a dialler may report of those where the customer goes first. */
export const stageCallbacks = [
  { team: 'attempts', order: 'customer-first', attempts: MANY, gap: 'PT1S' },
  { team: 'reschedule', windows: [{ from: later(9), to: later(12) }] },
  { team: 'cancel', windows: [{ from: later(9), to: later(12) }] },
];

const forTeam =
  (team: string) =>
  (facts: Facts): boolean =>
    facts['team'] === team;

export const callbackRecipes: Readonly<Record<string, Recipe>> = {
  'POST /v1/callbacks': {
    body: (known) =>
      fc
        .tuple(
          openCase(known),
          fc.constantFrom({}, { attempts: 5, gap: 'PT1H' }, { windows: stageCallbacks[1]?.windows }),
        )
        .map(([caseId, terms]) => ({ caseId, team: 'nobody', ...terms })),
  },
  'POST /v1/callbacks/{id}/attempts': {
    fits: forTeam('attempts'),
    body: () => fc.constantFrom({ outcome: 'busy' }, { outcome: 'reached', note: 'in the car' }),
  },
  'POST /v1/callbacks/{id}/reschedule': {
    fits: forTeam('reschedule'),
    body: () => fc.nat(9).map((hour) => ({ windows: [{ from: later(hour), to: later(hour + 1) }] })),
  },
  'POST /v1/callbacks/{id}/cancel': { fits: forTeam('cancel') },
};
