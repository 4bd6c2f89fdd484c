import { requirePrincipal } from '@quotemaster/auth';
import type { Actor, Principal } from '@quotemaster/auth';
import type { ResolvedAccess } from '@quotemaster/contract';
import { AppError, commonErrors, isAppError } from '@quotemaster/errors';
import type { FirstCallOptions } from '@quotemaster/rpc';
import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { inRanges } from './client-address.ts';
import { exchangeOf } from './exchange.ts';
import { idempotencyKey } from './idempotency-key.ts';

type Needs = Pick<Context, 'authenticate' | 'rateLimit' | 'config'>;

/**
 * Lets a call in or refuses it by its headers alone: who calls, how often, whether they may. REST, Connect and gRPC-Web all come this way.
 * @returns what the call behind it is made with.
 * @throws AppError 400 for a bad Idempotency-Key, 401, 403, 429, or 503 where the limiter is away
 */
export async function admitCall(request: Request, response: Response, policy: ResolvedAccess, needs: Needs): Promise<FirstCallOptions> {
  const key = idempotencyKey(request, policy.idempotent);
  return callOptions(response, await admit(request, response, policy, needs), policy, key);
}

async function admit(
  request: Request,
  response: Response,
  policy: ResolvedAccess,
  { authenticate, rateLimit, config }: Needs,
): Promise<Actor> {
  const exchange = exchangeOf(response);
  if (policy.adminNetwork && !inRanges(exchange.clientAddress, config.adminAllowlist)) {
    throw new AppError(commonErrors.forbidden, { reason: 'not from the admin network' });
  }
  // Credentials on a public call are not needed, so wrong ones don't matter: an expired token must not keep anybody from signing in.
  const principal = policy.public ? undefined : await prove(request, response, { authenticate, rateLimit });
  exchange.userId = principal?.userId;
  exchange.apiKeyId = principal?.apiKeyId;
  if (principal !== undefined || policy.public) await rateLimit(policy, response);
  requirePrincipal(policy, principal);
  return principal === undefined ? { kind: 'none' } : { kind: 'principal', principal };
}

/** Credentials that don't hold are counted for the address they come from: nobody may try one after the other. */
async function prove(
  request: Request,
  response: Response,
  { authenticate, rateLimit }: Pick<Needs, 'authenticate' | 'rateLimit'>,
): Promise<Principal | undefined> {
  try {
    return await authenticate(request);
  } catch (error) {
    if (isAppError(error, commonErrors.unauthenticated)) await rateLimit({ rateClass: 'read', cost: 1 }, response);
    throw error;
  }
}

function callOptions(response: Response, actor: Actor, policy: ResolvedAccess, key: string | undefined): FirstCallOptions {
  const { requestId, signal, clientAddress, userAgent } = exchangeOf(response);
  return {
    timeoutMs: policy.timeoutMs,
    actor,
    signal,
    requestId,
    client: { address: clientAddress, userAgent },
    ...(key === undefined ? {} : { idempotencyKey: key }),
    onTrailer: ({ replayed }) => {
      // A stream brings the news with its end, when the headers are long gone.
      if (replayed && !response.headersSent) response.setHeader('Idempotent-Replayed', 'true');
    },
  };
}
