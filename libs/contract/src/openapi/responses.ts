import type { DescField, DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { costlyRateClasses } from '../access.ts';
import type { ResolvedAccess } from '../access.ts';
import { declaredErrors } from '../declared-errors.ts';
import type { ErrorCode } from '../gen/quotemaster/common/v1/options_pb.js';
import type { RoutedMethod } from '../http-route.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import type { ErrorSummary } from './open-api-document.ts';
import type { SchemaCollector } from './schema-collector.ts';

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
  commonErrors: readonly ErrorSummary[],
  services: readonly DescService[],
): object {
  const own = declaredErrors(entry.method.parent).map(summary);
  const named = services.flatMap(declaredErrors).filter(({ code }) => policy.errors.includes(code));
  const possible = [
    ...commonErrors.filter(({ httpStatus }) => canMeet(httpStatus, entry, policy)),
    ...own.filter(({ code, httpStatus }) => canBeTold(httpStatus, entry) && !policy.errors.includes(code)),
    ...named.map(summary),
  ];
  const problems = [...Map.groupBy(possible, ({ httpStatus }) => httpStatus)]
    .sort(([a], [b]) => a - b)
    .map(([status, errors]) => [String(status), problem(status, errors, status === 503 ? ` ${whenAway(policy)}` : '')] as const);
  const notModified = isTagged(entry, policy)
    ? { 304: { description: 'The same as `If-None-Match` names; there is no body.', headers: { ETag: header('The tag of the answer.') } } }
    : {};
  const { answer, events } = success(entry, policy, collector);
  return {
    [policy.successStatus]: answer,
    // Browsers read events with status 200 alone.
    ...(events === undefined ? {} : { 200: events }),
    ...notModified,
    ...Object.fromEntries(problems),
  };
}

function summary({ code, title, httpStatus, status }: ErrorCode): ErrorSummary {
  return { code, title, httpStatus: httpStatus || (usualHttpStatus[status] ?? 500) };
}

/** Reads bear a tag, and can be asked for only where they have changed. */
export function isTagged({ route }: RoutedMethod, policy: ResolvedAccess): boolean {
  return route.verb === 'get' && policy.successStatus === 200 && !route.isRaw;
}

/** Whether a caller of the route can meet a common error, which comes from the road to the service. */
function canMeet(status: number, { route }: RoutedMethod, policy: ResolvedAccess): boolean {
  switch (status) {
    case 401:
      return policy.needsPrincipal;
    case 403:
      return policy.needsPrincipal || policy.adminNetwork;
    case 409:
    case 422:
      return policy.idempotent;
    case 413:
    case 415:
      return route.hasBody;
    // Whoever reads of a route calls it by its path and method, and waits for the answer of a system that has it.
    case 404:
    case 405:
    case 499:
    case 501:
      return false;
    default:
      return true;
  }
}

/**
 * Whether the service can give an error that it declares on this route. It refuses what it is given: where that is nothing
 * but a path, only the thing itself can be missing.
 */
function canBeTold(status: number, { method, route }: RoutedMethod): boolean {
  if (status >= 500) return true;
  if (status === 404) return route.pathFields.length > 0 || (route.verb !== 'post' && route.responseField !== undefined);
  if (status === 409) return method.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  return route.openFields.length > 0;
}

/** The answer, and the events that stand for it where they are asked for. */
function success(
  { method, route }: RoutedMethod,
  policy: ResolvedAccess,
  collector: SchemaCollector,
): { readonly answer: object; readonly events?: object } {
  const description =
    policy.successStatus === 204 ? 'Done; there is nothing to say.' : policy.successStatus === 201 ? 'Made.' : 'The answer.';
  const common = {
    'X-Request-Id': header('Names the request in the logs.'),
    'RateLimit-Policy': header('The limits that apply (draft-ietf-httpapi-ratelimit-headers-10).'),
    RateLimit: header('What is left of them.'),
    ...(isTagged({ method, route }, policy) ? { ETag: header('Changes with the answer; for `If-None-Match`.') } : {}),
    ...(policy.idempotent ? { 'Idempotent-Replayed': header('`true` when this is the stored answer of an earlier call.') } : {}),
  };
  const location = policy.location === undefined ? {} : { Location: header('Where the new resource is.') };
  const headers = { ...common, ...location };
  if (policy.successStatus === 204) return { answer: { description, headers } };
  const ref = collector.ref('response');
  if (route.isRaw) return { answer: { description, headers, content: { 'application/json': { schema: { type: 'object' } } } } };
  const body: JsonSchema = isStruct(route.responseField)
    ? { type: 'object' }
    : route.responseField?.message === undefined
      ? ref(method.output)
      : ref(route.responseField.message);
  const stream =
    policy.streamMethod === undefined ? undefined : method.parent.methods.find((candidate) => candidate.name === policy.streamMethod);
  const json = { 'application/json': { schema: body, example: collector.example(body, method.output.name) } };
  if (stream === undefined) return { answer: { description, headers, content: json } };
  const asEvents = { 'text/event-stream': { schema: { type: 'string', description: eventsComment(stream, collector) } } };
  if (policy.successStatus === 200) return { answer: { description, headers, content: { ...json, ...asEvents } } };
  return {
    answer: { description, headers, content: json },
    events: { description: 'The same as events, for `Accept: text/event-stream`.', headers: common, content: asEvents },
  };
}

function isStruct(field: DescField | undefined): boolean {
  return field?.message?.typeName === 'google.protobuf.Struct';
}

/** Says which events a stream brings; their data are the schemas of the same document. */
function eventsComment(stream: DescMethod, collector: SchemaCollector): string {
  const ref = collector.ref('response');
  const events = stream.output.fields.flatMap((field) =>
    field.message === undefined ? [] : [`\`${field.name}\` (${ref(field.message).$ref ?? ''})`],
  );
  return `Server-sent events: ${events.join(', ')}, and \`error\` (#/components/schemas/Problem).`;
}

/** Says what becomes of a call while something that it needs is away. */
function whenAway({ needs, rateClass, idempotent }: ResolvedAccess): string {
  const away = [...needs, ...(costlyRateClasses.includes(rateClass) ? ['Redis'] : [])];
  const counted = costlyRateClasses.includes(rateClass) ? '' : ' Without Redis the call is answered, under limits of each gateway.';
  const again = idempotent ? ' Repeated with the same `Idempotency-Key` it is done once.' : '';
  return `Given at once while ${away.join(' or ')} is away.${counted}${again}`;
}

function problem(status: number, errors: readonly ErrorSummary[], more: string): object {
  const headers =
    status === 429 || status === 503 || status === 504
      ? { headers: { 'Retry-After': header('Seconds after which the call may be repeated.') } }
      : {};
  return {
    description: `${errors.map(({ code, title }) => `\`${code}\` (${title})`).join(', ')}.${more}`,
    ...headers,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function header(description: string): object {
  return { description, schema: { type: 'string' } };
}
