import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/**
 * Runs `fn` inside a new span, a child of the active one.
 *
 * When `fn` fails, the span's status is an error and `error.type` is the error's code or name. Its text stays out of the span:
 * it may hold private words.
 */
export async function withSpan<T>(name: string, attributes: Attributes, fn: (span: Span) => Promise<T> | T): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, (span) => settle(span, fn));
}

/** Gives the W3C traceparent of the active span, to travel with a message or a row; undefined outside any span. */
export function activeTraceparent(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  return `00-${spanContext.traceId}-${spanContext.spanId}-${spanContext.traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * Runs `fn` inside a consumer span whose parent is the span that `traceparent` names, as work that a message brought.
 * Without a valid one it begins a trace of its own, whatever span is active.
 */
export async function runWithTraceparent<T>(traceparent: string | undefined, name: string, fn: (span: Span) => Promise<T> | T): Promise<T> {
  return tracer().startActiveSpan(name, { kind: SpanKind.CONSUMER }, parentContext(traceparent), (span) => settle(span, fn));
}

/** Marks a span as failed with the error's stable name, never with its text. */
export function recordFailure(span: Span, error: unknown): void {
  const type = failureName(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

async function settle<T>(span: Span, fn: (span: Span) => Promise<T> | T): Promise<T> {
  try {
    return await fn(span);
  } catch (error) {
    recordFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function parentContext(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  if (parent === null) return trace.deleteSpan(context.active());
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true, traceFlags: parent.traceFlags & TraceFlags.SAMPLED });
}

function failureName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[\w.]{1,64}$/.test(code) ? code : error.name;
}

function tracer(): ReturnType<typeof trace.getTracer> {
  return trace.getTracer('@quotemaster/observe');
}
