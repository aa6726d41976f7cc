/** Decisions: on contacts, on activities that trigger something, and when somebody asks. */
import { next, nothing, reject } from '@switchboard/hallway';
import type {
  Change,
  Context,
  Decision,
  Handler,
  Message,
  OutgoingEvent,
  TimerChange,
  World,
} from '@switchboard/hallway';
import { arbitrate, isOpen, isTriggering } from './arbitrate.ts';
import type { OffersCommands } from './commands.ts';
import type { OffersConfiguration, TriggerFacts } from './configuration.ts';
import {
  factsOf,
  learn,
  learnCase,
  needsOfCases,
  needsToResolve,
  newCase,
  newCustomer,
  openOnes,
  promisesOf,
  resolve,
  stillStanding,
} from './customers.ts';
import { expiryTimer } from './expiry.ts';
import type { CustomerState, DecidedOffer, DecisionState, FreeJson, OffersKinds, Standing } from './state.ts';

type Handling<T extends keyof OffersCommands> = Handler<
  OffersKinds,
  OffersConfiguration,
  Message<T, OffersCommands[T]>
>;
type Known = World<OffersKinds>;

/** Most offers made at once where nobody says otherwise. */
export const USUAL_LIMIT = 3;

/** Every attributed contact is decided on once, also where nothing applies. */
export const decideForContact: Handling<'decide-for-contact'> = {
  needs: ({ data }, world) => [
    ...needsToResolve(world, data.known.customer.id),
    ...needsOfCases(resolve(world, data.known.customer.id)),
    { kind: 'caseFacts', id: data.case.id },
    { kind: 'decision', id: data.contactId },
  ],
  decide({ data }, world, context) {
    if (world.get('decision', data.contactId) !== undefined) return nothing;
    const { id: caseId } = data.case;
    const before = resolve(world, data.known.customer.id) ?? newCustomer(data.known.customer.id);
    const caseIds = before.caseIds.includes(caseId) ? before.caseIds : [...before.caseIds, caseId];
    const customer: CustomerState = { ...before, ...learn(before, data.known), caseIds };
    const known = world.get('caseFacts', caseId) ?? newCase(caseId);
    const learned = { ...learnCase(known, data.case), contact: data.contact, customerId: customer.id };
    const facts = next(known, learned);
    const decided = decideOn({
      id: data.contactId,
      occasion: 'contact',
      channel: data.channel,
      limit: USUAL_LIMIT,
      caseId,
      customer,
      world: withCase(world, facts),
      facts: { contact: data.contact, profile: customer.profile },
      context,
    });
    return { ...decided, changes: [...(decided.changes ?? []), { kind: 'caseFacts', state: facts }] };
  },
};

/** An activity is decided on where it triggers an offer. */
export const decideForActivity: Handling<'decide-for-activity'> = {
  needs: ({ data }, world) => [
    ...needsToResolve(world, data.known.customer.id),
    ...needsOfCases(resolve(world, data.known.customer.id)),
    { kind: 'decision', id: data.activityId },
  ],
  decide({ data }, world, context) {
    const { activity, activityId, channel, known } = data;
    const before = resolve(world, known.customer.id) ?? newCustomer(known.customer.id);
    const patch = learn(before, known);
    const customer: CustomerState = { ...before, ...patch };
    const facts = { activity, profile: customer.profile };
    const isOver = world.get('decision', activityId) !== undefined;
    if (isOver || !isTriggering(facts, context.configuration)) {
      return Object.keys(patch).length === 0
        ? nothing
        : { changes: [{ kind: 'customer', state: next(before, patch) }] };
    }
    return decideOn({
      id: activityId,
      occasion: 'activity',
      channel,
      limit: USUAL_LIMIT,
      caseId: undefined,
      customer,
      world,
      facts,
      context,
    });
  },
};

/** Somebody asks what to offer now: the case, where one is named, lends its latest contact. */
export const decideOnRequest: Handling<'decide-on-request'> = {
  needs: ({ data }, world) => [
    ...needsToResolve(world, data.customerId),
    ...needsOfCases(resolve(world, data.customerId)),
    ...(data.caseId === undefined ? [] : [{ kind: 'caseFacts' as const, id: data.caseId, mode: 'read' as const }]),
  ],
  decide({ data }, world, context) {
    const { caseId, channel, limit } = data;
    const customer = resolve(world, data.customerId);
    if (customer === undefined) return unknown('customerId', `There is no customer ${data.customerId}`);
    const known = caseId === undefined ? undefined : world.get('caseFacts', caseId);
    if (caseId !== undefined && (known === undefined || known.caseVersion === 0)) {
      return unknown('caseId', `There is no case ${caseId}`);
    }
    const owner = known?.customerId;
    if (owner !== undefined && owner !== customer.id && !customer.mergedIds.includes(owner)) {
      return reject('conflict', 'conflict', 'The case is of another customer', [
        { field: 'caseId', reason: 'is of another customer' },
      ]);
    }
    const contact: FreeJson = { ...known?.contact, channel };
    const facts = { contact, profile: customer.profile };
    const id = context.newId();
    return decideOn({ id, occasion: 'request', channel, limit, caseId, customer, world, facts, context });
  },
};

