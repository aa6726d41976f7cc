/** Spans and instruments of the hallway, through the vendor-neutral API. */
import { context, metrics, SpanStatusCode, trace as tracing, TraceFlags, type Span } from '@opentelemetry/api';
import type { Trace } from './domain.ts';

const tracer = tracing.getTracer('switchboard.hallway');

function createInstruments() {
  const meter = metrics.getMeter('switchboard.hallway');
  return {
    messages: meter.createCounter('switchboard_messages', { description: 'Messages by type, door and outcome' }),
    batchSize: meter.createHistogram('switchboard_batch_size', {
      description: 'Messages in one transaction',
      advice: { explicitBucketBoundaries: [1, 2, 5, 10, 25, 50, 100, 250, 500] },
    }),
    batchDuration: meter.createHistogram('switchboard_batch_duration', {
      unit: 's',
      description: 'From the start of a batch to its commit',
      advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] },
    }),
    jobDuration: meter.createHistogram('switchboard_job_duration', {
      unit: 's',
      description: 'One run of a job over its memory, with the events before it',
      advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] },
    }),
    retries: meter.createCounter('switchboard_batch_retries', {
      description: 'Batches tried again, by class of fault',
    }),
    published: meter.createCounter('switchboard_events_published', { description: 'Outbox rows published' }),
    timerLateness: meter.createHistogram('switchboard_timer_lateness', {
      unit: 's',
      description: 'From the due instant to the firing',
      advice: { explicitBucketBoundaries: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30] },
    }),
  };
}

let created: ReturnType<typeof createInstruments> | undefined;

/** Created when first used: who asks before a meter provider is set gets instruments that never count. */
export function instruments(): ReturnType<typeof createInstruments> {
  return (created ??= createInstruments());
}

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

/** W3C traceparent of a span; undefined when no tracer is installed. */
function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (/^0+$/.test(traceId)) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

export interface MessageSpan {
  /** What the message's own events carry on. */
  readonly traceparent: string | undefined;
  end(error?: string): void;
}

/**
 * A span for one message. Where the caller decided against sampling its traceparent is passed on as it is: no span
 * is made, and the journey still carries one trace id.
 */
export function startMessageSpan(service: string, type: string, trace: Trace): MessageSpan {
  const parts = trace.traceparent === undefined ? null : TRACEPARENT.exec(trace.traceparent);
  if (parts !== null && (Number.parseInt(parts[3] ?? '0', 16) & TraceFlags.SAMPLED) === 0) {
    return { traceparent: trace.traceparent, end: () => undefined };
  }
  const parent =
    parts === null
      ? context.active()
      : tracing.setSpanContext(context.active(), {
          traceId: parts[1] ?? '',
          spanId: parts[2] ?? '',
          traceFlags: TraceFlags.SAMPLED,
          isRemote: true,
        });
  const span = tracer.startSpan(`${service} ${type}`, { attributes: { 'switchboard.message': type } }, parent);
  return {
    traceparent: traceparentOf(span) ?? trace.traceparent,
    end(error) {
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}
