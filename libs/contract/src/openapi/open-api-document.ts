import type { DescService } from '@bufbuild/protobuf';
import { routedMethods } from '../http-route.ts';
import type { RoutedMethod } from '../http-route.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import { comments } from '../gen/comments.ts';
import { operation, tagName } from './operation.ts';
import { createSchemaCollector } from './schema-collector.ts';

/** An error as the document shows it. */
export interface ErrorSummary {
  readonly code: string;
  readonly httpStatus: number;
  readonly title: string;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly servers: readonly object[];
  readonly tags: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly [name: string]: unknown };
}

const problemSchema: JsonSchema = {
  description: 'What went wrong (RFC 9457).',
  examples: [
    {
      type: 'https://quotes.example.org/docs/errors/common.invalid_request',
      title: 'The request is not valid',
      status: 400,
      detail: 'The request is not valid.',
      instance: '/v1/quotes/generate',
      code: 'common.invalid_request',
      requestId: '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70',
      errors: [{ field: 'prompt', message: 'is required' }],
    },
  ],
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'The page of the code.' },
    title: { type: 'string', description: 'A short title, the same for every occurrence.' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What happened this time.' },
    instance: { type: 'string', description: 'The path that was called.' },
    code: { type: 'string', description: 'The stable code, for machines.' },
    decisionId: { type: 'string', description: 'Where a model was to be chosen: GET /v1/ai/decisions/{id} tells how it went.' },
    usage: {
      type: 'object',
      description: 'What an answer that broke off has used so far.',
      required: ['inputTokens', 'outputTokens', 'costMicroUsd'],
      properties: { inputTokens: { type: 'integer' }, outputTokens: { type: 'integer' }, costMicroUsd: { type: 'integer' } },
    },
    requestId: { type: 'string', description: 'Names the request in the logs.' },
    errors: {
      type: 'array',
      description: 'What is wrong with which field, for 400.',
      items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/**
 * Makes the OpenAPI 3.1 document of every route of the services.
 * @param options.commonErrors errors that any route can give, beside those its service declares.
 */
export function openApiDocument(
  services: readonly DescService[],
  options: { publicUrl: string; version: string; commonErrors: readonly ErrorSummary[] },
): OpenApiDocument {
  const collector = createSchemaCollector();
  collector.add('Problem', problemSchema);
  const paths: Record<string, Record<string, object>> = {};
  const routed = routedMethods(services);
  for (const entry of routed) {
    const path = jsonPath(entry);
    (paths[path] ??= {})[entry.route.verb] = operation(entry, collector, options.commonErrors, services);
  }
  const tagged = [...new Set(routed.map(({ method }) => method.parent))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Quote Master Pro',
      version: options.version,
      description:
        'Turns a thought into quotes worth keeping. Every error is a problem (RFC 9457) whose `type` is a page that explains it. ' +
        '`x-qm-rate-class` names the limit that a call takes `x-qm-rate-cost` units of; `x-qm-idempotency` whether it may be repeated: ' +
        '`safe`, `idempotent`, with a `key`, or `none`; `x-qm-needs` the services without which it is answered 503 at once; ' +
        '`x-qm-timeout-ms` the time after which it is answered 504.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.publicUrl }],
    tags: tagged.map((service) => ({ name: tagName(service), description: comments[service.typeName] ?? service.name })),
    paths,
    components: {
      schemas: collector.schemas,
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a session, valid for 15 minutes.',
        },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
      },
    },
  };
}

/** The path with its variables under their JSON names. */
function jsonPath({ method, route }: RoutedMethod): string {
  return route.path.replace(
    /\{([a-z0-9_]+)\}/g,
    (_, name: string) => `{${method.input.fields.find((field) => field.name === name)?.jsonName ?? name}}`,
  );
}
