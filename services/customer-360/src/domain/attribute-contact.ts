/** A contact came in: whose is it? */
import { next, nothing } from '@switchboard/hallway';
import type { Change, Context, Handler, Message, World } from '@switchboard/hallway';
import type { CaseSnapshot, Customer360Commands } from './commands.ts';
import { snapshotOf, viewOf } from './customer.ts';
import { learnFromCase, learnFromContact } from './enrich.ts';
import { identify, isNobody, needsToIdentify, needsToResolve, resolve, type Identified } from './identify.ts';
import { entryOf, momentOfContact } from './moments.ts';
import type { CaseLinkState, Customer360Kinds } from './state.ts';
import { begin, rowsOf, tell } from './story.ts';

type AttributeContact = Message<'attribute-contact', Customer360Commands['attribute-contact']>;
type Attributing = Handler<Customer360Kinds, unknown, AttributeContact>;

/** Attributes a contact to the customer of its contact point, whom it creates where nobody is known. */
export const attributeContact: Attributing = {
  needs({ data }, world) {
    const link = world.get('caseLink', data.case.id);
    return [
      { kind: 'caseLink', id: data.case.id },
      ...needsToIdentify(world, [data.contact.contactPoint]),
      ...needsToResolve(world, link?.customerId),
      { kind: 'timelineEntry', id: data.contact.id },
    ];
  },
  decide({ data }, world, context) {
    const { contact, case: snapshot } = data;
    if (world.get('timelineEntry', contact.id) !== undefined) return nothing;
    const now = context.now.toISOString();
    const who = whose(data, world);
    const link = world.get('caseLink', snapshot.id);
    const isOwner = link === undefined || resolve(world, link.customerId)?.id === who.customer?.id;
    const isNews = isOwner && (link?.caseVersion ?? 0) < snapshot.version;
    const known = begin(
      who,
      (customer) => ({ ...learnFromContact(customer, contact), ...(isNews ? learnFromCase(customer, snapshot) : {}) }),
      timeAndIds(context, now),
    );
    const story = tell(
      known,
      {},
      {
        now,
        event: (customer) => ({
          type: 'switchboard.customer360.v1.ContactAttributed',
          data: {
            contactId: contact.id,
            caseId: snapshot.id,
            customer: snapshotOf(customer),
            contact,
            case: snapshot,
            profile: viewOf(customer, now),
          },
        }),
      },
    );
    const changes: Change<Customer360Kinds>[] = [
      ...rowsOf(story, who, now),
      { kind: 'timelineEntry', state: entryOf(momentOfContact(contact, now), story.customer.id) },
    ];
    if (isNews) changes.push({ kind: 'caseLink', state: linkTo(snapshot, link, story.customer.id) });
    return { changes, events: story.events };
  },
};

/** Somebody whom nothing tells from others is at least the one whose case it is. */
function whose({ contact, case: { id } }: AttributeContact['data'], world: World<Customer360Kinds>): Identified {
  if (!isNobody(contact.contactPoint)) return identify(world, [contact.contactPoint]);
  return { customer: resolve(world, world.get('caseLink', id)?.customerId), others: [], unseen: [] };
}

export function linkTo(snapshot: CaseSnapshot, link: CaseLinkState | undefined, customerId: string): CaseLinkState {
  const caseVersion = snapshot.version;
  if (link !== undefined) return next(link, { caseVersion });
  return { id: snapshot.id, version: 1, customerId, caseVersion, channel: snapshot.channel };
}

const timeAndIds = (context: Context<unknown>, now: string) => ({ now, newId: () => context.newId() });
