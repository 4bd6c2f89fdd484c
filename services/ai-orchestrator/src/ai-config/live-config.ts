import { createRereading, fileStamp } from '@quotemaster/config';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { AiConfig } from './ai-config.ts';

/** The config as it stands now. */
export interface LiveConfig {
  /** Looks at the file again where that was 5 s ago or more. */
  current(): AiConfig;
}

export interface LiveConfigOptions {
  readonly initial: AiConfig;
  /** The file behind it, and how it is read again; absent where nothing can change. @throws ConfigError from `read` for a bad file. */
  readonly source: { readonly path: string; read(): AiConfig } | undefined;
  readonly clock: { now(): number };
  readonly logger: Logger;
  readonly metrics: Metrics;
  onChange(config: AiConfig): void;
}

/** Keeps the config up to date with its file. A file that has faults is told of, and what stood before it stays. */
export function createLiveConfig({ initial, source, clock, logger, metrics, onChange }: LiveConfigOptions): LiveConfig {
  if (source === undefined) return { current: () => initial };
  const reloads = metrics.counter('ai_config_reload_total', 'Times that QM_AI_CONFIG changed, by what became of it.', ['outcome']);
  let value = initial;
  let reported = '';
  let isStarting = true;
  const reread = createRereading(
    () => {
      if (isStarting) return initial;
      const next = source.read();
      reloads.inc({ outcome: 'taken' });
      logger.info({ path: source.path }, 'the new QM_AI_CONFIG is in force');
      return next;
    },
    () => fileStamp(source.path),
    {
      clock: { now: () => clock.now() },
      onReloadError(error) {
        // The same bad file is looked at again and again, and told of once.
        const message = error instanceof Error ? error.message : String(error);
        if (message === reported) return;
        reported = message;
        reloads.inc({ outcome: 'refused' });
        logger.error({ path: source.path, err: error }, 'the new QM_AI_CONFIG is refused; what stood before stays in force');
      },
    },
  );
  isStarting = false;
  return {
    current() {
      const next = reread();
      if (next !== value) {
        value = next;
        reported = '';
        onChange(next);
      }
      return next;
    },
  };
}
