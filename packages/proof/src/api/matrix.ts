/** Who may ask what: every route with every kind of token, by what the route itself declares. */
import fc from 'fast-check';
import type { Fleet, ProgramKey } from '@switchboard/fleet';
import { call, emptyRequest, told, type Answer, type Request } from './call.ts';
import { collectionOf, createKnown, holdersOf, type Facts, type Known } from './known.ts';
import { allScopes, readOperations, type Operation } from './operations.ts';
import { goodRequest } from './requests.ts';
import { setStage, stageAgents } from './stage.ts';

const SELF = 'agents:self';
const [anna, bob] = stageAgents;

const scopes = [
  ...['contacts:write', 'cases:read', 'cases:write', 'agents:read', 'agents:write', SELF, 'work:read', 'work:write'],
  ...['sla:read', 'sla:write', 'customers:read', 'customers:write', 'activities:write', 'offers:read', 'offers:write'],
  ...['decisions:read', 'decisions:write', 'ops'],
];

const tokenOf = (name: string): string => `matrix-${name.replace(':', '.')}-0123456789`;

/** The tokens a fleet must know: one for each scope alone, and those of two agents. */
export const matrixKeys: readonly ProgramKey[] = [
  ...scopes.map((scope) => ({ id: `only-${scope}`, token: tokenOf(scope), scopes: [scope] })),
  ...stageAgents.map((agentId) => ({ id: agentId, token: tokenOf(agentId), scopes: [SELF], agentId })),
];

export interface MatrixOptions {
  readonly fleet: Fleet;
  readonly seed: number;
  onProgress?(text: string): void;
}

export interface MatrixReport {
  readonly routes: number;
  /** Pairs of route and token. */
  readonly asked: number;
  readonly faults: readonly string[];
}

interface Run extends MatrixOptions {
  readonly operations: readonly Operation[];
  readonly known: Known;
  readonly faults: string[];
  asked: number;
}

/** Asks each route with each token. A route or a scope that nobody knows how to try is a fault. */
export async function checkAccess(options: MatrixOptions): Promise<MatrixReport> {
  const { fleet, seed } = options;
  const services = new Map(fleet.replicas.map(({ service, url }) => [service, url]));
  const operations = await readOperations(services);
  const known = createKnown();
  options.onProgress?.('setting the stage');
  // Other senders than any other run's: the same ones would be known already.
  await setStage({ fleet, operations, known, plenty: 12, seed: seed + 1 });
  const run: Run = { ...options, operations, known, faults: [], asked: 0 };
  for (const scope of allScopes(operations)) if (!scopes.includes(scope)) run.faults.push(`no token tries ${scope}`);
  // Lists first: while everything is still as the stage left it.
  const lists = operations.filter(({ path }) => !path.includes('{'));
  for (const operation of new Set([...lists, ...operations])) {
    await withoutToken(run, operation);
    await withEachScope(run, operation);
    if (operation.scopes !== 'public' && operation.scopes.includes(SELF)) await withAgents(run, operation);
  }
  await withTrackingCodes(run, operations);
  return { routes: operations.length, asked: run.asked, faults: run.faults };
}

const isRefused = ({ status }: Answer): boolean => status === 401 || status === 403;

function requestOf({ known, seed }: Run, operation: Operation): Request {
  const [request] = fc.sample(goodRequest(operation, known), { numRuns: 1, seed });
  // A key would be looked up for another token's request.
  return { ...(request ?? emptyRequest), headers: { ...request?.headers, 'idempotency-key': '' } };
}

async function ask(run: Run, operation: Operation, token: string | undefined, request = requestOf(run, operation)) {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([, value]) => value !== ''));
  run.asked += 1;
  const answer = await call(operation, { ...request, headers }, token);
  if (answer.status >= 500) run.faults.push(`answers ${String(answer.status)}: ${told(operation, request, answer)}`);
  return { answer, line: told(operation, request, answer) };
}

async function withoutToken(run: Run, operation: Operation): Promise<void> {
  const isOpen = operation.scopes === 'public';
  for (const token of [undefined, 'nobody-has-this-token']) {
    const { answer, line } = await ask(run, operation, token);
    if (isOpen && isRefused(answer)) run.faults.push(`open, yet refused: ${line}`);
    if (isOpen) continue;
    if (answer.status !== 401) run.faults.push(`without a good token: ${line}`);
    if (!(answer.headers.get('www-authenticate') ?? '').startsWith('Bearer')) run.faults.push(`no challenge: ${line}`);
  }
}

async function withEachScope(run: Run, operation: Operation): Promise<void> {
  if (operation.scopes === 'public') return;
  if (operation.scopes.length === 0) run.faults.push(`${operation.name} declares no scope`);
  const asked = scopes.map(async (scope) => ({ scope, ...(await ask(run, operation, tokenOf(scope))) }));
  for (const { scope, answer, line } of await Promise.all(asked)) {
    // The token with this one alone names no agent: it opens nothing.
    const isAllowed = operation.scopes.includes(scope) && scope !== SELF;
    if (isAllowed && isRefused(answer)) run.faults.push(`refused although it has ${scope}: ${line}`);
    if (!isAllowed && answer.status !== 403) run.faults.push(`with ${scope} alone: ${line}`);
  }
}

