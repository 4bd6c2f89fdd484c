import { getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMethod, DescService } from '@bufbuild/protobuf';
import { http } from './gen/google/api/annotations_pb.js';
import { HttpBodySchema } from './gen/google/api/httpbody_pb.js';
import { cookie, header } from './gen/quotemaster/common/v1/options_pb.js';

export type HttpVerb = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** How an RPC is reached over HTTP. */
export interface HttpRoute {
  readonly verb: HttpVerb;
  /** "/v1/quotes/{id}". */
  readonly path: string;
  /** Proto names of the request's fields that the path holds, in order. */
  readonly pathFields: readonly string[];
  /** The fields that are not in the path come from a JSON body; else from the query. */
  readonly hasBody: boolean;
  /** Fields of the request that come from body or query. The update mask is none: the gateway fills it. */
  readonly openFields: readonly DescField[];
  /** Fields of the request whose value is a header's or a cookie's, with the name of that. */
  readonly carried: readonly CarriedField[];
  /** The field of the response that is the body; undefined for the whole message. */
  readonly responseField: DescField | undefined;
  /** The body is bytes as the service gives them, in pieces: the response field is a google.api.HttpBody. */
  readonly isRaw: boolean;
}

/** A field that neither body nor query may name. */
export interface CarriedField {
  readonly field: DescField;
  readonly by: 'header' | 'cookie';
  readonly name: string;
}

/** The name of the field in which a PATCH tells what it names. */
export const updateMaskField = 'update_mask';

/** Reads the route of an RPC; undefined where it has none. */
export function httpRoute(method: DescMethod): HttpRoute | undefined {
  if (!hasOption(method, http)) return undefined;
  const { pattern, body, responseBody } = getOption(method, http);
  if (pattern.case === undefined) return undefined;
  const pathFields = [...pattern.value.matchAll(/\{([a-z0-9_]+)\}/g)].map((match) => match[1] ?? '');
  const carried = method.input.fields.flatMap(carriedField);
  const responseField = responseBody === '' ? undefined : method.output.fields.find((field) => field.name === responseBody);
  return {
    verb: pattern.case,
    path: pattern.value,
    pathFields,
    hasBody: body !== '',
    openFields: method.input.fields.filter(
      (field) => !pathFields.includes(field.name) && field.name !== updateMaskField && carriedField(field).length === 0,
    ),
    carried,
    responseField,
    isRaw: responseField?.message?.typeName === HttpBodySchema.typeName,
  };
}

function carriedField(field: DescField): CarriedField[] {
  const [headerName, cookieName] = [getOption(field, header), getOption(field, cookie)];
  if (headerName !== '') return [{ field, by: 'header', name: headerName }];
  return cookieName === '' ? [] : [{ field, by: 'cookie', name: cookieName }];
}

/** An RPC that has a route. */
export interface RoutedMethod {
  readonly method: DescMethod;
  readonly route: HttpRoute;
}

/**
 * Lists all routes in the order in which they must be tried: a literal segment before a variable at the same place.
 */
export function routedMethods(services: readonly DescService[]): readonly RoutedMethod[] {
  const routed = services.flatMap((service) =>
    service.methods.flatMap((method) => {
      const route = httpRoute(method);
      return route === undefined ? [] : [{ method, route }];
    }),
  );
  return routed.sort((a, b) => compare(sortKey(a.route), sortKey(b.route)));
}

function sortKey({ path, verb }: HttpRoute): string {
  // "~" sorts behind every letter.
  return `${path.replace(/\{[^}]*\}/g, '~')} ${verb}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
