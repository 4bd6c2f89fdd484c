import { ScalarType, getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { access, rateClasses } from './access.ts';
import { checkLimits } from './check-limits.ts';
import { declaredErrors } from './declared-errors.ts';
import { http } from './gen/google/api/annotations_pb.js';
import { access as accessOption } from './gen/quotemaster/common/v1/options_pb.js';
import { httpRoute, updateMaskField } from './http-route.ts';
import type { HttpRoute } from './http-route.ts';

/** Every scope there is. A contract that names another has a slip of the pen. */
export const scopes: readonly string[] = [
  'quotes:read',
  'quotes:write',
  'voice:read',
  'voice:write',
  'analytics:read',
  'analytics:write',
  'profile:read',
  'profile:write',
  'ai:invoke',
];

/**
 * Finds what is wrong with the routes and access options of a contract; `make gen` refuses it.
 * @returns one sentence a fault; empty when all is well.
 */
export function checkRoutes(services: readonly DescService[]): readonly string[] {
  const taken = new Map<string, DescMethod>();
  const codes = new Set(services.flatMap(declaredErrors).map(({ code }) => code));
  const undeclared = (method: DescMethod): string[] =>
    getOption(method, accessOption).errors.flatMap((code) =>
      codes.has(code) ? [] : [`names the error ${code}, which no service declares`],
    );
  return services.flatMap((service) =>
    service.methods.flatMap((method) =>
      [...checkMethod(method), ...clash(method, taken), ...undeclared(method)].map(
        (fault) => `${service.typeName}.${method.name}: ${fault}`,
      ),
    ),
  );
}

function clash(method: DescMethod, taken: Map<string, DescMethod>): string[] {
  const route = httpRoute(method);
  if (route === undefined) return [];
  const shape = `${route.verb} ${route.path.replace(/\{[^}]*\}/g, '{}')}`;
  const other = taken.get(shape);
  taken.set(shape, method);
  return other === undefined ? [] : [`clashes with ${other.parent.typeName}.${other.name} on ${route.verb.toUpperCase()} ${route.path}`];
}

function checkMethod(method: DescMethod): string[] {
  const { rateClass } = getOption(method, accessOption);
  if (rateClass !== '' && !rateClasses.includes(rateClass)) return [`names the unknown rate class ${rateClass}`];
  const policy = access(method);
  const route = httpRoute(method);
  const faults = policy.scopes.filter((scope) => !scopes.includes(scope)).map((scope) => `names the unknown scope ${scope}`);
  if (policy.streamMethod !== undefined) faults.push(...checkStream(method, policy.streamMethod));
  if (route === undefined) {
    if (policy.callers.length === 0) faults.push('has neither a route nor callers: nobody could call it');
    return faults;
  }
  if ((method.methodKind === 'unary') === route.isRaw || (method.methodKind !== 'unary' && method.methodKind !== 'server_streaming'))
    faults.push('has a route but is neither unary nor a stream of google.api.HttpBody; name it as the stream_method of a unary RPC');
  for (const { field } of route.carried)
    if (field.scalar !== ScalarType.STRING) faults.push(`takes ${field.name} from a header or cookie, and it is no string`);
  if (policy.idempotent && route.verb !== 'post') faults.push('takes an Idempotency-Key but is not a POST');
  if (policy.successStatus < 200 || policy.successStatus > 299) faults.push(`has the success status ${String(policy.successStatus)}`);
  if (policy.location !== undefined) faults.push(...checkLocation(method, policy.location));
  return [...faults, ...checkShape(method, route), ...checkLimits(method.input)];
}

/** Each {field.path} of the template must lead to a string of the answer. */
function checkLocation({ output }: DescMethod, template: string): string[] {
  return [...template.matchAll(/\{([^}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((path) => fieldAt(output, path.split('.'))?.scalar !== ScalarType.STRING)
    .map((path) => `has {${path}} in its location and no such string in its answer`);
}

function fieldAt(message: DescMessage, [name, ...rest]: readonly string[]): DescField | undefined {
  const field = message.fields.find((candidate) => candidate.name === name);
  if (rest.length === 0 || field === undefined) return field;
  return field.fieldKind === 'message' ? fieldAt(field.message, rest) : undefined;
}

function checkShape(method: DescMethod, route: HttpRoute): string[] {
  const faults: string[] = [];
  const rule = getOption(method, http);
  if (!/^\/[a-z0-9._\-/{}]+$/.test(route.path)) faults.push(`has the odd path ${route.path}`);
  if (rule.body !== '' && rule.body !== '*') faults.push('has a body other than "*"');
  if (route.hasBody && (route.verb === 'get' || route.verb === 'delete')) faults.push(`has a body on ${route.verb.toUpperCase()}`);
  if (rule.responseBody !== '' && route.responseField === undefined) faults.push(`has no response field ${rule.responseBody}`);
  for (const name of route.pathFields) {
    const field = method.input.fields.find((candidate) => candidate.name === name);
    if (field?.fieldKind !== 'scalar') faults.push(`has {${name}} in its path and no such scalar field`);
  }
  const mask = method.input.fields.find((field) => field.name === updateMaskField);
  if ((route.verb === 'patch') !== isFieldMask(mask))
    faults.push(`a PATCH, and nothing else, has a google.protobuf.FieldMask ${updateMaskField}`);
  if (!route.hasBody)
    faults.push(...route.openFields.filter((field) => !fitsQuery(field)).map((field) => `can't take ${field.name} from the query`));
  return faults;
}

function checkStream(method: DescMethod, name: string): string[] {
  const stream = method.parent.methods.find((candidate) => candidate.name === name);
  if (stream?.methodKind !== 'server_streaming')
    return [`names the stream method ${name}, which is no server-streaming RPC of its service`];
  const wraps = stream.input.fields.some((field) => field.message?.typeName === method.input.typeName);
  if (!wraps) return [`names the stream method ${name}, whose request does not hold a ${method.input.name}`];
  if (stream.output.oneofs.length !== 1) return [`names the stream method ${name}, whose answer is not one oneof of events`];
  const differs = (['roles', 'scopes', 'rateClass', 'idempotent'] as const).filter(
    (name) => String(access(stream)[name]) !== String(access(method)[name]),
  );
  if (differs.length > 0) return [`names the stream method ${name}, whose access differs in ${differs.join(', ')}`];
  return hasOption(stream, http) ? [`names the stream method ${name}, which has a route of its own`] : [];
}

function isFieldMask(field: DescField | undefined): boolean {
  return field?.message?.typeName === 'google.protobuf.FieldMask';
}

function fitsQuery(field: DescField): boolean {
  return field.fieldKind === 'scalar' || field.message?.typeName === 'google.protobuf.Timestamp';
}
