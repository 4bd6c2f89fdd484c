import { ProxyTracerProvider, trace } from '@opentelemetry/api';

/**
 * Sends the spans that still wait, at the end of a stop. Does nothing where tracing was not started or exports nothing.
 *
 * Gives false when they could not be sent within `timeoutMs`: a collector that is away must not hold a stop.
 */
export async function flushTraces(timeoutMs = 3_000): Promise<boolean> {
  const provider = trace.getTracerProvider();
  const delegate: { forceFlush?(options: { timeoutMillis: number }): Promise<void> } =
    provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  try {
    await delegate.forceFlush?.({ timeoutMillis: timeoutMs });
    return true;
  } catch {
    // The exporter has logged why.
    return false;
  }
}
