/** Absences: when an agent is not there, and who stands in. */
import { durationWithin, instant, nonEmptyText } from '@switchboard/contracts';
import {
  configurationId,
  defineRoutes,
  ifMatchOf,
  noContent,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import { z } from 'zod';
import type { AbsenceReply } from '../../domain/people/absences.ts';
import type { RoutingCommands } from '../../domain/commands.ts';
import { absenceKinds } from '../../domain/people/state.ts';
import type { Absence } from '../../domain/people/state.ts';
import { findAbsence, findAgent, listAbsences } from '../../store/reads.ts';
import { plain } from './shapes.ts';

const byAgent = z.object({ id: configurationId });
const byId = z.object({ id: configurationId, absenceId: configurationId });
const day = z.string().regex(/^(?:19[7-9]\d|20\d\d)-\d{2}-\d{2}$/, 'must be a day as YYYY-MM-DD, from 1970 to 2099');
const dayOrInstant = z.union([day, instant]);

const absenceBody = z.object({
  from: dayOrInstant.describe('an RFC 3339 instant, or a day as YYYY-MM-DD'),
  to: dayOrInstant.describe('an instant, or the last day of it'),
  timeZone: nonEmptyText(64)
    .optional()
    .describe('IANA name, as in Europe/Vienna: where days begin; needed for days, and for a rule'),
  kind: z.enum(absenceKinds),
  substitute: configurationId.optional().describe('an agent who does their work meanwhile'),
  note: nonEmptyText(500).optional(),
  work: z
    .enum(['hold', 'move'])
    .optional()
    .describe('what becomes of accepted work when it begins; absent: hold. Moved work comes back with the agent'),
  substituteFirst: durationWithin({ most: 'P7D' })
    .optional()
    .describe('how long moved work waits for the substitute alone, and for the agent who is back; absent: PT5M'),
  rule: nonEmptyText(500)
    .optional()
    .describe('RRULE of RFC 5545: it comes again, by the clock of timeZone, as in FREQ=WEEKLY;BYDAY=FR'),
  except: z.array(day).max(1000).optional().describe('days on which it does not'),
});

const absence = absenceBody.safeExtend({
  id: z.string(),
  agentId: z.string(),
  startsAt: z.string(),
  endsAt: z.string().describe('exclusive; of one that comes again these are of this time, or of the next one'),
  version: z.int(),
  updatedAt: z.string(),
});

const etag = ({ version }: Pick<Absence, 'version'>) => ({ etag: `"${String(version)}"` });

type Row = Omit<Absence, 'id' | 'acting'>;

function shown({ agentId, name, version, definition, startsAt, endsAt, updatedAt }: Row) {
  return { id: name, agentId, ...plain(definition), startsAt, endsAt, version, updatedAt };
}

export const absenceRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.put(
    '/v1/agents/:id/absences/:absenceId',
    {
      access: 'agents:write',
      summary: 'Creates or replaces an absence',
      params: byId,
      body: absenceBody,
      responses: { 200: absence, 201: absence },
    },
    (request) => {
      const { id: agentId, absenceId: name } = request.params;
      const data = { agentId, name, definition: request.body, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'put-absence', data }, (reply: AbsenceReply) => ({
        status: reply.created ? 201 : 200,
        body: shown(reply.absence),
        headers: etag(reply.absence),
      }));
    },
  );
  routes.delete(
    '/v1/agents/:id/absences/:absenceId',
    { access: 'agents:write', summary: 'Removes an absence', params: byId, responses: { 204: z.undefined() } },
    (request) => {
      const { id: agentId, absenceId: name } = request.params;
      const data = { agentId, name, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'remove-absence', data }, noContent);
    },
  );
  routes.get(
    '/v1/agents/:id/absences',
    {
      access: 'agents:read',
      summary: "Lists an agent's absences, by id",
      params: byAgent,
      query: z.object(pageQuery),
      responses: { 200: pageOf(absence) },
    },
    async ({ params: { id }, query: { limit, cursor } }) => {
      if ((await findAgent(door.db, id)) === undefined) throw problem('unknown-id', `There is no agent ${id}`);
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      const { items, nextCursor } = toPage(await listAbsences(door.db, id, page), limit, (row) => [row.name]);
      return ok({ items: items.map(shown), nextCursor });
    },
  );
  routes.get(
    '/v1/agents/:id/absences/:absenceId',
    { access: 'agents:read', summary: 'One absence', params: byId, responses: { 200: absence } },
    async ({ params: { id, absenceId } }) => {
      const found = await findAbsence(door.db, id, absenceId);
      if (found === undefined) throw problem('unknown-id', `${id} has no absence ${absenceId}`);
      return ok(shown(found), etag(found));
    },
  );
});
