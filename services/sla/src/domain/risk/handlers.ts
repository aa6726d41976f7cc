/** Looks at the clocks that are due for it, a page at a time; learns anew now and then; counts who is there. */
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message, Need, OutgoingEvent } from '@switchboard/hallway';
import { toldVersion } from '../clocks/announce.ts';
import type { SlaCommands } from '../commands.ts';
import type { Configuration } from '../configuration.ts';
import { riskLevelsOf } from '../clocks/demand.ts';
import { openAfter } from '../clocks/measure.ts';
import { foresee } from './foresee.ts';
import { levelOf, nextShare } from './stored.ts';
import type { StoredRisk } from './stored.ts';
import { counted } from './staffing.ts';
import { sightOf } from './sight.ts';
import { lifeOf, modelKey, momentOf } from './life.ts';
import { isOver } from './watch.ts';
import { allTerms } from '../clocks/slots.ts';
import type { SlaWorld } from '../clocks/ledger.ts';
import type { ClockState } from '../clocks/state.ts';
import type { RiskItem } from './state.ts';
import type { SlaKinds } from '../state.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** Never twice within, ms. */
const LEAST_PAUSE = 30_000;
/** At the latest after, ms: what waits before it and who is there change without it. */
const LONGEST_PAUSE = 6 * 3_600_000;

/** The clocks whose look is due; none without a model. */
export const assessDue: SlaHandler<'assess-due'> = {
  needs: ({ data }, world) => [
    { kind: 'riskPage', id: data.page, mode: 'read' },
    ...itemsOf(data.page, world).flatMap(({ clockId, caseId, team }): Need<SlaKinds>[] => [
      { kind: 'caseClocks', id: caseId, mode: 'read' },
      { kind: 'clock', id: clockId },
      ...(team === null ? [] : [{ kind: 'staffing', id: team, mode: 'read' } as const]),
    ]),
  ],
  decide: ({ data }, world, { now, configuration }): Answer<SlaKinds> => {
    const items = itemsOf(data.page, world);
    const looks = items.flatMap((item) => lookAt(item, { world, configuration, now }) ?? []);
    return {
      changes: looks.map(({ clock }) => ({ kind: 'clock', state: clock })),
      events: looks.flatMap(({ events }) => events),
      reply: { looked: items.length, models: configuration.risk?.models.size ?? 0 },
    };
  },
};

function itemsOf(page: string, world: SlaWorld): readonly RiskItem[] {
  return world.get('riskPage', page)?.items ?? [];
}

interface Scene {
  readonly world: SlaWorld;
  readonly configuration: Configuration;
  readonly now: Date;
}

interface Looked {
  readonly clock: ClockState;
  readonly events: readonly OutgoingEvent[];
}

function lookAt(item: RiskItem, { world, configuration, now }: Scene): Looked | undefined {
  const clock = world.get('clock', item.clockId);
  const state = world.get('caseClocks', item.caseId);
  if (clock === undefined || state === undefined) return undefined;
  if (isOver(clock)) return { clock: forgotten(clock, now), events: [] };
  const { ahead, backlog, finished, team } = item;
  const staffing = team === null ? undefined : world.get('staffing', team);
  const house = {
    ...{ ahead: ahead ?? undefined, backlog: backlog ?? undefined, finished: finished ?? undefined, staffing },
    waiting: state.extras?.waitsSince !== undefined,
  };
  const moment = momentOf(clock, now, configuration, house);
  const known = configuration.risk?.models.get(modelKey(clock));
  const said = foresee(known?.ready, sightOf(lifeOf(clock, state, configuration), moment));
  const before = clock.risk?.level ?? 0;
  const terms = allTerms(state).find(({ policyId }) => policyId === clock.policyId);
  const levels = riskLevelsOf(terms, clock, configuration.risk?.levels ?? []);
  const risk: StoredRisk = {
    ...(said.known ? { probability: rounded(said.probability) } : { unknown: said.why }),
    level: levelOf(levels, before, said),
    reasons: said.known ? said.reasons : [],
    help: said.known ? said.help : [],
    model: known?.version ?? 0,
    at: now.toISOString(),
    ...(team === null ? {} : { team }),
  };
  const isNews = risk.level !== before;
  const looked = next(clock, {
    risk: { ...risk, untold: (clock.risk?.untold ?? 0) + (isNews ? 0 : 1) },
    riskProbability: risk.probability,
    riskNext: lookAgainAt(clock, moment.elapsedMs, configuration, now),
  });
  return {
    clock: looked,
    events: isNews ? [changed(looked, { risk, before, elapsedMs: moment.elapsedMs, levels })] : [],
  };
}