const unknown = (field: string, detail: string) =>
  reject('not-found', 'unknown-id', detail, [{ field, reason: 'is unknown' }]);

/** The world with a case as it is about to be saved. */
function withCase(world: Known, state: OffersKinds['caseFacts']): Known {
  return {
    get: (kind, id) => (kind === 'caseFacts' && id === state.id ? (state as never) : world.get(kind, id)),
  };
}

interface Occasion {
  readonly id: string;
  readonly occasion: 'contact' | 'activity' | 'request';
  readonly channel: string;
  readonly limit: number;
  readonly caseId: string | undefined;
  /** With everything learned, not yet at its next version. */
  readonly customer: CustomerState;
  readonly world: Known;
  readonly facts: TriggerFacts;
  readonly context: Context<OffersConfiguration>;
}

function decideOn(on: Occasion): Decision<OffersKinds> {
  const { id, occasion, channel, limit, caseId, customer, world, facts, context } = on;
  const now = context.now.toISOString();
  const { windows } = context.configuration;
  const standings = stillStanding(customer.standings, { now, declined: windows.declined });
  const { offers, candidates } = arbitrate(
    {
      now,
      channel,
      limit,
      occasion,
      facts,
      openComplaints: customer.openComplaints,
      sla: promisesOf(world, customer),
      case: factsOf(world, caseId),
      standings,
      caseOf: (standing) => factsOf(world, standing.caseId),
    },
    context.configuration,
  );
  const decision: DecisionState = {
    id,
    version: 1,
    customerId: customer.id,
    ...(caseId === undefined ? {} : { caseId }),
    occasion,
    channel,
    at: now,
    offers,
    candidates,
    responses: [],
  };
  const stood = offers.map((offer) => stand(offer, { on, standings, now }));
  const others = standings.filter(({ offerId }) => !offers.some((offer) => offer.offerId === offerId));
  const caseIds = openOnes(world, customer.caseIds);
  const state = next(customer, { caseIds, standings: [...others, ...stood] });
  const changes: Change<OffersKinds>[] = [
    { kind: 'customer', state },
    { kind: 'decision', state: decision },
  ];
  return { changes, events: [made(decision)], timers: timersOf(stood, standings, customer.id), reply: decision };
}

/** What is offered again keeps its incentive, its case and its end; what is new gets them now. */
function stand(
  offer: DecidedOffer,
  { on, standings, now }: { on: Occasion; standings: readonly Standing[]; now: string },
): Standing {
  const { offerId, incentive } = offer;
  const open = standings.find((one) => one.offerId === offerId && isOpen(one, now));
  if (open !== undefined) return { ...open, decisionId: on.id };
  const { offers, windows } = on.context.configuration;
  const validTo = offers.find(({ id }) => id === offerId)?.definition.validTo;
  const ends = [incentive?.until, validTo, new Date(Date.parse(now) + windows.carryOver).toISOString()];
  const until = ends.filter((end) => end !== undefined).reduce((a, b) => (a < b ? a : b));
  return {
    offerId,
    decisionId: on.id,
    ...(on.caseId === undefined ? {} : { caseId: on.caseId }),
    ...(incentive === undefined ? {} : { incentive }),
    status: 'offered',
    at: now,
    until,
  };
}

function timersOf(stood: readonly Standing[], before: readonly Standing[], customerId: string): TimerChange[] {
  const known = new Set(before.map(({ offerId, until }) => `${offerId} ${until}`));
  return stood
    .filter(({ offerId, until }) => !known.has(`${offerId} ${until}`))
    .map((standing) => ({ set: expiryTimer(customerId, standing) }));
}

function made(decision: DecisionState): OutgoingEvent {
  const { id, customerId, caseId, channel, at, offers, candidates } = decision;
  return {
    type: 'switchboard.offers.v1.DecisionMade',
    subject: id,
    sequence: decision.version,
    data: { id, customerId, caseId, channel, at, offers, candidates },
  };
}
