import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation, ServedAccount, SimulatedCall } from './account.ts';
import type { PlainBehaviour } from './behaviours.ts';
import { Refused } from './dialects/dialect.ts';
import type { Dialect, RefusalKind } from './dialects/dialect.ts';

/** One request in the hands of an account, from the choice of its behaviour to the end of its answer. */
export interface Exchange {
  readonly account: ServedAccount;
  readonly dialect: Dialect;
  readonly call: SimulatedCall;
  readonly behaviour: PlainBehaviour;
  readonly response: ServerResponse;
  /** Fires when whoever called has hung up. */
  readonly gone: AbortSignal;
  /** Writes the headers of a good answer; counts it as one that is charged. */
  begin(contentType: string): void;
  send(contentType: string, body: string): void;
  /** Breaks the connection. */
  cut(): void;
}

/** What an operation needs to know of a request before anything else: the words it costs tokens for, and the model. */
export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly inputTokens: number;
}

const refusals: Readonly<Partial<Record<PlainBehaviour['kind'], RefusalKind>>> = {
  overloaded: 'overloaded',
  context_too_long: 'context_too_long',
  invalid_request: 'invalid_request',
};

/**
 * Serves one request: lets the account choose its behaviour, plays those that come before any answer (refusals, silence,
 * broken connections, limits), and leaves the rest to `answer`.
 */
export async function serve<A extends Asked>(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    account: ServedAccount;
    dialect: Dialect;
    operation: Operation;
    /** @throws Refused */
    read: () => A | Promise<A>;
    answer: (exchange: Exchange, asked: A) => Promise<void>;
    requestId: string;
  },
): Promise<void> {
  const { account, dialect, operation, read, answer, requestId } = options;
  for (const name of ['x-request-id', 'request-id']) response.setHeader(name, requestId);
  const behaviour = account.next();
  const call = account.begin({ operation, model: '', stream: false, inputTokens: 0, behaviour: behaviour.kind });
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
    account.end(call, response.writableFinished ? 'answered' : 'client closed');
  });

  const refuse = (kind: RefusalKind, message: string, status?: number, headers: Record<string, string> = {}): void => {
    const refusal = dialect.refuse(kind, message, status);
    call.status = refusal.status;
    response.writeHead(refusal.status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(refusal.body));
  };
  const cut = (): void => {
    account.end(call, 'cut');
    response.destroy();
  };

  try {
    if (!account.isAccepted(dialect.keyOf(request.headers))) {
      refuse('unauthorized', 'Incorrect API key provided.');
      return;
    }
    const asked = await read();
    Object.assign(call, { model: asked.model, stream: asked.stream, inputTokens: asked.inputTokens });
    const limits = account.take(asked.inputTokens);
    for (const [name, value] of Object.entries(dialect.limitHeaders(limits))) response.setHeader(name, value);
    if (limits?.exceeded === true) {
      refuse('rate_limited', 'Rate limit reached.', undefined, { 'retry-after': String(Math.ceil(limits.resetMs / 1_000)) });
      return;
    }
    switch (behaviour.kind) {
      case 'reset':
        cut();
        return;
      case 'silence':
        return;
      case 'rate_limited':
        refuse('rate_limited', 'Rate limit reached.', undefined, toRetryAfter(behaviour.retryAfter));
        return;
      case 'status':
        refuse(kindOfStatus(behaviour.code), `The simulator was told to answer ${String(behaviour.code)}.`, behaviour.code);
        return;
      case 'wrong_json':
        call.status = 200;
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>It works!</body></html>');
        return;
      case 'content_filter':
        if (behaviour.as === 'finish' && operation === 'chat') break;
        refuse('content_filter', 'The request was rejected by the content policy.');
        return;
      default: {
        const kind = refusals[behaviour.kind];
        if (kind === undefined) break;
        refuse(kind, `The simulator was told to answer ${behaviour.kind}.`);
        return;
      }
    }
    const begin = (contentType: string): void => {
      call.status = 200;
      response.writeHead(200, { 'content-type': contentType });
    };
    const send = (contentType: string, body: string): void => {
      begin(contentType);
      response.end(body);
    };
    await wait(behaviour.kind === 'delay' ? behaviour.ms : behaviour.kind === 'healthy' ? (behaviour.latencyMs ?? 0) : 0, gone.signal);
    if (!gone.signal.aborted) await answer({ account, dialect, call, behaviour, response, gone: gone.signal, begin, send, cut }, asked);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(error.kind, error.message);
  }
}

/** Waits, but no longer than until `signal` fires; then comes back all the same. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

function toRetryAfter(retryAfter: (PlainBehaviour & { kind: 'rate_limited' })['retryAfter']): Record<string, string> {
  if (retryAfter === 'none') return {};
  if ('seconds' in retryAfter) return { 'retry-after': String(retryAfter.seconds) };
  if ('ms' in retryAfter) return { 'retry-after-ms': String(retryAfter.ms), 'retry-after': String(Math.ceil(retryAfter.ms / 1_000)) };
  return { 'retry-after': retryAfter.date.toUTCString() };
}

function kindOfStatus(status: number): RefusalKind {
  const known: Readonly<Record<number, RefusalKind>> = { 401: 'unauthorized', 404: 'not_found', 429: 'rate_limited', 529: 'overloaded' };
  return known[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
}
