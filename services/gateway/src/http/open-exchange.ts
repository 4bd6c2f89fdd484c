import { SpanKind, context, propagation, trace } from '@opentelemetry/api';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { RequestHandler } from 'express';
import type { AddressRange } from '../config.ts';
import { clientAddress } from './client-address.ts';
import { header, setExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';

const requestIdPattern = /^[A-Za-z0-9._-]{1,128}$/;
const userAgentCharsMax = 256;

/**
 * Creates the middleware that comes first: request id, client address, trace, and at the end one log line and the metrics.
 *
 * The log line bears the route's template, never the query, a body or an address.
 */
export function openExchange(options: {
  trustedProxies: readonly AddressRange[];
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}): RequestHandler {
  const { trustedProxies, newId, logger, metrics } = options;
  const requests = metrics.counter('http_requests_total', 'Requests answered.', ['method', 'route', 'status']);
  const duration = metrics.histogram('http_request_duration_seconds', 'Time from request to the end of the answer.', ['method', 'route']);

  return (request, response, next) => {
    const startedAt = performance.now();
    const given = header(request, 'x-request-id');
    const hangUp = new AbortController();
    const exchange: Exchange = {
      requestId: given !== undefined && requestIdPattern.test(given) ? given : newId(),
      path: request.path,
      clientAddress: clientAddress(request.socket.remoteAddress ?? '', header(request, 'x-forwarded-for'), trustedProxies),
      userAgent: (header(request, 'user-agent') ?? '').slice(0, userAgentCharsMax),
      signal: hangUp.signal,
      route: undefined,
      userId: undefined,
      apiKeyId: undefined,
      errorCode: undefined,
    };
    setExchange(response, exchange);
    response.setHeader('X-Request-Id', exchange.requestId);

    // Where Node's own instrumentation runs, its span is active already; else this is the first of the trace.
    const own =
      trace.getActiveSpan() === undefined
        ? trace.getTracer('gateway').startSpan('HTTP', { kind: SpanKind.SERVER }, propagation.extract(context.active(), request.headers))
        : undefined;
    const span = own ?? trace.getActiveSpan();

    response.once('close', () => {
      if (!response.writableFinished) hangUp.abort();
      const { route = 'unmatched', userId, apiKeyId, errorCode, requestId } = exchange;
      const status = response.writableFinished ? response.statusCode : 499;
      const { method } = request;
      const tookMs = performance.now() - startedAt;
      requests.inc({ method: knownMethod(method), route, status: String(status) });
      duration.observe({ method: knownMethod(method), route }, tookMs / 1_000);
      logger.info(
        { method, route, status, durationMs: Math.round(tookMs * 10) / 10, requestId, userId, apiKeyId, code: errorCode },
        'request',
      );
      span?.updateName(`${method} ${route}`);
      span?.setAttributes({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status });
      own?.end();
    });
    context.with(span === undefined ? context.active() : trace.setSpan(context.active(), span), next);
  };
}

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A label must not take whatever a caller writes. */
function knownMethod(method: string): string {
  return knownMethods.includes(method) ? method : 'other';
}
