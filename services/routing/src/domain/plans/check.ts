/** What is wrong with a plan, each fault with its field: circles, unknown steps, conditions that do not compile. */
import { parseDuration } from '@switchboard/calendar';
import { compile, planLanguage, requirementsLanguage } from '@switchboard/rules';
import type { StepDefinition } from './definition.ts';
import { circleOf, comesBefore } from './graph.ts';

export interface Fault {
  readonly field: string;
  readonly reason: string;
}

type Steps = readonly StepDefinition[];

const YEAR_MS = 366 * 24 * 3_600_000;

export function faultsOfPlan(steps: Steps): Fault[] {
  const faults = steps.flatMap((step, index) => faultsOfStep(step, `steps.${String(index)}`, steps));
  const circle = circleOf(steps);
  if (circle === undefined) return faults;
  const at = steps.findIndex(({ id }) => id === circle[0]);
  const path = [...circle, circle[0] ?? ''].join(' before ');
  return [...faults, { field: `steps.${String(at)}.after`, reason: `goes round in a circle: ${path}` }];
}

function faultsOfStep(step: StepDefinition, field: string, steps: Steps): Fault[] {
  const first = steps.findIndex(({ id }) => id === step.id);
  const isTwice = first !== Number(field.split('.')[1]);
  return [
    ...(isTwice ? [{ field: `${field}.id`, reason: `there is a step ${step.id} already` }] : []),
    ...faultsOfEdges(step, field, steps),
    ...faultsOfKind(step, field),
    ...faultsOfTimes(step, field),
    ...faultsOfConditions(step, field, steps),
  ];
}

function faultsOfEdges({ id, after, join }: StepDefinition, field: string, steps: Steps): Fault[] {
  const faults = after.flatMap((before, index) => {
    const place = `${field}.after.${String(index)}`;
    if (before === id) return [{ field: place, reason: 'a step cannot come after itself' }];
    if (after.indexOf(before) !== index) return [{ field: place, reason: `${before} is there twice` }];
    if (!steps.some((one) => one.id === before)) return [{ field: place, reason: `there is no step ${before}` }];
    return [];
  });
  if (join === 'any' && after.length < 2)
    faults.push({ field: `${field}.join`, reason: 'any needs at least two steps before' });
  return faults;
}

/** Field -> kinds of steps that have it. */
const fits: Readonly<Record<string, readonly StepDefinition['kind'][]>> = {
  event: ['event'],
  delay: ['delay'],
  queueId: ['work'],
  team: ['work'],
  requirements: ['work'],
  channel: ['work'],
  workKind: ['work'],
  priority: ['work'],
  dueIn: ['work', 'event'],
  timeout: ['work', 'event'],
  retry: ['work', 'event'],
  compensation: ['work', 'event'],
};

function faultsOfKind(step: StepDefinition, field: string): Fault[] {
  const { kind } = step;
  const given = step as unknown as Readonly<Record<string, unknown>>;
  const faults = Object.entries(fits).flatMap(([name, kinds]) =>
    given[name] !== undefined && !kinds.includes(kind)
      ? [{ field: `${field}.${name}`, reason: `a step of kind ${kind} has none` }]
      : [],
  );
  if ((kind === 'event' || kind === 'delay') && given[kind] === undefined)
    faults.push({ field: `${field}.${kind}`, reason: `a step of kind ${kind} needs it` });
  return faults;
}

function faultsOfTimes({ delay, dueIn, timeout, retry }: StepDefinition, field: string): Fault[] {
  const times: Readonly<Record<string, string | undefined>> = { delay, dueIn, timeout, 'retry.after': retry?.after };
  return Object.entries(times).flatMap(([name, duration]) => {
    const ms = duration === undefined ? 1 : (parseDuration(duration) ?? 0);
    const isFit = (ms > 0 || name === 'retry.after') && ms <= YEAR_MS;
    return isFit ? [] : [{ field: `${field}.${name}`, reason: 'must be more than nothing and at most a year' }];
  });
}

function faultsOfConditions(step: StepDefinition, field: string, steps: Steps): Fault[] {
  const { when, requirements, compensation } = step;
  const compiled = [
    when === undefined ? undefined : compile(planLanguage, when, `${field}.when`),
    requirements === undefined ? undefined : compile(requirementsLanguage, requirements, `${field}.requirements`),
    compensation?.requirements === undefined
      ? undefined
      : compile(requirementsLanguage, compensation.requirements, `${field}.compensation.requirements`),
  ];
  const faults = compiled
    .flatMap((result) => (result === undefined || result.ok ? [] : result.errors))
    .map(({ field: place, reason }) => ({ field: place ?? field, reason }));
  return [...faults, ...(when === undefined ? [] : faultsOfNames(step.id, when, { field, steps }))];
}

/** Steps that a condition names have to be there, and before it: else it would be asked of what is not known yet. */
function faultsOfNames(
  id: string,
  when: string,
  { field, steps }: { readonly field: string; readonly steps: Steps },
): Fault[] {
  const named = [...when.matchAll(/\bsteps\s*(?:\.\s*(\w+)|\[\s*(["'])(.*?)\2\s*\])/gu)].map(
    ([, plain, , quoted]) => plain ?? quoted ?? '',
  );
  return [...new Set(named)].flatMap((name) => {
    if (!steps.some((one) => one.id === name)) return [{ field: `${field}.when`, reason: `there is no step ${name}` }];
    if (comesBefore(steps, name, id)) return [];
    return [{ field: `${field}.when`, reason: `the step ${name} does not come before: nothing is known of it yet` }];
  });
}
