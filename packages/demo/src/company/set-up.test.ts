import { compile, eligibilityLanguage, matchLanguage, requirementsLanguage, triggerLanguage } from '@switchboard/rules';
import { describe, expect, it } from 'vitest';
import { agents, hoursWorked, skillFor } from './agents.ts';
import { lineRepair } from './line-repair.ts';
import { offers } from './offers.ts';
import { policies, queues } from './queues.ts';
import { reasonFacts, reasons } from './reasons.ts';
import { setUpRequests } from './set-up.ts';

describe('what the company configures', () => {
  it.each(queues)('has a queue $id whose expressions compile', ({ match, requirements }) => {
    expect(compile(matchLanguage, match, 'match')).toMatchObject({ ok: true });
    expect(compile(requirementsLanguage, requirements, 'requirements')).toMatchObject({ ok: true });
  });

  it.each(policies)('has a policy $id whose expression compiles', ({ match }) => {
    expect(compile(matchLanguage, match, 'match')).toMatchObject({ ok: true });
  });

  it.each(offers)('has an offer $id whose expressions compile', ({ trigger, eligibility }) => {
    expect(compile(triggerLanguage, trigger, 'trigger')).toMatchObject({ ok: true });
    expect(compile(eligibilityLanguage, eligibility, 'eligibility')).toMatchObject({ ok: true });
  });

  it('has a plan whose steps wait in its queues, each after steps before it', () => {
    const ids = lineRepair.steps.map(({ id }) => id);
    for (const [n, { queueId, ...step }] of lineRepair.steps.entries()) {
      expect(queues.map(({ id }) => id)).toContain(queueId);
      expect(ids.slice(0, n)).toEqual(expect.arrayContaining('after' in step ? [...step.after] : []));
    }
  });

  it('names every path once, below its own prefix', () => {
    const paths = setUpRequests().map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths)
      expect(path).toMatch(/^\/v1\/(calendars|policies|agents|queues|plan-templates|offers)\/demo-[a-z0-9-]+$/u);
  });

  it('has a queue for every reason, and in the late shift somebody for every skill and language', () => {
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining([...reasons]));
    const late = agents.filter(({ shift }) => shift === 'late');
    for (const skill of new Set(Object.values(skillFor))) {
      for (const language of ['de', 'en', 'fr', 'es', 'tr']) {
        const who = late.filter((agent) => agent.skills[skill] !== undefined && agent.languages.includes(language));
        expect(who, `${skill} in ${language}`).not.toHaveLength(0);
      }
    }
  });

  it('gives every reason a way to come by and a priority', () => {
    for (const reason of reasons) {
      expect(Object.values(reasonFacts[reason].channels).some((weight) => weight > 0)).toBe(true);
      expect(Object.values(reasonFacts[reason].priority).some((weight) => weight > 0)).toBe(true);
    }
  });

  it.each([
    [6, 0],
    [12, 5],
    [23, 8.5],
  ])('counts by %d o’clock %d hours of the early shift', (hour, hours) => {
    expect(hoursWorked({ shift: 'early' }, hour)).toBe(hours);
  });
});
