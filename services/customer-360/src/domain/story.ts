/** What a decision does to one customer, event by event: each event is one version. */
import { next } from '@switchboard/hallway';
import type { Change, OutgoingEvent } from '@switchboard/hallway';
import { newCustomer, snapshotOf, viewOf } from './customer.ts';
import type { Patch } from './enrich.ts';
import type { Identified } from './identify.ts';
import { takeOver } from './merge.ts';
import { sameJson } from './same-json.ts';
import type { Customer360Kinds, CustomerState } from './state.ts';

export interface Story {
  readonly customer: CustomerState;
  readonly events: readonly OutgoingEvent[];
}

type CustomerEvent = (customer: CustomerState) => Pick<OutgoingEvent, 'type' | 'data'>;

/** The customer's next version, and the event that says so. */
export function tell(story: Story, patch: Patch, { now, event }: { now: string; event: CustomerEvent }): Story {
  const customer = next(story.customer, { ...patch, updatedAt: now });
  const said = { ...event(customer), subject: customer.id, sequence: customer.version } as OutgoingEvent;
  return { customer, events: [...story.events, said] };
}

/** Fields whose changes the attributing event tells by itself. */
const TOLD_BY_ATTRIBUTION: ReadonlySet<string> = new Set(['usage', 'purchases', 'openCases']);

/** Who the story is about, with what was learned: created, merged or changed, each with its event. */
export function begin(
  { customer, others, unseen }: Identified,
  learn: (customer: CustomerState) => Patch,
  { now, newId }: { now: string; newId: () => string },
): Story {
  if (customer === undefined) {
    const fresh = { ...newCustomer(newId(), now), contactPoints: unseen };
    return tell({ customer: fresh, events: [] }, learn(fresh), {
      now,
      event: (created) => ({
        type: 'switchboard.customer360.v1.ProfileCreated',
        data: { customer: snapshotOf(created) },
      }),
    });
  }
  const met: Story = { customer, events: [] };
  return change(joinOthers(met, others, now), (known) => ({ ...join(known, unseen), ...learn(known) }), now);
}

function join(customer: CustomerState, unseen: readonly string[]): Patch {
  return unseen.length === 0 ? {} : { contactPoints: [...customer.contactPoints, ...unseen] };
}

function joinOthers(story: Story, others: readonly CustomerState[], now: string): Story {
  if (others.length === 0) return story;
  const patch = others.reduce<Patch>(
    (sum, other) => ({ ...sum, ...takeOver({ ...story.customer, ...sum }, other) }),
    {},
  );
  const mergedIds = others.map(({ id }) => id);
  return tell(story, patch, {
    now,
    event: (customer) => ({
      type: 'switchboard.customer360.v1.ProfileMerged',
      data: { customer: snapshotOf(customer), mergedIds },
    }),
  });
}

/** What is only known to have been so later as well is no change to anybody. */
function fieldsThatDiffer(fields: readonly string[], one: CustomerState, other: CustomerState): readonly string[] {
  const before: Readonly<Record<string, unknown>> = snapshotOf(one);
  const after: Readonly<Record<string, unknown>> = snapshotOf(other);
  return fields.filter((field) => !sameJson(before[field], after[field]));
}

/** Takes in what was learned; said as an event of its own only where the attribution does not tell it anyway. */
function change(story: Story, learn: (customer: CustomerState) => Patch, now: string): Story {
  const patch = learn(story.customer);
  const customer = { ...story.customer, ...patch };
  const fields = Object.keys(patch).filter((field) => !TOLD_BY_ATTRIBUTION.has(field));
  const changed = fields.length === 0 ? [] : fieldsThatDiffer(fields, story.customer, customer);
  if (changed.length === 0) return { ...story, customer };
  return tell(story, patch, { now, event: profileChanged(changed, now) });
}

export function profileChanged(changed: readonly string[], now: string): CustomerEvent {
  return (customer) => ({
    type: 'switchboard.customer360.v1.ProfileChanged',
    data: { customer: snapshotOf(customer), changed, profile: viewOf(customer, now) },
  });
}

/** The rows behind a story: its customer, those merged into it, and the contact points it was first seen with. */
export function rowsOf(story: Story, { others, unseen }: Identified, now: string): Change<Customer360Kinds>[] {
  const { customer } = story;
  return [
    ...unseen.map((id) => ({ kind: 'identity' as const, state: { id, version: 1, customerId: customer.id } })),
    { kind: 'customer', state: customer },
    ...others.map((other) => ({
      kind: 'customer' as const,
      state: next(other, { mergedInto: customer.id, updatedAt: now }),
    })),
  ];
}