/** Over since it was to be looked at. */
function forgotten(clock: ClockState, now: Date): ClockState {
  const nothingKnown: StoredRisk = { level: 0, reasons: [], help: [], model: 0, at: now.toISOString() };
  const risk = clock.risk ?? nothingKnown;
  return next(clock, {
    risk: { ...risk, untold: (risk.untold ?? 0) + 1 },
    riskProbability: undefined,
    riskNext: undefined,
  });
}

const rounded = (probability: number): number => Math.round(probability * 10_000) / 10_000;

/** When the next step of its target is used up. */
function lookAgainAt(clock: ClockState, elapsed: number, configuration: Configuration, now: Date): string {
  const openMs = nextShare(elapsed / clock.targetMs) * clock.targetMs - elapsed;
  const reached = openAfter(configuration, clock, now, Math.ceil(openMs))?.getTime() ?? Infinity;
  const at = Math.min(now.getTime() + LONGEST_PAUSE, Math.max(now.getTime() + LEAST_PAUSE, reached));
  return new Date(at).toISOString();
}

interface Told {
  readonly risk: StoredRisk;
  /** Levels reached until now. */
  readonly before: number;
  readonly elapsedMs: number;
  readonly levels: readonly number[];
}

/** The level that was crossed: where there are fewer than there were, the highest of them. */
function changed(clock: ClockState, { risk, before, elapsedMs, levels }: Told): OutgoingEvent {
  const { id, caseId, customerId, policyId, target, status, startedAt, dueAt, targetMs } = clock;
  const version = toldVersion(clock);
  const times = { startedAt, dueAt, elapsedMs, remainingMs: targetMs - elapsedMs };
  return {
    type: 'switchboard.sla.v1.RiskChanged',
    subject: id,
    sequence: version,
    data: {
      clock: { id, version, caseId, customerId, policyId, target, status, ...times },
      probability: risk.probability ?? 0,
      level: levels[Math.min(Math.max(risk.level, before), levels.length) - 1] ?? 0,
      rising: risk.level > before,
      reasons: [...risk.reasons],
      help: [...risk.help],
      model: risk.model,
    },
  };
}

/** Is done outside any transaction, in a thread of its own. */
export const fitRisk: SlaHandler<'fit-risk'> = {
  needs: () => [],
  decide: ({ data }) => ({ effects: [{ kind: 'fit-risk', id: data.at, data: { at: data.at } }] }),
};

/** A model replaces the one before; where there is too little to learn from, the old one stays. */
export const keepModels: SlaHandler<'keep-models'> = {
  needs: ({ data }) => data.models.map(({ id }) => ({ kind: 'riskModel', id })),
  decide: ({ data }, world, { now }): Answer<SlaKinds> => {
    if (data.models.length === 0) return nothing;
    return {
      changes: data.models.map(({ id, model }) => {
        const version = (world.get('riskModel', id)?.version ?? 0) + 1;
        return { kind: 'riskModel', state: { id, version, definition: model, updatedAt: now.toISOString() } };
      }),
    };
  },
};

/** Agents that are available, by team, at this hour. */
export const countStaff: SlaHandler<'count-staff'> = {
  needs: ({ data }, world) => [
    { kind: 'staffNow', id: data.page, mode: 'read' },
    ...(world.get('staffNow', data.page)?.teams ?? []).map(({ team }) => ({ kind: 'staffing', id: team }) as const),
  ],
  decide: ({ data }, world, { now }): Answer<SlaKinds> => ({
    changes: (world.get('staffNow', data.page)?.teams ?? []).map(({ team, available }) => ({
      kind: 'staffing',
      state: counted(world.get('staffing', team), team, available, now.getTime()),
    })),
  }),
};

/** Who is there, as routing tells. A later version of an agent has been seen: this one is old news. */
export const seatAgent: SlaHandler<'seat-agent'> = {
  needs: ({ data }) => [{ kind: 'agentSeat', id: data.agentId }],
  decide: ({ data: { agentId, version, team, available } }, world): Answer<SlaKinds> => {
    const before = world.get('agentSeat', agentId);
    if (before !== undefined && before.seen >= version) return nothing;
    const seat = { id: agentId, version: (before?.version ?? 0) + 1, seen: version, team, available };
    return { changes: [{ kind: 'agentSeat', state: seat }] };
  },
};

export const unseatAgent: Handler<SlaKinds, Configuration, Message<string, { readonly agentId: string }>> = {
  needs: ({ data }) => [{ kind: 'agentSeat', id: data.agentId }],
  decide: ({ data }, world): Answer<SlaKinds> =>
    world.get('agentSeat', data.agentId) === undefined
      ? nothing
      : { changes: [{ kind: 'agentSeat', remove: data.agentId }] },
};
