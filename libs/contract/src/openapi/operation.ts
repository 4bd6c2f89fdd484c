import type { DescField, DescService } from '@bufbuild/protobuf';
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
export function operation(entry: RoutedMethod, collector: SchemaCollector, commonErrors: readonly ErrorSummary[]): object {
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
    parameters: parameters(entry, policy),
    ...(route.hasBody ? { requestBody: requestBody(entry, collector) } : {}),
    responses: responses(entry, policy, collector, commonErrors),
    'x-qm-rate-class': policy.rateClass,
    ...(policy.scopes.length === 0 ? {} : { 'x-qm-scopes': policy.scopes }),
    ...(policy.roles.length === 0 ? {} : { 'x-qm-roles': policy.roles }),
    ...(policy.reauthentication ? { 'x-qm-reauthentication': true } : {}),
    'x-qm-timeout-ms': policy.timeoutMs,
    'x-qm-max-body-bytes': policy.maxBodyBytes,
  };
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
  const schema = collector.add(requestSchemaName(entry), bodySchema(entry, collector.ref('request')));
  // An object of which nothing is required may be left out as a whole.
  const required = entry.route.verb === 'patch' || entry.route.openFields.some(isRequiredInRequest);
  return { required, content: { 'application/json': { schema } } };
}

function parameters({ method, route }: RoutedMethod, policy: ResolvedAccess): readonly object[] {
  const inPath = method.input.fields.filter((field) => route.pathFields.includes(field.name));
  const inQuery = route.hasBody ? [] : route.openFields;
  return [
    ...inPath.map((field) => parameter(field, 'path')),
    ...inQuery.map((field) => parameter(field, 'query')),
    ...route.carried.map(({ field, by, name }) => ({ ...parameter(field, by), name })),
    ...(policy.idempotent ? [idempotencyKey] : []),
    ...(isTagged({ method, route }, policy) ? [ifNoneMatch] : []),
    requestId,
  ];
}

function parameter(field: DescField, place: 'path' | 'query' | 'header' | 'cookie'): object {
  const { description, ...schema } = fieldSchema(field, () => ({}));
  return {
    name: field.jsonName,
    in: place,
    required: place === 'path' || isRequiredInRequest(field),
    ...(description === undefined ? {} : { description }),
    schema: schema satisfies JsonSchema,
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Repeating the call with the same key and body within 24 hours gives the first answer again and does nothing twice.',
  schema: { type: 'string', minLength: 1, maxLength: 257 },
};

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of an answer that one has already: 304 without a body where nothing has changed.',
  schema: { type: 'string', maxLength: 1_000 },
};

const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description: 'Names the request in answers and logs. Made where it is left out.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
};

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
