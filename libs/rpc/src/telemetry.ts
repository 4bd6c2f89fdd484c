import type { DescMethod } from '@bufbuild/protobuf';
import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Metadata } from '@grpc/grpc-js';
import { rpcStatusCodes } from '@quotemaster/errors';
import type { RpcStatus } from '@quotemaster/errors';
import type { Metrics } from '@quotemaster/observe';
import { traceGetter, traceSetter } from './metadata.ts';

/** How a call ended. */
export type CallOutcome = RpcStatus | 'OK';

/** One call as traces and metrics see it. */
export interface ObservedCall {
  /** The context in which the call's span is the active one. */
  readonly context: Context;
  end(outcome: CallOutcome): void;
}

export interface RpcTelemetry {
  /**
   * Begins a span and a measurement. A server's span continues the trace that stands in the metadata; a client's span
   * continues the active one and is written into the metadata.
   */
  begin(method: DescMethod, metadata: Metadata): ObservedCall;
}

const tracer = trace.getTracer('@quotemaster/rpc');
const durationHelp = 'Duration of a call in seconds, from its first byte to its status.';

/** The ends that are the server's own fault. @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const serverFaults: ReadonlySet<CallOutcome> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** Creates spans and the metrics rpc_<side>_requests_total and rpc_<side>_duration_seconds. */
export function createRpcTelemetry(side: 'server' | 'client', metrics: Metrics | undefined): RpcTelemetry {
  const requests = metrics?.counter(
    `rpc_${side}_requests_total`,
    `Calls by ${side === 'server' ? 'served' : 'called'} RPC and gRPC status.`,
    ['method', 'status'],
  );
  const durations = metrics?.histogram(`rpc_${side}_duration_seconds`, durationHelp, ['method']);
  const kind = side === 'server' ? SpanKind.SERVER : SpanKind.CLIENT;

  return {
    begin(method, metadata) {
      const name = `${method.parent.typeName}/${method.name}`;
      const startedAt = performance.now();
      const parent = side === 'server' ? propagation.extract(context.active(), metadata, traceGetter) : context.active();
      const span = tracer.startSpan(
        name,
        { kind, attributes: { 'rpc.system': 'grpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name } },
        parent,
      );
      const spanContext = trace.setSpan(parent, span);
      if (side === 'client') propagation.inject(spanContext, metadata, traceSetter);
      return {
        context: spanContext,
        end(outcome) {
          requests?.inc({ method: name, status: outcome });
          durations?.observe({ method: name }, (performance.now() - startedAt) / 1_000);
          span.setAttribute('rpc.grpc.status_code', outcome === 'OK' ? 0 : rpcStatusCodes[outcome]);
          if (outcome !== 'OK' && (side === 'client' || serverFaults.has(outcome)))
            span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
          span.end();
        },
      };
    },
  };
}