/** An agent's token on their own things, and on those of somebody else. */
async function withAgents(run: Run, operation: Operation): Promise<void> {
  const collection = collectionOf(operation.path);
  if (!operation.path.includes('{')) return ownItemsOnly(run, operation);
  const idOf = (agentId: string) => (collection === '/v1/agents' ? agentId : heldBy(run, collection, agentId));
  const [hers, his] = [await idOf(anna), await idOf(bob)];
  if (hers === undefined || his === undefined) {
    run.faults.push(`nothing of two agents to try ${operation.name} with`);
    return;
  }
  const request = requestOf(run, operation);
  const other = await ask(run, operation, tokenOf(anna), { ...request, path: { ...request.path, id: his } });
  if (other.answer.status !== 403) run.faults.push(`with another agent's token: ${other.line}`);
  const own = await ask(run, operation, tokenOf(anna), { ...request, path: { ...request.path, id: hers } });
  if (isRefused(own.answer)) run.faults.push(`refused on their own: ${own.line}`);
}

/** The first that an agent alone has in their hands; looked for once more, since most of what is known may have gone by now. */
async function heldBy(run: Run, collection: string, agentId: string): Promise<string | undefined> {
  const known = await heldAsKnown(run, collection, agentId);
  const list = run.operations.find(({ name }) => name === `GET ${collection}`);
  if (known !== undefined || list === undefined) return known;
  const request = { ...emptyRequest, query: { limit: '200' } };
  run.known.learn(list, request, await call(list, request, run.fleet.token));
  return heldAsKnown(run, collection, agentId);
}

/** What was theirs may have gone back since it was told. */
async function heldAsKnown(run: Run, collection: string, agentId: string): Promise<string | undefined> {
  const isTheirs = (facts: Facts): boolean => holdersOf(facts).join() === agentId;
  const read = run.operations.find(({ name }) => name === `GET ${collection}/{id}`);
  for (const [id] of run.known.all(collection, isTheirs)) {
    if (read === undefined) return id;
    const { json } = await call(read, { ...emptyRequest, path: { id } }, run.fleet.token);
    if (isTheirs(json as Facts)) return id;
  }
  return undefined;
}

interface Listed {
  readonly items?: readonly Facts[];
}

/** A list shows an agent what they hold, and nothing of others. */
async function ownItemsOnly(run: Run, operation: Operation): Promise<void> {
  for (const [agentId, other] of [
    [anna, bob],
    [bob, anna],
  ] as const) {
    const { answer, line } = await ask(run, operation, tokenOf(agentId), { ...emptyRequest, query: { limit: '200' } });
    const items = (answer.json as Listed | undefined)?.items ?? [];
    if (answer.status !== 200 || !items.some((item) => holdersOf(item).includes(agentId)))
      run.faults.push(`not their own: ${line}`);
    if (items.some((item) => holdersOf(item).join() === other)) run.faults.push(`another agent's: ${line}`);
    if (items.some((item) => holdersOf(item).length === 0)) run.faults.push(`what nobody holds: ${line}`);
  }
}

interface CaseLike {
  readonly id: string;
  readonly trackingCode: string;
  readonly contactPoint: string;
  readonly subject: string;
  readonly customerId?: string;
}

/** A code opens one matter, and shows nothing of a person. */
async function withTrackingCodes(run: Run, operations: readonly Operation[]): Promise<void> {
  const operation = operations.find(({ path }) => path === '/v1/tracking/{code}');
  const cases = run.known.all('/v1/cases', ({ contactPoint, subject }) => contactPoint !== undefined && subject !== '');
  const [mine, theirs] = cases.slice(-2).map(([, facts]) => facts as unknown as CaseLike);
  if (operation === undefined || mine === undefined || theirs === undefined) {
    run.faults.push('no two cases to try tracking codes with');
    return;
  }
  const track = (code: string) =>
    ask(run, operation, undefined, { ...emptyRequest, path: { code }, headers: { 'x-forwarded-for': '10.9.8.7' } });
  for (const [own, other] of [
    [mine, theirs],
    [theirs, mine],
  ] as const) {
    const { answer, line } = await track(own.trackingCode);
    const shown = (answer.json as Partial<CaseLike> | undefined)?.trackingCode;
    if (answer.status !== 200 || shown !== own.trackingCode) run.faults.push(`not the code's own matter: ${line}`);
    const secrets = [own.id, own.contactPoint, own.customerId, own.subject, other.trackingCode, other.id];
    for (const secret of secrets)
      if (secret !== undefined && answer.text.includes(JSON.stringify(secret)))
        run.faults.push(`tells ${secret}: ${line}`);
  }
  const [first = ''] = theirs.trackingCode;
  const guess = `${first === '7' ? '8' : '7'}${theirs.trackingCode.slice(1)}`;
  for (const code of [guess, theirs.id, theirs.contactPoint, theirs.trackingCode.slice(0, -1)]) {
    const { answer, line } = await track(code);
    if (answer.status !== 404) run.faults.push(`found by what is no code: ${line}`);
  }
}
