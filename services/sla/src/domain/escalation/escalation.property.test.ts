import { compileCalendar, openDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aLadder, CLOCK, createEscalationHouse, START } from '../../testing/escalation-house.ts';
import type { EscalationHouse } from '../../testing/escalation-house.ts';
import type { EscalationStep, LadderDefinition, Notify } from './state.ts';

const MINUTE = 60_000;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const name = fc.constantFrom(...names);

function calendar(from: string, to: string): Calendar {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const compiled = compileCalendar({ timeZone: 'UTC', hours: [{ days: [...days], from, to }] });
  if (!compiled.ok) throw new Error('no calendar');
  return compiled.calendar;
}
const calendars = { early: calendar('06:00', '14:00'), late: calendar('14:00', '22:00') };

const at = (minutes: number): string => new Date(Date.parse(START) + minutes * MINUTE).toISOString();

const absence = fc
  .record({
    id: name,
    from: fc.integer({ min: -600, max: 600 }),
    length: fc.integer({ min: 1, max: 900 }),
    substitute: fc.option(name, { nil: undefined }),
  })
  .map(({ id, from, length, substitute }) => ({ id, from: at(from), to: at(from + length), substitute }));

const person = fc.record({
  calendarId: fc.constantFrom(undefined, 'early', 'late', 'unheard-of'),
  isKnown: fc.nat(5).map((n) => n > 0),
});

const notify: fc.Arbitrary<Notify> = fc.oneof(
  fc.constant({ teamManagers: true } as const),
  fc.constantFrom('motor', 'bosses', 'nowhere').map((managersOf) => ({ managersOf })),
  fc.uniqueArray(name, { minLength: 1, maxLength: 3 }).map((agents) => ({ agents })),
  fc.constant({ assignee: true } as const),
);

