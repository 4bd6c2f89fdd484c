import { trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';

import type { Logger } from './logger.ts';

interface SdkProvider extends TracerProvider {
  forceFlush?(options: { timeoutMillis: number }): Promise<void>;
}

/**
 * Sends the spans that still wait, as the last act of a stop. Does nothing where tracing exports nothing.
 *
 * A collector that is away costs at most `timeoutMs` and a log line, never the stop.
 */
export async function flushTraces(logger: Logger, timeoutMs = 3_000): Promise<void> {
  // The API hands out a proxy of the provider that was registered; only the SDK's own can flush.
  const proxy: SdkProvider & { getDelegate?(): SdkProvider } = trace.getTracerProvider();
  const provider = proxy.getDelegate?.() ?? proxy;
  try {
    await provider.forceFlush?.({ timeoutMillis: timeoutMs });
  } catch (error) {
    // The SDK rejects with a list: one error a span processor.
    const causes = Array.isArray(error) ? (error as unknown[]) : [error];
    logger.warn({ causes }, 'the last spans could not be sent');
  }
}
