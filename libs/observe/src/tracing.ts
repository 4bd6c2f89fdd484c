import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';

import { withoutPrivateWords } from './span-privacy.ts';

export type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

export interface TracingOptions {
  /** `service.name`, where OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES give none. */
  readonly serviceName: string;
  /** Where finished spans go. None: nothing is recorded, but trace ids are made and travel on. */
  readonly processor?: SpanProcessor;
}

export interface Tracing {
  /** Sends what waits and takes tracing off the process again. */
  stop(): Promise<void>;
}

/**
 * Starts tracing for the whole process: ids over W3C traceparent, context over async calls, spans to the processor.
 *
 * Private words are taken out of every span first. Call it once, before anything asks for a tracer.
 */
export function startTracing(options: TracingOptions): Tracing {
  const { serviceName, processor } = options;
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceName }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    sampler: processor === undefined ? new AlwaysOffSampler() : new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: processor === undefined ? [] : [withoutPrivateWords(processor)],
    spanLimits: { attributeCountLimit: 64, attributeValueLengthLimit: 1_024, eventCountLimit: 64, linkCountLimit: 16 },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
