/** The one way out: HTTP requests to addresses that strangers named. The one owner of undici. */
import type { LookupAddress } from 'node:dns';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector, request } from 'undici';
import type { Dispatcher } from 'undici';
import { isPublic, readAllowList } from './addresses.ts';
import type { AllowList } from './addresses.ts';
import { EgressError, egressErrorOf } from './egress-error.ts';
import { createDnsResolve, resolveBySystem } from './resolve.ts';
import type { Resolve } from './resolve.ts';

export interface EgressOptions {
  /** Addresses, CIDR ranges, host names and `*.suffixes` that may be called although they are inside, by http too. */
  readonly allow?: readonly string[];
  /** Certificates of authorities that are trusted besides those that Node trusts, in PEM. */
  readonly authorities?: readonly string[];
  /** Instead of the name servers; what it answers is checked all the same. */
  readonly resolve?: Resolve;
}

export interface EgressRequest {
  /** `GET` unless set. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For all of it: name, connection, request and answer. 15,000 unless set. */
  readonly timeoutMs?: number;
  /** Most bytes of the answer's body. 1,048,576 unless set. */
  readonly maxBytes?: number;
  /** What becomes of an answer with more: an error (unless set), or it is cut there. */
  readonly overflow?: 'refuse' | 'cut';
}

export interface EgressResponse {
  /** Any: 3xx are not followed. */
  readonly status: number;
  /** Names in lower case; of a repeated one the values are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @throws EgressError, and nothing else */
export type GuardedFetch = (url: string, request?: EgressRequest) => Promise<EgressResponse>;

export interface Egress {
  readonly guardedFetch: GuardedFetch;
  /** Why a URL would be refused before its name is looked up; undefined where nothing speaks against it yet. */
  refusal(url: string): string | undefined;
  /** Ends open connections. */
  close(): Promise<void>;
}

/** ms. */
const connectTimeout = 5000;
const defaultTimeout = 15_000;
const keepAlive = 10_000;
const defaultBytes = 1_048_576;
/** Connections to one origin: several subscribers may share one, and a silent one holds what it was sent. */
const mostConnections = 128;

/** Why a text holds no certificate of an authority; undefined where it does. */
export function authorityFault(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).ca ? undefined : 'is the certificate of no authority';
  } catch {
    return 'is no certificate in PEM';
  }
}

