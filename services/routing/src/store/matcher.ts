/** The matcher's job: its memory is read from the tables at the start, and from the service's own events after that. */
import type { Job, Sql } from '@switchboard/hallway';
import type { RoutingCommands } from '../domain/commands.ts';
import { withFigures } from '../domain/figures/figures-run.ts';
import { compileQueue } from '../domain/queues/compile-queue.ts';
import { LONGEST_SHARE_MS } from '../domain/queues/fairness.ts';
import { noteAnswer } from '../domain/matching/engine.ts';
import { takeQuestions } from '../domain/matching/engine-desk.ts';
import type { Asking, EngineAnswer } from '../domain/matching/engine-desk.ts';
import { noteAssigned } from '../domain/matching/history.ts';
import { createMatchRun } from '../domain/matching/match-run.ts';
import { setAgent, setOfferedAt, setServed } from '../domain/matching/agents.ts';
import { waitingTerms } from '../domain/matching/entry.ts';
import { fillWaiting, setHeld, setQueue } from '../domain/matching/items.ts';
import { createMemory } from '../domain/matching/memory.ts';
import type { Memory, PendingWork } from '../domain/matching/types.ts';
import { workRulesIn } from '../domain/people/rules.ts';
import type { AbsenceSpan, Activity, Preferred } from '../domain/people/rules.ts';
import { agentFacts } from '../domain/people/state.ts';
import { withPromise } from '../domain/work/terms.ts';
import type { AgentDefinition, Presence } from '../domain/people/state.ts';
import type {
  Avoided,
  CaseFacts,
  ContactFacts,
  CustomerFacts,
  Promised,
  ReservationStatus,
  WorkTerms,
} from '../domain/work/state.ts';
import { readKnown } from './figure-queries.ts';
import { loadQueues } from './queues.ts';
import { loadRoster } from './working-time-queries.ts';

/** Longest pause between two runs, ms: what becomes due without an event (who may be asked again) waits that long. */
const INTERVAL = 250;

/** Asks an engine; whatever comes of it is an answer. */
type Ask = (asking: Asking) => Promise<EngineAnswer>;

export const createMatcher = (ask: Ask): Job<RoutingCommands> => ({
  name: 'matcher',
  interval: INTERVAL,
  start: async (sql, wake) => {
    const memory = await readMemory(sql);
    const matching = withFigures(createMatchRun(memory, compileQueue), memory, await readKnown(sql));
    return {
      ...matching,
      run: (now) => {
        const commands = matching.run(now);
        for (const asking of takeQuestions(memory.engines))
          void ask(asking).then((answer) => {
            noteAnswer(memory.engines, asking.question.queueId, answer);
            wake();
          });
        return commands;
      },
    };
  },
});

async function readMemory(sql: Sql): Promise<Memory> {
  const memory = createMemory();
  const { roster, sources } = await loadRoster(sql);
  for (const queue of await loadQueues(sql, roster.calendars)) setQueue(memory, queue.id, queue);
  for (const [id, source] of sources) memory.calendars.set(id, source);
  memory.roster = roster;
  await readAgents(sql, memory);
  await readHeld(sql, memory);
  await readWaiting(sql, memory);
  await readRecent(sql, memory);
  await readShares(sql, memory);
  return memory;
}

interface AgentRow {
  readonly id: string;
  readonly version: number;
  readonly definition: AgentDefinition;
  readonly status: Presence;
  readonly absences: readonly AbsenceSpan[] | null;
  readonly idleSince: number | null;
  readonly cameAt: number | null;
}

async function readAgents(sql: Sql, memory: Memory): Promise<void> {
  const rows = await sql.query<AgentRow>(
    `select a.id, a.version, a.definition, a.status, a.absences, (extract(epoch from d.idle_since) * 1000)::float8 as "idleSince",
            (extract(epoch from coalesce(a.status_since, d.idle_since)) * 1000)::float8 as "cameAt"
       from agent a join desk d on d.id = a.id`,
  );
  for (const { id, version, definition, status, absences, idleSince, cameAt } of rows) {
    const { capacity, units, weights, interrupts } = definition;
    setAgent(memory, {
      id,
      version,
      facts: agentFacts(id, definition),
      ...{ capacity, units, weights, interrupts },
      work: workRulesIn(definition),
      absences: absences ?? undefined,
      isAvailable: status === 'available',
      idleSince: idleSince ?? 0,
    });
    if (idleSince !== null) memory.history.came.set(id, cameAt ?? idleSince);
  }
}

interface HeldRow {
  readonly id: string;
  readonly version: number;
  readonly channel: string;
  readonly agentId: string;
  readonly reservationId: string;
  readonly activity: Activity | null;
  readonly kind: string | null;
}

