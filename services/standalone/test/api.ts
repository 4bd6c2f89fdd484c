/** A caller of the outside face, with the credentials of one user. */
export interface Api {
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: any }>;
}

export const password = 'a long walk by the sea';

/** Registers a new user at `url`. */
export async function register(url: string, email: string): Promise<Api> {
  const { status, body } = await call(url, 'POST', '/v1/auth/register', { email, password });
  if (status !== 201) throw new Error(`register answered ${String(status)}: ${JSON.stringify(body)}`);
  return api(url, email, body.tokens);
}

/** Signs a known user in. */
export async function login(url: string, email: string): Promise<Api> {
  const { status, body } = await call(url, 'POST', '/v1/auth/login', { email, password });
  if (status !== 200) throw new Error(`login answered ${String(status)}: ${JSON.stringify(body)}`);
  return api(url, email, body.tokens);
}

function api(url: string, email: string, tokens: { accessToken: string; refreshToken: string }): Api {
  return {
    email,
    ...tokens,
    call: (method, path, body, headers) => call(url, method, path, body, { authorization: `Bearer ${tokens.accessToken}`, ...headers }),
  };
}

/** Makes one call and reads its JSON. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: any }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
