/** The one owner of the OpenTelemetry SDK. Everybody else uses its API and need not know whether anything listens. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

export interface TelemetryOptions {
  readonly service: string;
  readonly version: string;
  /** Where traces go (OTLP over HTTP); without it ids are still made and passed on. */
  readonly endpoint?: string | undefined;
  /** Share of new traces that are recorded, 0 to 1. */
  readonly ratio: number;
  /** Where `/metrics` is served; not served without it. */
  readonly metricsPort?: number | undefined;
  readonly host: string;
}

export interface Telemetry {
  stop(): Promise<void>;
}

/** Must run before anything asks the API for an instrument or a tracer that it keeps. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const resource = resourceFromAttributes({
    'service.name': `switchboard-${options.service}`,
    'service.version': options.version,
  });
  const exporter =
    options.endpoint === undefined ? undefined : new OTLPTraceExporter({ url: tracesUrl(options.endpoint) });
  const tracing = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({
      root: exporter === undefined ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(options.ratio),
    }),
    spanProcessors: exporter === undefined ? [] : [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracing);
  const prometheus =
    options.metricsPort === undefined
      ? undefined
      : new PrometheusExporter({ port: options.metricsPort, host: options.host, preventServerStart: true });
  const metering = new MeterProvider({ resource, readers: prometheus === undefined ? [] : [prometheus] });
  metrics.setGlobalMeterProvider(metering);
  observeRuntime();
  await prometheus?.startServer();
  return {
    stop: async () => {
      await Promise.allSettled([tracing.shutdown(), metering.shutdown()]);
    },
  };
}

const tracesUrl = (endpoint: string): string => `${endpoint.replace(/\/$/, '')}/v1/traces`;

/** Between two looks at the event loop, ms: every 20 ms, they were two thirds of an idle service's wake-ups. */
const LAG_EVERY = 100;

function observeRuntime(): void {
  const meter = metrics.getMeter('switchboard.runtime');
  const delay = monitorEventLoopDelay({ resolution: LAG_EVERY });
  delay.enable();
  meter
    .createObservableGauge('nodejs_eventloop_lag_p99_seconds', { description: 'Since the last reading', unit: 's' })
    .addCallback((result) => {
      // What is measured is the time between two looks.
      result.observe(Math.max(0, delay.percentile(99) / 1e6 - LAG_EVERY) / 1000);
      delay.reset();
    });
  meter
    .createObservableGauge('process_memory_bytes', { description: 'Resident and heap memory', unit: 'By' })
    .addCallback((result) => {
      const { rss, heapUsed, external } = process.memoryUsage();
      result.observe(rss, { kind: 'resident' });
      result.observe(heapUsed, { kind: 'heap' });
      result.observe(external, { kind: 'external' });
    });
  meter
    .createObservableCounter('process_cpu_seconds', { description: 'User and system time', unit: 's' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });
}
