import { Agent, request } from 'undici';

/** More than any provider answers: 256 vectors of 3,072 numbers take 10 MB. */
const answerMaxBytes = 67_108_864;
const connectTimeoutMs = 5_000;

// Silence is bounded by the signal of each call, and the number of connections by the provider's own slots. HTTP/2 would put all calls
// on one connection, and hanging up closes a stream of it alone: when the connection is dead, so would be every call after.
const agent = new Agent({
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  connectTimeout: connectTimeoutMs,
  maxResponseSize: answerMaxBytes,
});

/**
 * A `fetch` for the SDKs of model makers, with what they use of it: undici's `request` costs less than half of Node's own fetch,
 * whose web streams and followed signals also fill the heap (docs/performance.md), and bounds the answer's length. A body that is not
 * text, such as a form with a recording, goes by Node's fetch. Redirects are not followed: no key is carried elsewhere.
 */
export const httpFetch: typeof fetch = async (input, init) => {
  const { method = 'GET', headers, body, signal } = init ?? {};
  if (input instanceof Request || !(body === undefined || body === null || typeof body === 'string'))
    return fetch(input, { ...init, redirect: 'manual' });
  const answer = await request(input, {
    method: method as 'GET' | 'POST',
    headers: { 'accept-encoding': 'identity', ...Object.fromEntries(headers instanceof Headers ? headers : new Headers(headers)) },
    body: body ?? null,
    signal: signal ?? null,
    dispatcher: agent,
  });
  const response = {
    status: answer.statusCode,
    ok: answer.statusCode >= 200 && answer.statusCode < 300,
    statusText: '',
    url: String(input),
    headers: new Headers(answer.headers as Record<string, string>),
    // An async iterable of bytes, which is all that the SDKs ask of a stream.
    body: answer.body,
    json: () => answer.body.json(),
    text: () => answer.body.text(),
  };
  return response as unknown as Response;
};
