const header = (description: string): object => ({ description, schema: { type: 'string' } });
const problem = (description: string): object => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const waiting = (description: string): object => ({
  ...problem(description),
  headers: { 'Retry-After': header('Seconds after which the call may be repeated.') },
});

const provider = {
  name: 'provider',
  in: 'path',
  required: true,
  description: 'The provider, "google". GET /v1/auth/oauth/providers lists the ones there are.',
  schema: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
};
const failures = {
  400: problem('`common.invalid_request` (The request is not valid)'),
  404: problem('`oauth.provider_unknown` (No such provider)'),
  429: waiting('`common.rate_limited` (Too many requests)'),
  500: problem('`common.internal` (Something went wrong)'),
  503: waiting('`common.unavailable` (Temporarily unavailable), `common.overloaded` (Too busy)'),
  504: waiting('`common.deadline_exceeded` (It took too long)'),
};

/** The two redirects of a sign-in through a provider, as the document shows them: they answer people, not programs, and no RPC has such a route. */
export const oauthPaths: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  '/v1/auth/oauth/{provider}/start': {
    get: {
      operationId: 'startOAuth',
      tags: ['OAuth'],
      summary: 'Send the browser to the provider',
      description: 'Redirects to the provider with PKCE, state and nonce, and binds the sign-in to this browser with a cookie.',
      security: [],
      parameters: [provider],
      responses: { 302: { description: 'To the provider.', headers: { Location: header('The provider.') } }, ...failures },
    },
  },
  '/v1/auth/oauth/{provider}/callback': {
    get: {
      operationId: 'finishOAuth',
      tags: ['OAuth'],
      summary: 'Take the browser back from the provider',
      description:
        'Redirects to the application with `code`, good for 60 seconds, once and with the cookie, for POST /v1/auth/oauth/exchange; or with `error`, the code of what went wrong.',
      security: [],
      parameters: [
        provider,
        ...['code', 'state', 'iss', 'error', 'error_description', 'scope', 'session_state'].map((name) => ({
          name,
          in: 'query',
          required: false,
          description: 'As the provider sends it.',
          schema: { type: 'string' },
        })),
      ],
      responses: { 302: { description: 'To the application.', headers: { Location: header('The application.') } }, ...failures },
    },
  },
};