export function createEgress({ allow = [], authorities = [], resolve }: EgressOptions = {}): Egress {
  const allowList = readAllowList(allow);
  const agent = new Agent({
    connect: guardedConnector(allowList, resolverOf(allowList, resolve), authorities),
    connections: mostConnections,
    pipelining: 1,
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
    // Both are bounded by the time for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    guardedFetch: (url, options = {}) => guardedFetch({ agent, allowList }, url, options),
    refusal(url) {
      try {
        readTarget(url, allowList);
        return undefined;
      } catch (error) {
        return egressErrorOf(error).message;
      }
    },
    close: () => agent.destroy(),
  };
}

interface Guard {
  readonly agent: Agent;
  readonly allowList: AllowList;
}

async function guardedFetch({ agent, allowList }: Guard, url: string, options: EgressRequest): Promise<EgressResponse> {
  const { method = 'GET', body, timeoutMs = defaultTimeout, maxBytes = defaultBytes, overflow = 'refuse' } = options;
  const target = readTarget(url, allowList);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  try {
    const response = await request(target, {
      dispatcher: agent,
      method,
      headers: { 'accept-encoding': 'identity', ...options.headers },
      body: body ?? null,
      signal,
    });
    const bytes = await readBody(response.body, maxBytes, overflow);
    return { status: response.statusCode, headers: flat(response.headers), body: bytes };
  } catch (error) {
    if (error instanceof EgressError) throw error;
    if (deadline.aborted) throw new EgressError('timeout', `no whole answer within ${String(timeoutMs)} ms`, error);
    if (signal.aborted) throw new EgressError('aborted', 'given up', error);
    throw egressErrorOf(error);
  }
}

/** @throws EgressError url-refused, address-refused */
function readTarget(text: string, allowList: AllowList): URL {
  const url = URL.parse(text);
  if (url === null) throw new EgressError('url-refused', 'is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notSecure();
  if (url.username !== '' || url.password !== '')
    throw new EgressError('url-refused', 'must not carry a name or password');
  const host = bare(url.hostname);
  const isSecure = url.protocol === 'https:';
  if (isIP(host) !== 0) judge(host, { isSecure, allowList });
  else if (!isSecure && !allowList.hasRanges && !allowList.hasHost(host.replace(/\.$/, ''))) throw notSecure();
  return url;
}

interface Terms {
  readonly isSecure: boolean;
  readonly allowList: AllowList;
}

/** Looks at an address that is about to be connected. @throws EgressError url-refused, address-refused */
function judge(address: string, { isSecure, allowList }: Terms): void {
  if (allowList.hasAddress(address)) return;
  if (!isPublic(address)) throw new EgressError('address-refused', 'leads to an address that is not public');
  if (!isSecure) throw notSecure();
}

const notSecure = (): EgressError => new EgressError('url-refused', 'must begin with https://');

/**
 * Connects to the very addresses that were checked: the name is looked up once a connection, in here, so a name that
 * answers differently the next time gains nothing.
 */
function guardedConnector(
  allowList: AllowList,
  resolve: Resolve,
  authorities: readonly string[],
): buildConnector.connector {
  // Said at all, it stands for all that are trusted.
  const trusted = authorities.length === 0 ? {} : { ca: [...getCACertificates('default'), ...authorities] };
  const connector = (isSecure: boolean): buildConnector.connector =>
    buildConnector({
      ...trusted,
      timeout: connectTimeout,
      allowH2: false,
      autoSelectFamily: true,
      lookup: guardedLookup({ isSecure, allowList }, resolve),
    });
  const secure = connector(true);
  const plain = connector(false);
  return (options, callback) => {
    const isSecure = options.protocol === 'https:';
    const host = bare(options.hostname);
    try {
      // An address is not looked up, so the look-up cannot refuse it.
      if (isIP(host) !== 0) judge(host, { isSecure, allowList });
    } catch (error) {
      callback(egressErrorOf(error), null);
      return;
    }
    (isSecure ? secure : plain)(options, callback);
  };
}

function guardedLookup(terms: Terms, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    checkedAddresses(host, terms, resolve).then(
      (found) => {
        const [first] = found;
        if (options.all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(egressErrorOf(error), []);
      },
    );
  };
}

async function checkedAddresses(
  name: string,
  terms: Terms,
  resolve: Resolve,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  // A dot at the end says that the name is whole: it is the same name.
  const host = name.replace(/\.$/, '');
  let found: readonly LookupAddress[];
  try {
    found = await resolve(host);
  } catch (error) {
    throw new EgressError('unresolvable', 'has a name that cannot be resolved', error);
  }
  const [first, ...others] = found;
  if (first === undefined) throw new EgressError('unresolvable', 'has a name without addresses');
  // One that is not public among others that are is no accident either.
  if (!terms.allowList.hasHost(host)) for (const { address } of found) judge(address, terms);
  return [first, ...others];
}

function resolverOf(allowList: AllowList, given: Resolve | undefined): Resolve {
  if (given !== undefined) return given;
  const byDns = createDnsResolve();
  // Names under `localhost` are never asked of a name server (RFC 6761).
  const isSystems = (host: string): boolean => allowList.hasHost(host) || /(^|\.)localhost$/.test(host);
  return (host) => (isSystems(host) ? resolveBySystem(host) : byDns(host));
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

async function readBody(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
  overflow: 'refuse' | 'cut',
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= maxBytes) continue;
    if (overflow === 'cut') break;
    throw new EgressError('too-large', `answers with more than ${String(maxBytes)} bytes`);
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
