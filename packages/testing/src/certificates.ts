/** Certificates made for a test: an authority of its own, and what it vouches for. */
import { generate } from 'selfsigned';
import type { SelfsignedOptions } from 'selfsigned';

/** In PEM, as `node:https` takes them. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface TestAuthority {
  /** Its own certificate, in PEM: who trusts it trusts what it issued. */
  readonly cert: string;
  /** A certificate for an IP address or a name. @param days that it holds from a day ago on; negative: it has expired */
  issue(host: string, days?: number): Promise<ServerCertificate>;
}

const DAY = 86_400_000;

export async function createAuthority(): Promise<TestAuthority> {
  const authority = await make('A test authority', 1, {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: authority.key, cert: authority.cert };
  return {
    cert: authority.cert,
    issue: (host, days = 1) => make(host, days, { ca, extensions: forHost(host) }),
  };
}

/** A certificate that nobody vouches for but itself. */
export function selfSigned(host: string): Promise<ServerCertificate> {
  return make(host, 1, { extensions: forHost(host) });
}

async function make(name: string, days: number, options: SelfsignedOptions): Promise<ServerCertificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...options,
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - (days > 0 ? DAY : 2 * DAY)),
    notAfterDate: new Date(Date.now() + (days > 0 ? days : -1) * DAY),
  });
  return { key: made.private, cert: made.cert };
}

function forHost(host: string): NonNullable<SelfsignedOptions['extensions']> {
  const name = /^[\d.]+$/.test(host) ? ({ type: 7, ip: host } as const) : ({ type: 2, value: host } as const);
  return [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [name] },
  ];
}
