import { AppError, commonErrors } from '@quotemaster/errors';
import type { Logger, Metrics } from '@quotemaster/observe';
import { Cluster, Redis } from 'ioredis';
import type { RedisConfig } from '../config.ts';

/** A client of one server or of a cluster: the commands are the same. */
export type Client = Redis | Cluster;

export interface Connection {
  readonly client: Client;
  /** Runs one command with its deadline, its metric and its error. @throws AppError `common.unavailable`. */
  run<T>(operation: string, command: (client: Client) => Promise<T>): Promise<T>;
  /** Creates a client for blocking reads: its commands wait as long as they say, under 3 s. */
  blocking(): Client;
  isReady(): boolean;
}

const connectTimeoutMs = 2_000;
const reconnectDelayMaxMs = 1_000;
/** A connection that owes an answer and brings nothing for so long is dead, whatever TCP says: it is closed and made anew. */
const silenceMs = 3_000;

/** Creates the clients of one Redis. They connect when told to and come back by themselves, for ever. */
export function createConnection(config: RedisConfig, deps: { logger: Logger; metrics: Metrics }): Connection {
  const { logger, metrics } = deps;
  const client = createClient(config, {
    commandTimeout: config.commandTimeoutMs,
    enableOfflineQueue: false,
    socketTimeout: Math.max(silenceMs, 2 * config.commandTimeoutMs),
  });
  const duration = metrics.histogram('redis_command_duration_seconds', 'Duration of commands.', ['operation', 'outcome']);
  watch(client, logger);

  return {
    client,
    async run(operation, command) {
      const end = duration.startTimer({ operation });
      try {
        const result = await command(client);
        end({ outcome: 'ok' });
        return result;
      } catch (error) {
        end({ outcome: 'failed' });
        throw new AppError(commonErrors.unavailable, { reason: `Redis: ${operation} failed`, cause: error, retryAfterMs: 1_000 });
      }
    },
    blocking: () => {
      const second = createClient(config, { socketTimeout: silenceMs });
      watch(second, logger);
      return second;
    },
    isReady: () => client.status === 'ready',
  };
}

function createClient(
  config: RedisConfig,
  timing: { commandTimeout?: number; enableOfflineQueue?: boolean; socketTimeout: number },
): Client {
  const options = {
    ...timing,
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    // A command that met a broken connection fails; whoever sent it knows whether it may be sent again.
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), reconnectDelayMaxMs),
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password.reveal() }),
    ...(config.tls ? { tls: {} } : {}),
  };
  if (config.url !== undefined) return new Redis(config.url.reveal(), options);
  return new Cluster([...config.clusterNodes], {
    lazyConnect: true,
    enableOfflineQueue: timing.enableOfflineQueue ?? true,
    // Never undefined: a cluster that was away must be found again.
    clusterRetryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), reconnectDelayMaxMs),
    slotsRefreshTimeout: 2_000,
    redisOptions: options,
  });
}

function watch(client: Client, logger: Logger): void {
  let lastMessage = '';
  client.on('error', (error: Error) => {
    // Reconnecting says the same thing many times a second.
    if (error.message === lastMessage) return;
    lastMessage = error.message;
    logger.warn({ err: error }, 'Redis can not be reached');
  });
  client.on('ready', () => {
    lastMessage = '';
    logger.debug({}, 'Redis is connected');
  });
}
