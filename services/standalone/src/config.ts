import { readConfig } from '@quotemaster/config';
import type { Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readRedisConfig } from '@quotemaster/redis';
import type { RedisConfig } from '@quotemaster/redis';

export interface StandaloneConfig {
  readonly httpPort: number;
  readonly adminPort: number;
  /** The folder of everything that is kept: database, keys, mail. */
  readonly dataDir: string;
  /** Absent: in-process twins. */
  readonly redis: RedisConfig | undefined;
  readonly logLevel: LogLevel;
}

/**
 * Reads what standalone itself needs; each service reads the rest of the same environment.
 *
 * Standalone is made of development's fallbacks, so QM_ENV=production is refused.
 * @throws ConfigError with every fault.
 */
export function readStandaloneConfig(env: Environment): StandaloneConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf('QM_ENV', ['development', 'staging', 'production'], 'development');
    if (stage === 'production') {
      reader.fault({
        variable: 'QM_ENV',
        expected: 'development for the one-command run; production runs each service by itself on a Postgres and a Redis of its own',
        found: '"production"',
      });
    }
    return {
      httpPort: reader.port('QM_HTTP_PORT', 8_080),
      adminPort: reader.port('QM_ADMIN_PORT', 9_464),
      dataDir: reader.string('QM_DATA_DIR', '.data'),
      redis: readRedisConfig(reader),
      // A terminal is for people: what a service has to say when all is well is left out unless it is asked for.
      logLevel: reader.optionalString('QM_LOG_LEVEL') === undefined ? 'warn' : readLogLevel(reader),
    };
  });
}
