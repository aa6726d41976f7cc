/** Which addresses may be called: public ones, and what the operator allows beside them. */
import ipaddr from 'ipaddr.js';

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** What may be called although it is inside, and by http. */
export interface AllowList {
  /** Whether a name may turn out to be allowed once it is resolved. */
  readonly hasRanges: boolean;
  hasHost(host: string): boolean;
  hasAddress(address: string): boolean;
}

const hostName = /^(\*\.)?(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i;

/** What is wrong with entries of an allow list: one sentence each. */
export function allowListFaults(entries: readonly string[]): string[] {
  return entries
    .filter((entry) => rangeOf(entry) === undefined && !isHostEntry(entry))
    .map(
      (entry) => `"${entry}" is no address, no CIDR range (10.0.0.0/8) and no host name (hooks.internal, *.internal)`,
    );
}

/** Entries are addresses, CIDR ranges, host names, or `*.suffix`. @throws RangeError */
export function readAllowList(entries: readonly string[]): AllowList {
  const faults = allowListFaults(entries);
  if (faults.length > 0) throw new RangeError(faults.join('; '));
  const ranges = entries.flatMap((entry) => rangeOf(entry) ?? []);
  const names = entries.filter((entry) => rangeOf(entry) === undefined).map((entry) => entry.toLowerCase());
  const hosts = new Set(names);
  const suffixes = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
  return {
    hasRanges: ranges.length > 0,
    hasHost: (host) => hosts.has(host) || suffixes.some((suffix) => host.endsWith(suffix)),
    hasAddress: (address) => {
      const parsed = ipaddr.process(address);
      return ranges.some(({ range: [base, bits] }) => base.kind() === parsed.kind() && parsed.match(base, bits));
    },
  };
}

/** Four numbers with dots and no range is an address that does not exist, not a host. */
function isHostEntry(entry: string): boolean {
  return hostName.test(entry) && !/^[\d.]+$/.test(entry);
}

function rangeOf(entry: string): { readonly range: Range } | undefined {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) || ipaddr.IPv6.isValidCIDR(entry))
    return { range: ipaddr.parseCIDR(entry) };
  if (!ipaddr.IPv4.isValidFourPartDecimal(entry) && !ipaddr.IPv6.isValid(entry)) return undefined;
  const address = ipaddr.parse(entry);
  return { range: [address, address.kind() === 'ipv4' ? 32 : 128] };
}

/** Where IPv6 addresses of the internet come from; everything else has a purpose of its own (RFC 4291, 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's metadata and DHCP server: the one such address that lies in the public space. */
const wireServer = '168.63.129.16';

/**
 * Whether an address is one of the internet: not private, loopback, link-local (where clouds keep their metadata),
 * shared (100.64/10), multicast, reserved, nor any that stands for another (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address) || address === wireServer) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}
