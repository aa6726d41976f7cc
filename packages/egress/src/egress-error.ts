/** Why a call to the outside brought nothing. */
export type EgressFault =
  /** Not a URL, another scheme than https, with a name and password, or http where it is not allowed. */
  | 'url-refused'
  /** The host is, or resolves to, an address that is not public. Nothing was connected. */
  | 'address-refused'
  | 'unresolvable'
  /** Nobody accepts the connection. */
  | 'unreachable'
  | 'tls-failed'
  /** Connecting, or all of it, took too long. */
  | 'timeout'
  /** The answer has more bytes than were asked for. */
  | 'too-large'
  /** The connection ended, or what came is not HTTP. */
  | 'broken'
  /** The caller gave up. */
  | 'aborted';

/** The message may be shown to whoever named the URL: it tells nothing of the inside. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly fault: EgressFault;
  constructor(fault: EgressFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL', 'EACCES']);

/** Any error of a request, as one of ours. */
export function egressErrorOf(error: unknown): EgressError {
  if (error instanceof EgressError) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return new EgressError('timeout', 'connecting took too long', error);
  if (unreachable.has(code)) return new EgressError('unreachable', `nobody accepts the connection (${code})`, error);
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|EPROTO$|HOSTNAME_MISMATCH|ERR_OSSL)/.test(code))
    return new EgressError('tls-failed', `no secure connection (${code})`, error);
  if (code === 'UND_ERR_INVALID_ARG')
    return new EgressError('url-refused', 'the request cannot be written as HTTP', error);
  return new EgressError('broken', `the connection broke (${code === '' ? 'no reason given' : code})`, error);
}

/** Node puts the refusals of several addresses into one error; the first one tells enough. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause);
}
