/** Cases as they go on: how many are open, how many of them complain; and the moments around them. */
import { next, nothing } from '@switchboard/hallway';
import type { Handler, Message } from '@switchboard/hallway';
import type { Customer360Commands } from './commands.ts';
import { linkTo } from './attribute-contact.ts';
import { learnFromCase } from './enrich.ts';
import { needsToResolve, resolve } from './identify.ts';
import { entryOf, oneLine } from './moments.ts';
import type { Customer360Kinds } from './state.ts';
import { profileChanged, tell } from './story.ts';

type Handling<T extends keyof Customer360Commands> = Handler<
  Customer360Kinds,
  unknown,
  Message<T, Customer360Commands[T]>
>;

/** A case changed: its customer's counts follow. */
export const followCase: Handling<'follow-case'> = {
  needs({ data }, world) {
    const link = world.get('caseLink', data.case.id);
    return [
      { kind: 'caseLink', id: data.case.id },
      ...needsToResolve(world, link?.customerId),
      { kind: 'timelineEntry', id: data.moment.id },
    ];
  },
  decide({ data }, world, context) {
    const { case: snapshot, moment } = data;
    const link = world.get('caseLink', snapshot.id);
    if (link === undefined) return { waitFor: { kind: 'caseLink', id: snapshot.id } };
    const customer = resolve(world, link.customerId);
    if (customer === undefined || world.get('timelineEntry', moment.id) !== undefined) return nothing;
    const entry = { kind: 'timelineEntry' as const, state: entryOf(moment, customer.id) };
    if (link.caseVersion >= snapshot.version) return { changes: [entry] };
    const linked = { kind: 'caseLink' as const, state: linkTo(snapshot, link, link.customerId) };
    const patch = learnFromCase(customer, snapshot);
    if (patch.openCases === undefined) return { changes: [linked, entry] };
    const now = context.now.toISOString();
    const event = profileChanged(['openCases', 'openComplaints'], now);
    const story = tell({ customer, events: [] }, patch, { now, event });
    return { changes: [linked, { kind: 'customer', state: story.customer }, entry], events: story.events };
  },
};

/** Something happened around a case. Whose it is was settled when the case was attributed; nothing else is locked. */
export const tellOfCase: Handling<'tell-of-case'> = {
  needs: ({ data }) => [
    { kind: 'caseLink', id: data.caseId, mode: 'read' },
    { kind: 'timelineEntry', id: data.moment.id },
  ],
  decide({ data: { caseId, moment } }, world) {
    const link = world.get('caseLink', caseId);
    if (link === undefined) return { waitFor: { kind: 'caseLink', id: caseId } };
    if (world.get('timelineEntry', moment.id) !== undefined) return nothing;
    const state = entryOf({ ...moment, channel: moment.channel ?? link.channel }, link.customerId);
    return { changes: [{ kind: 'timelineEntry', state }] };
  },
};

/** Something happened with a customer, and whoever says so names the customer. */
export const tellOfCustomer: Handling<'tell-of-customer'> = {
  needs: ({ data }) => [{ kind: 'timelineEntry', id: data.moment.id }],
  decide({ data: { customerId, moment } }, world) {
    if (world.get('timelineEntry', moment.id) !== undefined) return nothing;
    return { changes: [{ kind: 'timelineEntry', state: entryOf(moment, customerId) }] };
  },
};

/** The sender edited or revoked a contact: the timeline shows what stands now. */
export const updateContact: Handling<'update-contact'> = {
  needs: ({ data }) => [{ kind: 'timelineEntry', id: data.contactId }],
  decide({ data: { contactId, kind, text } }, world) {
    const entry = world.get('timelineEntry', contactId);
    // It travels behind the contact on one key: what is not there was refused, not late.
    if (entry === undefined) return nothing;
    const summary = kind === 'revoked' ? 'Revoked by the sender' : oneLine(text);
    const state = next(entry, { summary, data: { ...entry.data, text, [kind]: true } });
    return { changes: [{ kind: 'timelineEntry', state }] };
  },
};
