import { readConfig } from '@quotemaster/config';
import type { ConfigFault, ConfigReader, Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';

type Stage = 'development' | 'staging' | 'production';

export interface AiOrchestratorConfig {
  readonly stage: Stage;
  readonly logLevel: LogLevel;
  /** Where it listens: this machine alone in development, every interface elsewhere. */
  readonly host: string;
  readonly grpcPort: number;
  readonly adminPort: number;
  /** The key of this service and everyone's public keys; absent: made in `dataDir`. */
  readonly serviceKeys: { readonly keyFile: string; readonly jwksFile: string } | undefined;
  readonly dataDir: string;
}

/**
 * Reads the config of ai-orchestrator. Production takes no fallback of development: the keys must be named.
 * @throws ConfigError with every fault.
 */
export function readAiOrchestratorConfig(env: Environment): AiOrchestratorConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
    const keyFile = reader.optionalString('QM_SERVICE_KEY_FILE');
    const jwksFile = reader.optionalString('QM_SERVICE_JWKS_FILE');
    requireKeys(reader, stage, { keyFile, jwksFile });
    return {
      stage,
      logLevel: readLogLevel(reader),
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_055),
      adminPort: reader.port('QM_ADMIN_PORT', 9_469),
      serviceKeys: keyFile === undefined || jwksFile === undefined ? undefined : { keyFile, jwksFile },
      dataDir: reader.string('QM_DATA_DIR', '.data'),
    };
  });
}

/** Production must name both files; elsewhere one is no use without the other. */
function requireKeys(reader: ConfigReader, stage: Stage, { keyFile, jwksFile }: Record<'keyFile' | 'jwksFile', string | undefined>): void {
  const needed = stage === 'production' || keyFile !== undefined || jwksFile !== undefined;
  if (!needed) return;
  if (keyFile === undefined) reader.fault(missing('QM_SERVICE_KEY_FILE', "the file of this service's key"));
  if (jwksFile === undefined) reader.fault(missing('QM_SERVICE_JWKS_FILE', "the file of all services' public keys"));
}

function missing(variable: string, expected: string): ConfigFault {
  return { variable, expected, found: 'nothing' };
}
