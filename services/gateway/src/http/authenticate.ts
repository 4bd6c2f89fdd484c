import type { AccessTokenVerifier, Principal } from '@quotemaster/auth';
import { isApiKey } from '@quotemaster/auth';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';
import type { ApiKeyChecks } from '../sessions/api-key-checks.ts';
import type { SessionChecks } from '../sessions/session-checks.ts';
import { header } from './exchange.ts';

const tokenCharsMax = 4_096;

/** Reads the credentials of a request and proves them. `keyAsBearer`: an API key may come as bearer token, too. */
export type Authenticate = (request: Request, options?: { readonly keyAsBearer?: boolean }) => Promise<Principal | undefined>;

/**
 * Creates the reader of credentials: an access token whose session stands, or an API key that works. Nothing but headers is looked at.
 *
 * Resolves to undefined where there are no credentials.
 * @throws AppError `auth.unauthenticated`, for two kinds at once too; `common.unavailable` when user can't be asked.
 */
export function createAuthenticate(options: {
  verifier: AccessTokenVerifier;
  sessions: SessionChecks;
  apiKeys: ApiKeyChecks;
}): Authenticate {
  const { verifier, sessions, apiKeys } = options;
  return async (request, { keyAsBearer = false } = {}) => {
    const authorization = header(request, 'authorization');
    const apiKey = header(request, 'x-api-key');
    if (authorization !== undefined && apiKey !== undefined) {
      throw new AppError(commonErrors.unauthenticated, { detail: 'Send either Authorization or X-API-Key, not both.' });
    }
    if (apiKey !== undefined) {
      // What was mistyped or made up is refused here, without asking anybody.
      if (!isApiKey(apiKey)) throw new AppError(commonErrors.unauthenticated, { detail: 'This API key is not valid.' });
      return apiKeys.resolve(apiKey);
    }
    if (authorization === undefined) return undefined;
    const token = /^Bearer +(?<token>[A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.groups?.['token'];
    if (token === undefined || token.length > tokenCharsMax) {
      throw new AppError(commonErrors.unauthenticated, { detail: 'The Authorization header must be `Bearer <access token>`.' });
    }
    if (keyAsBearer && isApiKey(token)) return apiKeys.resolve(token);
    return sessions.confirm(await verifier.verify(token));
  };
}