const ladder: fc.Arbitrary<LadderDefinition> = fc
  .record({
    levels: fc.array(
      fc.record({
        notify,
        acknowledgeWithin: fc.constantFrom('PT10M', 'PT1H'),
        workingTime: fc.constant(false),
        repeat: fc.nat(2),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    quietHours: fc.option(fc.constant({ from: '20:00', to: '07:00', timeZone: 'UTC' }), { nil: undefined }),
    digest: fc.option(fc.constant({ every: 'PT1H' }), { nil: undefined }),
    critical: fc.constantFrom('false', 'true', 'clock.status == "breached"'),
  })
  .map((patch) => aLadder(patch));

type Happening = (house: EscalationHouse) => void;
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant<Happening>((house) => {
    house.clock({ warned: [0.5], status: 'running' });
  }),
  fc.constant<Happening>((house) => {
    house.clock({ warned: [] });
  }),
  fc.constant<Happening>((house) => {
    house.clock({ status: 'breached', breachedAt: house.now().toISOString() });
  }),
  fc.constant<Happening>((house) => {
    house.clock({ status: 'paused', segments: [{ from: START, to: house.now().toISOString() }] });
  }),
  fc.constant<Happening>((house) => {
    house.tell('acknowledge-escalation', { escalationId: `${CLOCK}:managers` });
  }),
  absence.map((span): Happening => (house) => {
    house.away(span.id, span);
  }),
  name.map((agentId): Happening => (house) => {
    house.tell('forget-agent', { agentId, at: house.now().toISOString() });
  }),
);

interface World {
  readonly people: readonly { readonly calendarId: string | undefined; readonly isKnown: boolean }[];
  readonly absences: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly substitute: string | undefined;
  }[];
  readonly motor: readonly string[];
  readonly bosses: readonly string[];
  readonly assignee: string | undefined;
  readonly ladder: LadderDefinition;
  readonly life: readonly { readonly after: number; readonly happens: Happening }[];
}

const world: fc.Arbitrary<World> = fc.record({
  people: fc.array(person, { minLength: names.length, maxLength: names.length }),
  absences: fc.array(absence, { maxLength: 6 }),
  motor: fc.uniqueArray(name, { maxLength: 4 }),
  bosses: fc.uniqueArray(name, { maxLength: 2 }),
  assignee: fc.option(name, { nil: undefined }),
  ladder,
  life: fc.array(fc.record({ after: fc.nat(240), happens: happening }), { minLength: 1, maxLength: 12 }),
});

/** What is true of people at the moment is asked of the house itself, when each step is taken. */
function live(
  { people, absences, motor, bosses, assignee, ladder: definition, life }: World,
  look: (house: EscalationHouse) => void,
) {
  const house = createEscalationHouse(calendars);
  people.forEach(({ calendarId, isKnown }, index) => {
    if (isKnown) house.agent(names[index] ?? '', { calendarId });
  });
  for (const span of absences) house.away(span.id, span);
  house.team('motor', motor);
  house.team('bosses', bosses);
  house.matter({
    team: 'motor',
    ...(assignee === undefined ? {} : { extras: { assignee: { agentId: assignee, at: START } } }),
  });
  house.ladder('managers', definition);
  house.onStep = () => {
    look(house);
  };
  house.clock({ warned: [0.5] });
  for (const { after, happens } of life) {
    house.until(new Date(house.now().getTime() + after * MINUTE).toISOString());
    happens(house);
  }
  house.toTheEnd();
  return house;
}

const lived = (
  check: (house: EscalationHouse, world: World) => void,
  look: (house: EscalationHouse) => void = () => undefined,
) => {
  fc.assert(
    fc.property(world, (one) => {
      check(live(one, look), one);
    }),
    { numRuns: 80 },
  );
};

const tells = ({ what }: EscalationStep): boolean => what === 'raised' || what === 'reminded';

test('who is told is known, there and at work at that moment', () => {
  lived(
    () => undefined,
    (house) => {
      const last = house.steps().at(-1);
      for (const { agentId } of last !== undefined && tells(last) ? last.recipients : []) {
        const staff = house.staff(agentId);
        const now = house.now();
        expect(staff?.agent).toBeDefined();
        const away = (staff?.absences ?? []).filter(
          ({ span }) => span !== undefined && new Date(span.startsAt) <= now && now < new Date(span.endsAt),
        );
        expect(away).toEqual([]);
        const hours = calendars[staff?.agent?.calendarId as 'early'] as Calendar | undefined;
        if (hours !== undefined) expect(openDuration(hours, now, new Date(now.getTime() + 1))).toBe(1);
      }
    },
  );
});

test('within a round nobody is told twice, but for being told once more at the same level', () => {
  lived((house) => {
    const told = new Map<string, number>();
    for (const step of house.steps().filter(tells)) {
      for (const { agentId, level } of step.recipients) {
        const key = `${String(step.round)} ${agentId}`;
        if (step.what === 'raised') expect(told.has(key)).toBe(false);
        else expect(told.get(key)).toBe(level);
        told.set(key, level);
      }
    }
  });
});

test('no level is left out without a reason', () => {
  lived((house, { ladder: { levels } }) => {
    let reached = { round: 0, level: 0 };
    const passed = new Set<string>();
    for (const step of house.steps()) {
      if (step.round > reached.round) reached = { round: step.round, level: 0 };
      for (const { level } of step.skipped) passed.add(`${String(step.round)} ${String(level)}`);
      const until = step.what === 'unanswered' ? levels.length + 1 : step.level;
      if (step.what !== 'raised' && step.what !== 'unanswered') continue;
      for (let level = reached.level + 1; level < until; level += 1) {
        expect(passed).toContain(`${String(step.round)} ${String(level)}`);
      }
      reached = { round: step.round, level: Math.max(reached.level, step.level) };
    }
  });
});

test('every escalation comes to rest, and an acknowledgement keeps it there', () => {
  lived((house) => {
    const escalation = house.escalation();
    expect(['acknowledged', 'unanswered', 'ended', undefined]).toContain(escalation?.status);
    expect(house.timers().filter((timer) => !timer.startsWith('escalation-digest'))).toEqual([]);
    const steps = house.steps();
    steps.forEach((step, index) => {
      if (step.what !== 'acknowledged') return;
      const after = steps.slice(index + 1).filter(({ round }) => round === step.round);
      expect(after.map(({ what }) => what).filter((what) => what !== 'ended')).toEqual([]);
    });
  });
});

test('every version is one step and one event, in order', () => {
  lived((house) => {
    const versions = house.steps().map(({ step }) => step);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    const events = house.said().filter(({ subject }) => subject === `${CLOCK}:managers`);
    expect(events.map(({ sequence }) => sequence)).toEqual(versions);
    expect(house.escalation()?.version ?? 0).toBe(versions.length);
  });
});
