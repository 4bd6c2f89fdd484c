import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { readConfig } from '@quotemaster/config';
import type { Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readAiConfig } from './ai-config/ai-config.ts';
import type { AiConfig } from './ai-config/ai-config.ts';

type Stage = 'development' | 'staging' | 'production';

export interface AiOrchestratorConfig {
  readonly stage: Stage;
  readonly logLevel: LogLevel;
  /** Where it listens: this machine alone in development, every interface elsewhere. */
  readonly host: string;
  readonly grpcPort: number;
  readonly adminPort: number;
  /** The key of this service and everyone's public keys; absent: made in `dataDir`. */
  readonly serviceKeys: ServiceKeyFiles | undefined;
  readonly dataDir: string;
  /** Providers, breaker, selection: from QM_AI_CONFIG and the variables of the providers' SDKs. */
  readonly ai: AiConfig;
}

/**
 * Reads the config of ai-orchestrator. Production takes no fallback of development: the keys must be named, and a language
 * model, for which the composer is one.
 * @throws ConfigError with every fault.
 */
export function readAiOrchestratorConfig(env: Environment): AiOrchestratorConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
    const config: AiOrchestratorConfig = {
      stage,
      logLevel: readLogLevel(reader),
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_055),
      adminPort: reader.port('QM_ADMIN_PORT', 9_469),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
      dataDir: reader.string('QM_DATA_DIR', '.data'),
      ai: readAiConfig(reader),
    };
    const writes = config.ai.providers.some(({ models }) => models.some(({ operation }) => operation === 'chat'));
    if (stage === 'production' && !writes) {
      const expected = 'a model provider: a key here, in ANTHROPIC_API_KEY or AZURE_OPENAI_API_KEY, a base URL, or QM_AI_CONFIG';
      reader.fault({ variable: 'OPENAI_API_KEY', expected, found: 'none of them' });
    }
    return config;
  });
}
