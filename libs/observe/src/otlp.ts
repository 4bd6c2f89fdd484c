import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';

import { createLogger } from './logger.ts';

/**
 * Creates the processor that sends spans in batches to the OTLP endpoint of the environment.
 *
 * At most 4,096 spans wait; more are dropped rather than held. Failures to send are log lines, never errors of a request.
 */
export function createOtlpProcessor(serviceName: string): SpanProcessor {
  const logger = createLogger({ service: serviceName });
  const report = (message: string): void => {
    logger.warn({ detail: message }, 'tracing reports a problem');
  };
  const ignore = (): void => undefined;
  diag.setLogger({ error: report, warn: report, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ timeoutMillis: 5_000, concurrencyLimit: 2 }),
    maxQueueSize: 4_096,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 2_000,
    exportTimeoutMillis: 5_000,
  });
}
