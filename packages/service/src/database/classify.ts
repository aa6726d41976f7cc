/** What a failed statement means to whoever asked. */
import type { FaultClass } from '@switchboard/hallway';

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** 08 connection, 53 resources, 57P the server goes away, 58 the system below it. */
const waitingHelps = /^(08|53|57P|58)/;

/**
 * Serialization failure, deadlock, lock not available; 57014 is a statement that ran into its timeout, 25006 a server that
 * only reads: after a switch the primary is another one.
 */
const tryAgain = new Set(['40001', '40P01', '55P03', '57014', '25P03', '25P04', '25006']);

/** What the driver and its pool say without a code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|Query read timeout)/;

/** A prepared statement that a connection does not have any more, or whose table became another: a new one prepares it anew. */
const isStale = ({ message }: Error, code: string): boolean =>
  code === '26000' || (code === '0A000' && message.startsWith('cached plan must not change result type'));

/** Whether waiting, deciding again, or nothing at all helps (see `FaultClass`). */
export function classify(error: unknown): FaultClass {
  if (!(error instanceof Error)) return 'deterministic';
  if (error.name === 'ConflictError') return 'conflict';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '23505') return 'conflict';
  if (waitingHelps.test(code) || tryAgain.has(code) || unreachable.has(code)) return 'infrastructure';
  if (isStale(error, code)) return 'infrastructure';
  if (error instanceof AggregateError)
    return error.errors.some((one) => classify(one) === 'infrastructure') ? 'infrastructure' : 'deterministic';
  if (lostConnection.test(error.message)) return 'infrastructure';
  return error.cause === undefined ? 'deterministic' : classify(error.cause);
}
