import type { DescMethod } from '@bufbuild/protobuf';
import type { ResolvedAccess } from '../access.ts';
import type { RoutedMethod } from '../http-route.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import type { ErrorSummary } from './open-api-document.ts';
import type { SchemaCollector } from './schema-collector.ts';

interface DeclaredSummary extends ErrorSummary {
  /** The gRPC status by name, where the HTTP status is the usual one. */
  readonly status?: string;
}

const usualHttpStatus: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Makes the responses object of one route: its success and every status it can fail with. */
export function responses(
  entry: RoutedMethod,
  policy: ResolvedAccess,
  collector: SchemaCollector,
  errors: readonly DeclaredSummary[],
): object {
  const byStatus = new Map<number, string[]>();
  for (const error of errors) {
    const status = error.httpStatus || (usualHttpStatus[error.status ?? ''] ?? 500);
    if (!canHappen(status, entry, policy)) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), error.code]);
  }
  const problems = [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [String(status), problem(status, codes)] as const);
  return { [policy.successStatus]: success(entry, policy, collector), ...Object.fromEntries(problems) };
}

function canHappen(status: number, { route, method }: RoutedMethod, policy: ResolvedAccess): boolean {
  if (status === 413 || status === 415) return route.hasBody;
  if (status === 422) return policy.idempotent;
  if (status === 405 || status === 499 || status === 501) return false;
  if (status === 401) return !policy.public || method.parent.name === 'AuthService';
  if (status === 403) return !policy.public || method.parent.name === 'AuthService';
  if (status === 404) return route.pathFields.length > 0 || !policy.public;
  return true;
}

function success({ method, route }: RoutedMethod, policy: ResolvedAccess, collector: SchemaCollector): object {
  const description =
    policy.successStatus === 204 ? 'Done; there is nothing to say.' : policy.successStatus === 201 ? 'Made.' : 'The answer.';
  const headers = {
    'X-Request-Id': header('Names the request in the logs.'),
    'RateLimit-Policy': header('The limits that apply (draft-ietf-httpapi-ratelimit-headers-10).'),
    RateLimit: header('What is left of them.'),
    ...(policy.location === undefined ? {} : { Location: header('Where the new resource is.') }),
    ...(policy.idempotent ? { 'Idempotent-Replayed': header('`true` when this is the stored answer of an earlier call.') } : {}),
  };
  if (policy.successStatus === 204) return { description, headers };
  const ref = collector.ref('response');
  const body: JsonSchema = route.responseField?.message === undefined ? ref(method.output) : ref(route.responseField.message);
  const stream =
    policy.streamMethod === undefined ? undefined : method.parent.methods.find((candidate) => candidate.name === policy.streamMethod);
  return {
    description,
    headers,
    content: {
      'application/json': { schema: body },
      ...(stream === undefined
        ? {}
        : { 'text/event-stream': { schema: { type: 'string', description: eventsComment(stream, collector) } } }),
    },
  };
}

/** Says which events a stream brings; their data are the schemas of the same document. */
function eventsComment(stream: DescMethod, collector: SchemaCollector): string {
  const ref = collector.ref('response');
  const events = stream.output.fields.flatMap((field) =>
    field.message === undefined ? [] : [`\`${field.name}\` (${ref(field.message).$ref ?? ''})`],
  );
  return `Server-sent events: ${events.join(', ')}, and \`error\` (#/components/schemas/Problem).`;
}

function problem(status: number, codes: readonly string[]): object {
  const headers =
    status === 429 || status === 503 || status === 504
      ? { headers: { 'Retry-After': header('Seconds after which the call may be repeated.') } }
      : {};
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    ...headers,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function header(description: string): object {
  return { description, schema: { type: 'string' } };
}
