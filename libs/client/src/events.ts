import { EventSourceParserStream } from 'eventsource-parser/stream';
import { addCredentials } from './credentials.ts';
import type { GiveCredentials } from './credentials.ts';
import { addKey, keyHeader } from './idempotency.ts';
import { noAnswer, readProblem, toProblemError } from './problem-error.ts';
import { createRetryingFetch } from './retrying-fetch.ts';
import type { Fetch, RetryOptions } from './retrying-fetch.ts';

/** One event of a stream. */
export interface StreamedEvent {
  readonly id: string;
  /** Its name: delta, quote, done. */
  readonly event: string;
  readonly data: unknown;
  /** Set where the stream had to begin anew: what came before no longer counts. */
  readonly isRestart?: true;
}

export interface EventsInit {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Cut streams are taken up again where they were; without, a caller who hangs up ends the work at once. True. */
  readonly canResume?: boolean;
}

/** Posts a call and gives its events. An event `error` is thrown. @throws ProblemError */
export type Events = (path: string, init?: EventsInit) => AsyncGenerator<StreamedEvent>;

interface EventsOptions extends RetryOptions {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly isBrowser: boolean;
  readonly credentials: GiveCredentials | undefined;
}

/** Three heartbeats of the system without one: the connection is dead, whatever it says. */
const silenceMaxMs = 50_000;
const retryMsDefault = 1_000;

/** Creates the reader of streams. */
export function createEvents(options: EventsOptions): Events {
  const { baseUrl, fetch, isBrowser, credentials, attemptsMax, pause } = options;
  const retrying = createRetryingFetch(fetch, { ...options, isStream: true });

  return async function* events(path, { body, headers: own = {}, signal: hangUp, canResume = true } = {}) {
    const headers = new Headers({
      Accept: 'text/event-stream',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...own,
    });
    if (canResume) addKey(headers, 'POST', path);
    if (isBrowser) headers.set('X-QM-Client', 'web');
    let lastId: string | undefined;
    let retryMs = retryMsDefault;

    for (let attempt = 1; ; attempt += 1) {
      await addCredentials(headers, credentials);
      if (lastId !== undefined) headers.set('Last-Event-ID', lastId);
      const stop = new AbortController();
      const signal = hangUp === undefined ? stop.signal : AbortSignal.any([hangUp, stop.signal]);
      const comeBack = { isTold: false };
      try {
        const response = await open(new Request(new URL(path, baseUrl), requestInit(headers, body, isBrowser)), signal);
        const onRetry = (ms: number): void => {
          retryMs = ms;
          comeBack.isTold = true;
        };
        for await (const message of read(response, stop, onRetry)) {
          const isRestart = lastId !== undefined && attempt > 1 && Number(message.id) <= Number(lastId);
          if (message.event === 'error') throw toProblemError(message.data);
          lastId = message.id ?? lastId;
          attempt = isRestart ? attempt : 1;
          yield { id: message.id ?? '', event: message.event ?? 'message', data: parse(message.data), ...(isRestart ? { isRestart } : {}) };
        }
        if (!comeBack.isTold) return;
      } catch (error) {
        hangUp?.throwIfAborted();
        if (!(error instanceof CutError)) throw error;
        if (attempt >= attemptsMax || !headers.has(keyHeader)) throw noAnswer(error.cause);
      } finally {
        stop.abort();
      }
      await pause(retryMs, hangUp ?? new AbortController().signal);
    }
  };

  /** The time for an answer to begin is the fetch's; afterwards only the caller, or silence, ends it. */
  async function open(request: Request, signal: AbortSignal): Promise<Response> {
    const response = await retrying(new Request(request, { signal }));
    if (!response.ok) throw await readProblem(response);
    return response;
  }
}

/** The connection ended before the stream did. */
class CutError extends Error {}

interface Message {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
  readonly data: string;
}

async function* read(response: Response, stop: AbortController, onRetry: (ms: number) => void): AsyncGenerator<Message> {
  if (response.body === null) return;
  let silence = setTimeout(() => stop.abort(), silenceMaxMs);
  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => stop.abort(), silenceMaxMs);
  };
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onRetry, onComment: alive, maxBufferSize: 1_048_576 }))
    .getReader();
  try {
    for (;;) {
      const next = await messages.read().catch((cause: unknown) => {
        throw new CutError('the stream was cut', { cause });
      });
      if (next.done) return;
      alive();
      yield next.value;
    }
  } finally {
    clearTimeout(silence);
    await messages.cancel().catch(() => undefined);
  }
}

function requestInit(headers: Headers, body: unknown, isBrowser: boolean): RequestInit {
  return {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(isBrowser ? { credentials: 'include' } : {}),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
