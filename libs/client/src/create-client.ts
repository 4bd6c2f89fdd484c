import createFetchClient from 'openapi-fetch';
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import { addCredentials } from './credentials.ts';
import type { GiveCredentials } from './credentials.ts';
import { createEvents } from './events.ts';
import type { Events } from './events.ts';
import type { paths } from './gen/schema.ts';
import { addKey } from './idempotency.ts';
import { pause } from './pause.ts';
import { readProblem } from './problem-error.ts';
import { createRetryingFetch } from './retrying-fetch.ts';
import type { Fetch, RetryOptions } from './retrying-fetch.ts';

export interface ClientOptions extends Partial<RetryOptions> {
  /** Where the system is: `https://quotes.example.org`. */
  readonly baseUrl: string;
  readonly credentials?: GiveCredentials;
  /** In a browser: the refresh token then travels in a cookie that no script can read. */
  readonly isBrowser?: boolean;
  readonly fetch?: Fetch;
}

type Init<Path extends keyof paths, Method extends HttpMethod> = MaybeOptionalInit<paths[Path], Method & keyof paths[Path]>;
type Data<Path extends keyof paths, Method extends HttpMethod> =
  paths[Path] extends Record<Method, infer Operation extends Record<string | number, unknown>>
    ? NonNullable<FetchResponse<Operation, object, 'application/json'>['data']>
    : never;

/** Makes a call and gives its answer, undefined where there is nothing to say. @throws ProblemError */
export type Call<Method extends HttpMethod> = <Path extends PathsWithMethod<paths, Method>>(
  path: Path,
  ...init: RequiredKeysOf<Init<Path, Method>> extends never ? [Init<Path, Method>?] : [Init<Path, Method>]
) => Promise<[Data<Path, Method>] extends [never] ? undefined : Data<Path, Method>>;

export interface Client {
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly put: Call<'put'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;
  /** Reads a stream of events; takes it up again where it was cut. */
  readonly events: Events;
}

const defaults = { attemptsMax: 3, timeoutMs: 35_000, pause, random: Math.random } satisfies RetryOptions;

/**
 * Creates a client of the API, typed from its document.
 *
 * Calls that take an Idempotency-Key get one; what may be repeated is, as `Retry-After` says, within `timeoutMs` (35 s) and three attempts.
 */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, credentials, isBrowser = false, fetch = (request: Request) => globalThis.fetch(request) } = options;
  const retrying = createRetryingFetch(fetch, { ...defaults, ...options });
  const inner = createFetchClient<paths>({
    baseUrl,
    fetch: retrying,
    ...(isBrowser ? { credentials: 'include', headers: { 'X-QM-Client': 'web' } } : {}),
  });
  inner.use({
    async onRequest({ request, schemaPath }) {
      addKey(request.headers, request.method, schemaPath);
      await addCredentials(request.headers, credentials);
    },
    async onResponse({ response }) {
      if (!response.ok) throw await readProblem(response);
    },
  });
  // What the library gives beside the data is thrown above.
  const call =
    (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
    async (path: string, init: object = {}): Promise<unknown> => {
      const answer = await (inner[method] as (path: string, init: object) => Promise<{ data?: unknown; response: Response }>)(path, init);
      return answer.response.status === 204 ? undefined : answer.data;
    };
  return {
    get: call('GET') as Call<'get'>,
    post: call('POST') as Call<'post'>,
    put: call('PUT') as Call<'put'>,
    patch: call('PATCH') as Call<'patch'>,
    delete: call('DELETE') as Call<'delete'>,
    events: createEvents({ ...defaults, ...options, fetch, isBrowser, credentials }),
  };
}
