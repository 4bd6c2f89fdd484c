import type { ResolvedAccess } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Actor, Principal } from './principal.ts';
import type { VerifiedCaller } from './service-verifier.ts';

type Policy = Pick<ResolvedAccess, 'public' | 'needsPrincipal' | 'roles' | 'scopes' | 'callers' | 'sessionOnly'>;

/** Checks both halves of the policy of an RPC. @throws AppError `auth.forbidden` or `auth.unauthenticated` */
export function requireAccess(access: Policy, { caller, actor }: VerifiedCaller): void {
  requireCaller(access, caller);
  requireActor(access, actor);
}

/** Checks that a service may call an RPC. @throws AppError `auth.forbidden` */
export function requireCaller(access: Pick<Policy, 'callers'>, caller: string): void {
  if (!access.callers.includes(caller))
    throw new AppError(commonErrors.forbidden, { reason: `the service ${caller} is not among the callers of this RPC` });
}

/** Checks for whom the call is made, where it must be for someone. @throws AppError `auth.forbidden` or `auth.unauthenticated` */
export function requireActor(access: Omit<Policy, 'callers'>, actor: Actor): void {
  if (access.needsPrincipal) requirePrincipal(access, actor.kind === 'principal' ? actor.principal : undefined);
}

/**
 * Checks a person against the roles and scopes of an RPC; a public one takes anybody.
 * @throws AppError `auth.unauthenticated` without a principal, `auth.session_required` for an API key where a session is needed,
 * `auth.forbidden` without the role or a scope.
 */
export function requirePrincipal(access: Omit<Policy, 'callers'>, principal: Principal | undefined): void {
  if (access.public && !access.needsPrincipal) return;
  if (principal === undefined) throw new AppError(commonErrors.unauthenticated, { reason: 'the call is for nobody' });
  if (access.sessionOnly && principal.sessionId === undefined) throw new AppError(commonErrors.sessionRequired);
  if (access.roles.length > 0 && !access.roles.includes(principal.role)) {
    throw new AppError(commonErrors.forbidden, { reason: `the role ${principal.role} is none of ${access.roles.join(', ')}` });
  }
  const missing = access.scopes.filter((scope) => !principal.scopes.includes(scope));
  if (missing.length > 0) throw new AppError(commonErrors.forbidden, { reason: `scopes missing: ${missing.join(' ')}` });
}
