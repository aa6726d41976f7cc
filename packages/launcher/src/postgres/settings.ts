/** The embedded server's settings: nothing that was committed is ever given up for speed. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  max_connections: '200',
  // Time partitions: a statement over a partitioned table takes a lock on each part.
  max_locks_per_transaction: '256',
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Hot queue tables die young; vacuum has to look often to keep their indexes short.
  autovacuum_naptime: '10s',
  // Short statements by the thousand: compiling one, or starting workers for it, costs more than it saves.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** The settings as arguments of the `postgres` program; `others` win over ours. */
export function serverArguments(
  dataFolder: string,
  port: number,
  others: Readonly<Record<string, string>> = {},
): string[] {
  const settings = Object.entries({ ...SETTINGS, ...others }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataFolder, '-p', String(port), ...settings];
}
