import type { IncomingMessage } from 'node:http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

const probes = new Set(['/livez', '/readyz', '/metrics']);

/**
 * Instruments the libraries that carry a request, before they are loaded.
 *
 * HTTP in and out carries trace context in any case. express, pg and ioredis only add spans, so that a process which records
 * none is spared their cost at start and in each query. gRPC is instrumented by libs/rpc itself.
 */
export async function instrument({ isRecording }: { isRecording: boolean }): Promise<void> {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: isProbe }),
      new UndiciInstrumentation(),
      ...(isRecording ? await recordingInstrumentations() : []),
    ],
  });
}

async function recordingInstrumentations(): Promise<Instrumentation[]> {
  const [{ register }, { ExpressInstrumentation, ExpressLayerType }, { IORedisInstrumentation }, { PgInstrumentation }] = await Promise.all(
    [
      import('import-in-the-middle/register-hooks.mjs'),
      import('@opentelemetry/instrumentation-express'),
      import('@opentelemetry/instrumentation-ioredis'),
      import('@opentelemetry/instrumentation-pg'),
    ],
  );
  // The hook that OpenTelemetry's ESM support rests on, in its form for this thread: module.register is deprecated.
  register({ include: ['express', 'ioredis', 'pg', 'pg-pool'] });
  return [
    new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
    // Keys can name people, so the command alone is told.
    new IORedisInstrumentation({ dbStatementSerializer: (command) => command }),
    // Polls outside any request would make a trace each.
    new PgInstrumentation({ requireParentSpan: true }),
  ];
}

function isProbe(request: IncomingMessage): boolean {
  return probes.has((request.url ?? '').split('?', 1)[0] ?? '');
}
