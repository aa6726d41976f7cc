/** Names to addresses. */
import { lookup, Resolver } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';

/** All addresses of a name. Rejects where it has none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * Asks the name servers alone. The system's own way (`getaddrinfo`) takes a thread of four for as long as a server
 * keeps silent: a few silent ones would stop file access and every other look-up of the process.
 */
export function createDnsResolve(): Resolve {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  return async (host) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found: LookupAddress[] = [];
    if (four.status === 'fulfilled') found.push(...four.value.map((address) => ({ address, family: 4 })));
    if (six.status === 'fulfilled') found.push(...six.value.map((address) => ({ address, family: 6 })));
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
}

/** As the system does it, with its hosts file and search domains: for the operator's own names. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true, order: 'verbatim' });
