import type { DescMethod } from '@bufbuild/protobuf';
import { access } from '@quotemaster/contract';
import type { ResolvedAccess } from '@quotemaster/contract';
import type { RpcHandler } from '../handler.ts';

/** Who may come in: anybody (health), any service (reflection), or whom the contract names. */
export type Admission =
  { readonly kind: 'anybody' } | { readonly kind: 'any-service' } | { readonly kind: 'contract'; readonly access: ResolvedAccess };

/** One RPC as the server serves it. */
export interface Route {
  readonly method: DescMethod;
  readonly answer: RpcHandler['answer'];
  readonly admission: Admission;
  /** No call takes longer, whatever its caller asks for. */
  readonly timeoutMs: number;
}

const reflectionTimeoutMs = 60_000;

/** Gives the route of an RPC of the contract. */
export function contractRoute({ method, answer }: RpcHandler): Route {
  const policy = access(method);
  return { method, answer, admission: { kind: 'contract', access: policy }, timeoutMs: policy.timeoutMs };
}

/** Gives the route of a health RPC: open to all; a watch lasts as long as its caller likes. */
export function healthRoute({ method, answer }: RpcHandler): Route {
  return { method, answer, admission: { kind: 'anybody' }, timeoutMs: method.methodKind === 'unary' ? 2_000 : Number.POSITIVE_INFINITY };
}

/** Gives the route of reflection: for every service that can prove its name. */
export function reflectionRoute({ method, answer }: RpcHandler): Route {
  return { method, answer, admission: { kind: 'any-service' }, timeoutMs: reflectionTimeoutMs };
}

/**
 * Checks that each service of which an RPC is handled has all of its RPCs handled, once each.
 * @throws Error naming what is missing or doubled.
 */
export function requireComplete(handlers: readonly RpcHandler[]): void {
  const handled = new Set<DescMethod>();
  for (const { method } of handlers) {
    if (handled.has(method)) throw new Error(`${method.parent.typeName}/${method.name} has two handlers`);
    handled.add(method);
  }
  const services = new Set(handlers.map(({ method }) => method.parent));
  const missing = [...services].flatMap((service) => service.methods).filter((method) => !handled.has(method));
  if (missing.length > 0)
    throw new Error(`RPCs without a handler: ${missing.map((method) => `${method.parent.typeName}/${method.name}`).join(', ')}`);
}