async function readHeld(sql: Sql, memory: Memory): Promise<void> {
  const rows = await sql.query<HeldRow>(
    `with held as (
       select id, version, channel, reservation_id from work_item where status in ('reserved', 'assigned', 'wrapping')
       union all
       select i.id, i.version, i.channel, f."reservationId"
         from work_item i cross join lateral jsonb_to_recordset(i.further) as f("reservationId" text)
        where i.status = 'reserved' and i.further is not null
     )
     select i.id, i.version, i.channel, r.agent_id as "agentId", r.id as "reservationId", r.activity, r.work_kind as kind
       from held i join reservation r on r.id = i.reservation_id
      order by r.version, r.id`,
  );
  for (const { agentId, activity, kind, ...row } of rows)
    setHeld(memory, { ...row, activity: activity ?? undefined, kind: kind ?? undefined }, agentId);
}

interface WaitingRow {
  readonly id: string;
  readonly version: number;
  readonly queueId: string;
  readonly channel: string;
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly avoid: readonly Avoided[];
  readonly terms: WorkTerms | null;
  readonly promise: Promised | null;
  readonly kind: string | null;
  readonly preferred: Preferred | null;
  readonly case: CaseFacts;
  readonly contact: ContactFacts;
  readonly customer: CustomerFacts | null;
}

async function readWaiting(sql: Sql, memory: Memory): Promise<void> {
  const rows = await sql.query<WaitingRow>(
    `select i.id, i.version, i.queue_id as "queueId", i.channel, i.priority, i.avoid, i.kind, i.preferred,
            (extract(epoch from i.enqueued_at) * 1000)::float8 as "enqueuedAt",
            i.terms, c.promise, c.case_facts as "case", c.contact_facts as contact, c.customer->'facts' as customer
       from work_item i join case_work c on c.id = i.case_id
      where i.status = 'pending'`,
  );
  const all = rows.map(({ case: matter, contact, customer, terms, promise, kind, preferred, ...item }): PendingWork => {
    const facts = { case: matter, contact, customer: customer ?? {} };
    const asks = { terms: terms ?? undefined, enqueuedAt: new Date(item.enqueuedAt).toISOString() };
    const told = withPromise(asks, promise ?? undefined);
    const more = { kind: kind ?? undefined, preferred: preferred ?? undefined };
    return { ...item, ...more, ...waitingTerms(told), terms: told, facts };
  });
  fillWaiting(memory, all);
}

interface ShareRow {
  readonly agentId: string;
  readonly itemId: string;
  readonly queueId: string;
  readonly at: number;
}

/** What agents had of queues that limit their shares. */
async function readShares(sql: Sql, { queues, history }: Memory): Promise<void> {
  const limited = [...queues.values()].filter(({ fairness }) => fairness !== undefined).map(({ id }) => id);
  if (limited.length === 0) return;
  const rows = await sql.query<ShareRow>(
    `select r.agent_id as "agentId", i.id as "itemId", i.queue_id as "queueId",
            (extract(epoch from r.created_at) * 1000)::float8 as at
       from work_item i join reservation r on r.id = i.reservation_id
      where i.queue_id = any($1) and i.status in ('reserved', 'assigned', 'wrapping', 'completed')
        and r.created_at > clock.now() - $2 * interval '1 millisecond'
      order by r.created_at`,
    [limited, LONGEST_SHARE_MS],
  );
  for (const { agentId, itemId, queueId, at } of rows) noteAssigned(history, agentId, itemId, { queueId, at });
}

/** How far back it is looked who served whom last, and who was asked when. */
const RECENT = 20_000;

interface RecentRow {
  readonly agentId: string;
  readonly caseId: string;
  readonly customerId: string | null;
  readonly status: ReservationStatus;
  readonly offeredAt: number;
}

async function readRecent(sql: Sql, memory: Memory): Promise<void> {
  const rows = await sql.query<RecentRow>(
    `select r.agent_id as "agentId", r.case_id as "caseId", c.customer->'facts'->>'id' as "customerId", r.status,
            (extract(epoch from r.created_at) * 1000)::float8 as "offeredAt"
       from (select * from reservation order by id desc limit $1) r join case_work c on c.id = r.case_id
      order by r.id`,
    [RECENT],
  );
  for (const { agentId, caseId, customerId, status, offeredAt } of rows) {
    setOfferedAt(memory, agentId, offeredAt);
    if (served.has(status)) setServed(memory, agentId, [caseId, customerId ?? undefined]);
  }
}

const served: ReadonlySet<ReservationStatus> = new Set(['accepted', 'wrapping', 'completed']);
