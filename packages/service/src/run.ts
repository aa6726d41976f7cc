/** A service as a process: settings, start, signals, end. */
import type { Commands, Kinds } from '@switchboard/hallway';
import type { Logger } from 'pino';
import { processSettings, SettingsError } from './config.ts';
import type { BaseSettings, Settings, SettingsShape } from './config.ts';
import { createService } from './create-service.ts';
import type { RunningService } from './create-service.ts';
import { ClockMissingError } from './database/clock.ts';
import type { ServiceDefinition } from './definition.ts';
import { createLogger } from './logging.ts';
import { AddressTakenError } from './serve-http.ts';
import { startTelemetry } from './telemetry.ts';

/** Runs until a signal comes or something dies. The process ends with 0 only after a clean stop. */
export async function run<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  definition: ServiceDefinition<S, K, M, C>,
): Promise<void> {
  const settings = settingsOrExit(definition);
  const logger = createLogger({ service: definition.name, level: settings.LOG_LEVEL, format: settings.LOG_FORMAT });
  const stopping = stopOnce(settings, logger);
  process.once('SIGTERM', () => {
    stopping.stop(0, 'SIGTERM');
  });
  process.once('SIGINT', () => {
    stopping.stop(0, 'SIGINT');
  });
  process.on('uncaughtException', (error) => {
    stopping.stop(1, 'a fault that nobody handled', error);
  });
  process.on('unhandledRejection', (error) => {
    stopping.stop(1, 'a promise that nobody handled', error);
  });
  try {
    const telemetry = await startTelemetry({
      service: definition.name,
      version: '1',
      endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: settings.TRACE_SAMPLE_RATIO,
      metricsPort: settings.METRICS_PORT,
      host: settings.HOST,
    });
    const onDeath = (error: Error): void => {
      stopping.stop(1, 'the consumer died', error);
    };
    const service = createService(definition, settings, { logger, onDeath });
    stopping.with(service, telemetry);
    await service.start();
  } catch (error) {
    stopping.stop(1, 'it could not start', error);
  }
}

function settingsOrExit<S extends SettingsShape>(definition: {
  readonly name: string;
  readonly settings: S;
}): Settings<S> {
  try {
    return processSettings(definition.settings);
  } catch (error) {
    complain(definition.name, error);
    process.exit(1);
  }
}

interface Stopping {
  with(service: Pick<RunningService<Commands>, 'stop'>, telemetry: { stop(): Promise<void> }): void;
  stop(exitCode: number, why: string, error?: unknown): void;
}

/** However many reasons to stop come, it is stopped once, in order, within SHUTDOWN_DELAY and SHUTDOWN_TIMEOUT. */
function stopOnce(settings: Pick<BaseSettings, 'SHUTDOWN_DELAY' | 'SHUTDOWN_TIMEOUT'>, logger: Logger): Stopping {
  const open: { stop(): Promise<void> }[] = [];
  let stopped = false;
  const close = async (exitCode: number): Promise<void> => {
    for (const one of open) await one.stop();
    process.exit(exitCode);
  };
  return {
    with: (...parts) => {
      open.push(...parts);
    },
    stop: (exitCode, why, error) => {
      if (error !== undefined) tell(logger, why, error);
      if (stopped) return;
      stopped = true;
      logger.info({ why }, 'stopping');
      setTimeout(() => {
        logger.error({}, 'stopping took longer than SHUTDOWN_TIMEOUT');
        process.exit(1);
      }, settings.SHUTDOWN_DELAY + settings.SHUTDOWN_TIMEOUT).unref();
      void close(exitCode);
    },
  };
}

/** What a person can mend is said in plain sentences on standard error; all else is logged with its stack. */
function tell(logger: Logger, why: string, error: unknown): void {
  if (error instanceof SettingsError || error instanceof AddressTakenError || error instanceof ClockMissingError) {
    complain(String(logger.bindings().service), error);
    return;
  }
  logger.fatal({ err: error }, why);
}

function complain(service: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split('\n')) process.stderr.write(`${service}: ${line}\n`);
}
