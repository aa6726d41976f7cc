/** One replica of a service: a process that can be stopped, killed and started again at the same address. */
import path from 'node:path';
import { startChildService, type ChildService, type ServiceName } from '@switchboard/launcher';

export interface ReplicaOptions {
  readonly service: ServiceName;
  /** From 0. */
  readonly index: number;
  /** The checkout whose code runs. */
  readonly root: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeArguments: readonly string[];
  readonly logFolder: string;
}

export interface Replica {
  readonly service: ServiceName;
  readonly index: number;
  readonly url: string;
  readonly metricsUrl: string;
  /** 0 while it does not run. */
  readonly pid: number;
  /** Its log of this life; the life before is in `<file>.1`. */
  readonly logFile: string;
  /** Starts it (again); resolves when it is ready. Settings and arguments given here replace earlier ones of that name. */
  start(change?: Pick<Partial<ReplicaOptions>, 'root' | 'env' | 'nodeArguments'>): Promise<void>;
  /** Resolves when it takes work. */
  ready(): Promise<void>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Resolves with the reason when this life ends without `stop` or `kill`. */
  died(): Promise<Error>;
}

/** Makes a replica; `start` makes it run. */
export function createReplica(options: ReplicaOptions): Replica {
  const { service, index, logFolder } = options;
  const name = `${service}-${String(index)}`;
  const url = `http://127.0.0.1:${String(options.port)}`;
  let current = options;
  let child: ChildService | undefined;
  const running = (): ChildService => {
    if (child === undefined) throw new Error(`${name} does not run`);
    return child;
  };
  return {
    service,
    index,
    url,
    metricsUrl: `http://127.0.0.1:${String(options.metricsPort)}/metrics`,
    logFile: path.join(logFolder, `${name}.log`),
    get pid() {
      return child?.pid ?? 0;
    },
    async start(change = {}) {
      current = { ...current, ...change, env: { ...current.env, ...change.env } };
      child = startChildService({
        name,
        main: path.join(current.root, 'services', service, 'src', 'main.ts'),
        nodeArguments: current.nodeArguments,
        root: current.root,
        env: { ...current.env, PORT: String(options.port), METRICS_PORT: String(options.metricsPort) },
        logFolder,
        url,
      });
      await child.ready();
    },
    ready: () => running().ready(),
    async stop() {
      await child?.stop();
      child = undefined;
    },
    async kill() {
      await child?.kill();
      child = undefined;
    },
    died: () => running().died,
  };
}
