/** The server's settings, as arguments: lean in memory, safe on disk, reachable from this machine only. */
export function serverSettings(durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    // Socket paths are limited to 107 bytes, and a data folder may lie deep.
    unix_socket_directories: '',
    max_connections: 80,
    shared_buffers: '32MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    huge_pages: 'off',
    jit: 'off',
    // Two cores and no analyst: parallel workers and I/O workers would only cost memory.
    io_method: 'sync',
    max_parallel_workers: 0,
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    autovacuum_worker_slots: 2,
    autovacuum_max_workers: 2,
    max_worker_processes: 2,
    max_logical_replication_workers: 0,
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '256MB',
    min_wal_size: '32MB',
    checkpoint_timeout: '5min',
    // An answered request has reached the disk.
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    timezone: 'UTC',
    lc_messages: 'C',
    // Statements and row values are people's data: what a client did wrong is told to the client, not to the log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]);
}
