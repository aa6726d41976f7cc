/** Something a customer did outside a contact: whose it is, and what it teaches. */
import { next, reject } from '@switchboard/hallway';
import type { Answer, Change, Handler, Message } from '@switchboard/hallway';
import type { Customer360Commands, RecordActivity, RecordedActivity } from './commands.ts';
import { snapshotOf, viewOf } from './customer.ts';
import { happenedAt, learnFromActivity } from './enrich.ts';
import { identify, needsToIdentify } from './identify.ts';
import { entryOf, momentOfActivity } from './moments.ts';
import { sameJson } from './same-json.ts';
import type { ActivityState, Customer360Kinds } from './state.ts';
import { begin, rowsOf, tell, type Story } from './story.ts';

type Recording = Handler<Customer360Kinds, unknown, Message<'record-activity', Customer360Commands['record-activity']>>;

/** Records of one key that contradict the first are kept, but no more than this many. */
const MOST_DIFFERENCES = 10;

/** Records an activity once, attributes it to a customer and enriches the profile. */
export const recordActivity: Recording = {
  needs({ data }, world) {
    const identifying = needsToIdentify(world, data.identifiers);
    return data.key === undefined ? identifying : [{ kind: 'activity', id: data.key }, ...identifying];
  },
  decide({ data }, world, context) {
    if (data.problems.length > 0) {
      return reject('invalid', 'invalid-body', 'The activity does not fit', data.problems);
    }
    const now = context.now.toISOString();
    const known = data.key === undefined ? undefined : world.get('activity', data.key);
    if (known !== undefined) return again(known, data, now);
    const who = identify(world, data.identifiers);
    const at = happenedAt(data.occurredAt, now);
    const known360 = begin(who, (customer) => learnFromActivity(customer, data.facts, { at, now }), {
      now,
      newId: () => context.newId(),
    });
    const activityId = context.newId();
    const story = attribute(known360, data, { activityId, now });
    const { id: customerId } = story.customer;
    const changes: Change<Customer360Kinds>[] = [
      ...rowsOf(story, who, now),
      { kind: 'timelineEntry', state: entryOf(momentOfActivity(data, { activityId, at }), customerId) },
      { kind: 'activity', state: rowOf(data, { activityId, customerId, now }) },
    ];
    return { changes, events: story.events, reply: { activityId, repeated: false } satisfies RecordedActivity };
  },
};

function attribute(
  story: Story,
  activity: RecordActivity,
  { activityId, now }: { activityId: string; now: string },
): Story {
  const { type, source, occurredAt, data, identifiers } = activity;
  return tell(
    story,
    {},
    {
      now,
      event: (customer) => ({
        type: 'switchboard.customer360.v1.ActivityAttributed',
        data: {
          activityId,
          type,
          source,
          occurredAt,
          data,
          identifiers,
          customer: snapshotOf(customer),
          profile: viewOf(customer, now),
          acceptedAt: now,
        },
      }),
    },
  );
}

function rowOf(
  { key, body }: RecordActivity,
  { activityId, customerId, now }: { activityId: string; customerId: string; now: string },
): ActivityState {
  return { id: key ?? activityId, version: 1, activityId, customerId, body, acceptedAt: now, differences: [] };
}

/** The first stands. Who says the same gets the same answer; who says something else is told or noted. */
function again(known: ActivityState, { body, door }: RecordActivity, now: string): Answer<Customer360Kinds> {
  const reply: RecordedActivity = { activityId: known.activityId, repeated: true };
  const contradicts = !sameJson(known.body, body);
  if (!contradicts) return { reply };
  if (door === 'rest') {
    return reject('conflict', 'conflict', 'This source sent another activity with this externalId', [
      { field: 'externalId', reason: `is taken by activity ${known.activityId}` },
    ]);
  }
  if (known.differences.some((one) => sameJson(one.body, body))) return { reply };
  const differences = [...known.differences, { at: now, body }].slice(-MOST_DIFFERENCES);
  return { changes: [{ kind: 'activity', state: next(known, { differences }) }], reply };
}
