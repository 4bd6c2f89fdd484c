import type { DescField, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { access } from '../access.ts';
import type { ResolvedAccess } from '../access.ts';
import { comments } from '../gen/comments.ts';
import type { RoutedMethod } from '../http-route.ts';
import { fieldSchema, isRequiredInRequest } from '../json-schema/field-schema.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import type { ErrorSummary } from './open-api-document.ts';
import { bodySchema, requestSchemaName } from './request-schema.ts';
import { isTagged, responses } from './responses.ts';
import type { SchemaCollector } from './schema-collector.ts';

/** Makes the operation object of one route. */
export function operation(
  entry: RoutedMethod,
  collector: SchemaCollector,
  commonErrors: readonly ErrorSummary[],
  services: readonly DescService[],
): object {
  const { method, route } = entry;
  const policy = access(method);
  const comment = (comments[`${method.parent.typeName}.${method.name}`] ?? method.name).replace(new RegExp(`^${method.name} `), '');
  const sentences = /^(.*?[.:!?])(?:\s+(.*))?$/s.exec(comment);
  return {
    operationId: method.localName,
    tags: [tagName(method.parent)],
    summary: capitalise((sentences?.[1] ?? comment).replace(/\.$/, '')),
    description: capitalise(comment),
    ...security(policy),
    parameters: parameters(entry, policy, collector),
    ...(route.hasBody ? { requestBody: requestBody(entry, collector) } : {}),
    responses: responses(entry, policy, collector, commonErrors, services),
    'x-qm-rate-class': policy.rateClass,
    'x-qm-rate-cost': policy.cost,
    'x-qm-idempotency': idempotency(entry, policy),
    'x-qm-needs': policy.needs,
    ...(policy.scopes.length === 0 ? {} : { 'x-qm-scopes': policy.scopes }),
    ...(policy.roles.length === 0 ? {} : { 'x-qm-roles': policy.roles }),
    ...(policy.reauthentication ? { 'x-qm-reauthentication': true } : {}),
    'x-qm-timeout-ms': policy.timeoutMs,
    'x-qm-max-body-bytes': policy.maxBodyBytes,
  };
}

/** Whether a call may be repeated: `safe` changes nothing, `idempotent` is done once however often it is repeated, `key` with an Idempotency-Key. */
function idempotency({ method, route }: RoutedMethod, policy: ResolvedAccess): 'safe' | 'idempotent' | 'key' | 'none' {
  if (route.verb === 'get' || method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) return 'safe';
  if (policy.idempotent) return 'key';
  return method.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT ? 'idempotent' : 'none';
}

/** The name under which a service's routes stand together: "Quote" for QuoteService. */
export function tagName(service: DescService): string {
  return service.name.replace(/Service$/, '');
}

function security(policy: ResolvedAccess): object {
  if (policy.public) return { security: [] };
  return { security: [{ accessToken: [] }, ...(policy.sessionOnly ? [] : [{ apiKey: [] }])] };
}

function requestBody(entry: RoutedMethod, collector: SchemaCollector): object {
  const name = requestSchemaName(entry);
  const schema = collector.add(name, bodySchema(entry, collector.ref('request')));
  // An object of which nothing is required may be left out as a whole.
  const required = entry.route.verb === 'patch' || entry.route.openFields.some(isRequiredInRequest);
  return { required, content: { 'application/json': { schema, example: collector.example(schema, name) } } };
}

function parameters({ method, route }: RoutedMethod, policy: ResolvedAccess, collector: SchemaCollector): readonly object[] {
  const inPath = method.input.fields.filter((field) => route.pathFields.includes(field.name));
  const inQuery = route.hasBody ? [] : route.openFields;
  return [
    ...inPath.map((field) => parameter(field, 'path', collector)),
    ...inQuery.map((field) => parameter(field, 'query', collector)),
    ...route.carried.map(({ field, by, name }) => ({ ...parameter(field, by, collector), name })),
    ...(policy.idempotent ? [idempotencyKey] : []),
    ...(policy.streamMethod === undefined ? [] : [lastEventId]),
    ...(isTagged({ method, route }, policy) ? [ifNoneMatch] : []),
    requestId,
  ];
}

/** A page token has no example: one that we did not give is refused. */
function parameter(field: DescField, place: 'path' | 'query' | 'header' | 'cookie', collector: SchemaCollector): object {
  const { description, ...schema } = fieldSchema(field, () => ({}));
  return {
    name: field.jsonName,
    in: place,
    required: place === 'path' || isRequiredInRequest(field),
    ...(description === undefined ? {} : { description }),
    schema: schema satisfies JsonSchema,
    ...((place === 'path' || place === 'query') && field.jsonName !== 'pageToken'
      ? { example: collector.example(schema, field.jsonName) }
      : {}),
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Repeating the call with the same key and body within 24 hours gives the first answer again and does nothing twice.',
  // Visible ASCII, bare or as a quoted string.
  schema: { type: 'string', pattern: '^([!#-~]{1,255}|"([!#-\\[\\]-~]|\\\\["\\\\]){1,255}")$' },
};

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description:
    'For `Accept: text/event-stream`: the id of the last event of a stream that was cut. With the same `Idempotency-Key` and body the stream goes on after it, for 5 s after the cut and 30 s after its end; else it begins anew.',
  schema: { type: 'string', pattern: '^[0-9]{1,9}$' },
};

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of an answer that one has already: 304 without a body where nothing has changed.',
  schema: { type: 'string' },
};

const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description:
    'Names the request in answers and logs: 1 to 128 letters, digits, dots, dashes and underscores. Anything else is left aside, and a name made.',
  schema: { type: 'string' },
};

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
