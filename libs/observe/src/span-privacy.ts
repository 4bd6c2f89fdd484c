import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

/** What people wrote, or where they are: set by instrumentations, of no use to whoever follows a request through services. */
const privateAttributes = [
  'client.address',
  'client.port',
  'http.client_ip',
  'net.peer.ip',
  'network.peer.address',
  'network.peer.port',
  'user_agent.original',
  'http.user_agent',
  'url.query',
  'url.full',
  'http.url',
  'http.target',
  'exception.message',
  'exception.stacktrace',
];
const statementAttributes = ['db.query.text', 'db.statement'];

/**
 * Wraps a processor so that finished spans reach it without private words: no addresses, no queries of URLs, no texts of errors
 * (their types stay), and no literals in SQL.
 */
export function withoutPrivateWords(processor: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => {
      processor.onStart(span, parent);
    },
    onEnd: (span) => {
      clean(span);
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** The span has ended, so nobody else writes to it: it is cleaned in place rather than copied. */
function clean(span: ReadableSpan): void {
  for (const attributes of [span.attributes, ...span.events.map((event) => event.attributes ?? {})]) {
    for (const name of privateAttributes) Reflect.deleteProperty(attributes, name);
    // The route says as much as the path, without the ids and tokens in it; where there is no route, the path is whatever a caller wrote.
    if ('http.route' in attributes || span.kind === SpanKind.SERVER) Reflect.deleteProperty(attributes, 'url.path');
    for (const name of statementAttributes) {
      const statement = attributes[name];
      if (typeof statement === 'string') attributes[name] = withoutLiterals(statement);
    }
  }
  const { message } = span.status;
  if (message !== undefined && !/^[\w.]{1,64}$/.test(message)) delete span.status.message;
}

/** Roles are made with their password in the statement, since DDL takes no parameters. */
function withoutLiterals(statement: string): string {
  return statement.replaceAll(/'(?:[^']|'')*'/g, "'?'");
}
