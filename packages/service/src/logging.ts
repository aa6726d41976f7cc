/** The log: JSON lines with trace ids, without personal data. */
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redacted } from './redaction.ts';

export interface LogOptions {
  readonly service: string;
  readonly level: string;
  readonly format: 'json' | 'pretty';
}

/** @param destination standard output unless given */
export function createLogger(options: LogOptions, destination?: DestinationStream): Logger {
  const target = destination ?? standardOutput();
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redacted(fields) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => error },
      mixin: traceIds,
    },
    options.format === 'pretty' ? pretty(target) : target,
  );
}

/** Bytes of lines kept until they can be written; later ones are dropped. */
const MOST_UNWRITTEN = 1_000_000;

/** A line that cannot be written, for want of room say, is tried again with the next one: it ends no service. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: MOST_UNWRITTEN });
  output.on('error', () => undefined);
  return output;
}

function traceIds(): object {
  const active = trace.getActiveSpan()?.spanContext();
  return active === undefined ? {} : { traceId: active.traceId, spanId: active.spanId };
}

/** One readable line an entry, for a terminal. */
function pretty(target: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      const {
        level,
        time,
        service,
        msg,
        traceId: _traceId,
        spanId: _spanId,
        ...rest
      } = JSON.parse(line) as Record<string, unknown>;
      const fields = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
      target.write(`${String(time)} ${String(level).padEnd(5)} ${String(service)}: ${String(msg)}${fields}\n`);
    },
  };
}
