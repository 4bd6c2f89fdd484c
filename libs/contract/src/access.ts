import { getOption, hasOption } from '@bufbuild/protobuf';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { access as accessOption } from './gen/quotemaster/common/v1/options_pb.js';
import { http } from './gen/google/api/annotations_pb.js';

export type RateClass = 'auth' | 'read' | 'write' | 'generate' | 'upload' | 'admin' | 'key';

/** The policy of one RPC with every default applied. */
export interface ResolvedAccess {
  /** No credentials are needed. */
  readonly public: boolean;
  /** The call must be for a user: it has a route and isn't public, or it names roles or scopes. */
  readonly needsPrincipal: boolean;
  /** One of these roles is needed; empty means any. */
  readonly roles: readonly string[];
  /** All of these scopes are needed. */
  readonly scopes: readonly string[];
  /** Services that may call, "gateway" among them where the RPC has a route. */
  readonly callers: readonly string[];
  readonly adminNetwork: boolean;
  readonly rateClass: RateClass;
  /** Units of the rate class that one call takes. */
  readonly cost: number;
  /** Under overload the lowest goes first. */
  readonly shedPriority: number;
  /** The deadline of a call. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** The HTTP status of success. */
  readonly successStatus: number;
  /** The template of the Location header, "/v1/quotes/{quote.id}". */
  readonly location: string | undefined;
  /** The name of the server-streaming RPC of the same service that answers `Accept: text/event-stream`. */
  readonly streamMethod: string | undefined;
  /** The route takes an Idempotency-Key. */
  readonly idempotent: boolean;
  /** Each call leaves an entry in the audit log. */
  readonly audit: boolean;
  /** Only for people who are signed in, never for API keys. */
  readonly sessionOnly: boolean;
  /** The session must have proved who it is within the last ten minutes. */
  readonly reauthentication: boolean;
  /** Services that the call can't do without: the one that answers it first. */
  readonly needs: readonly string[];
  /** Codes that the call can fail with beside those that its kind of route makes plain. */
  readonly errors: readonly string[];
}

/** Every rate class there is. */
export const rateClasses: readonly string[] = ['auth', 'read', 'write', 'generate', 'upload', 'admin', 'key'] satisfies RateClass[];

/** Classes that cost too much to go by anything but the shared limits: without them they are refused. */
export const costlyRateClasses: readonly string[] = ['auth', 'generate', 'upload'] satisfies RateClass[];

/** Gives the service that owns a package of the contract: "quotemaster.quote.v1" is quote's, and the area ai that of ai-orchestrator. */
export function ownerOf(service: DescService): string {
  const area = service.file.proto.package.split('.')[1] ?? '';
  return area === 'ai' ? 'ai-orchestrator' : area;
}

/**
 * Reads the access policy of an RPC and applies the defaults that options.proto states.
 * @throws Error when the contract names a rate class that does not exist.
 */
export function access(method: DescMethod): ResolvedAccess {
  const option = getOption(method, accessOption);
  const routed = hasOption(method, http);
  const isGet = routed && getOption(method, http).pattern.case === 'get';
  const isRead = isGet || method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  const rateClass = option.rateClass === '' ? (isGet ? 'read' : 'write') : option.rateClass;
  if (!isRateClass(rateClass)) throw new Error(`${method.parent.typeName}.${method.name} names the unknown rate class ${rateClass}`);
  return {
    public: option.public,
    needsPrincipal: (routed && !option.public) || option.roles.length > 0 || option.scopes.length > 0,
    roles: option.roles,
    scopes: option.scopes,
    callers: routed ? [...new Set(['gateway', ...option.callers])] : option.callers,
    adminNetwork: option.adminNetwork,
    rateClass,
    cost: option.cost || 1,
    shedPriority: option.shedPriority || 50,
    timeoutMs: option.timeoutMs || (isRead ? 2_000 : 5_000),
    maxBodyBytes: option.maxBodyBytes || 65_536,
    successStatus: option.successStatus || (method.output.fields.length === 0 ? 204 : 200),
    location: option.location || undefined,
    streamMethod: option.streamMethod || undefined,
    idempotent: option.idempotent,
    audit: option.audit,
    sessionOnly: option.sessionOnly || option.reauthentication,
    reauthentication: option.reauthentication,
    needs: [ownerOf(method.parent), ...option.needs],
    errors: option.errors,
  };
}

function isRateClass(value: string): value is RateClass {
  return rateClasses.includes(value);
}
