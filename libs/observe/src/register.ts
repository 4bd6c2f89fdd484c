/**
 * Starts tracing before any other module is loaded: `node --import @quotemaster/observe/register src/main.ts`.
 *
 * Libraries can only be instrumented while they load, hence the flag. With OTEL_EXPORTER_OTLP_ENDPOINT spans are exported in
 * batches from a bounded queue; without it only ids are made and passed on. OTEL_SDK_DISABLED=true does neither. Before the
 * process ends, `flushTraces` sends what is left.
 */
import { ConfigError, readConfig } from '@quotemaster/config';

import { readTracingConfig } from './tracing-config.ts';
import type { TracingConfig } from './tracing-config.ts';

const config = readTracing();
if (!config.isDisabled) {
  // Loaded only when wanted: these modules cost more to load than most services.
  const { instrument } = await import('./instrument.ts');
  const { startTracing } = await import('./tracing.ts');
  const processor = config.isExporting ? (await import('./otlp.ts')).createOtlpProcessor(config.serviceName) : undefined;
  startTracing({ serviceName: config.serviceName, ...(processor === undefined ? {} : { processor }) });
  await instrument({ isRecording: config.isExporting });
}

function readTracing(): TracingConfig {
  try {
    return readConfig(process.env, readTracingConfig);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(error.exitCode);
  }
}
