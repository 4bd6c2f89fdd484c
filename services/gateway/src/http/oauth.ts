import { access } from '@quotemaster/contract';
import { OAuthService, oAuthErrors } from '@quotemaster/contract/user';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { CallOptions } from '@quotemaster/rpc';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { cookie, cookieNameAt, exchangeOf } from './exchange.ts';

/** Binds a sign-in to the browser that began it. Lax: the way back from the provider is a link from another site. */
const cookieName = 'qm_oauth';
const cookiePath = '/v1/auth/oauth';
const cookieMaxAgeSeconds = 600;

type Needs = Pick<Context, 'oauth' | 'rateLimit' | 'config'>;

/** Limits as the exchange that follows has them. */
const policy = access(OAuthService.method.exchangeOAuthCode);

/** Creates GET /v1/auth/oauth/{provider}/start: a redirect to the provider. It takes no parameters, so none can lead elsewhere. */
export function oauthStart({ oauth, rateLimit, config }: Needs): RequestHandler {
  return async (request, response) => {
    exchangeOf(response).route = '/v1/auth/oauth/{provider}/start';
    if (new URL(request.originalUrl, 'http://gateway').search !== '')
      throw new AppError(commonErrors.invalidRequest, { detail: 'This call takes no parameters.' });
    await rateLimit(policy, response);
    const { url, binding } = await oauth.startOAuth(
      { provider: providerOf(request) },
      callOptions(response, access(OAuthService.method.startOAuth).timeoutMs),
    );
    response.append(
      'Set-Cookie',
      `${cookieNameAt(config.publicUrl, cookieName)}=${binding}; Max-Age=${String(cookieMaxAgeSeconds)}; Path=${cookiePath}; HttpOnly; Secure; SameSite=Lax`,
    );
    redirect(response, url);
  };
}

/**
 * Creates GET /v1/auth/oauth/{provider}/callback: a redirect to the application, with a one-time code or the code of an error.
 *
 * A person stands at the other end of it, not a program: what went wrong is told by the page.
 */
export function oauthCallback({ oauth, rateLimit, config }: Needs): RequestHandler {
  return async (request, response) => {
    exchangeOf(response).route = '/v1/auth/oauth/{provider}/callback';
    await rateLimit(policy, response);
    const query = new URL(request.originalUrl, 'http://gateway').search.slice(1);
    const target = new URL(`${config.publicUrl}/`);
    try {
      const { timeoutMs } = access(OAuthService.method.finishOAuth);
      const answer = await oauth.finishOAuth(
        { provider: providerOf(request), query, binding: cookie(request, cookieNameAt(config.publicUrl, cookieName)) ?? '' },
        callOptions(response, timeoutMs),
      );
      target.searchParams.set('code', answer.code);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === oAuthErrors.providerUnknown.code) throw error;
      exchangeOf(response).errorCode = error.code;
      target.searchParams.set('error', error.code);
    }
    redirect(response, target.href);
  };
}

function providerOf(request: Request): string {
  const provider = request.params['provider'];
  if (typeof provider !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(provider)) throw new AppError(oAuthErrors.providerUnknown);
  return provider;
}

function callOptions(response: Response, timeoutMs: number): CallOptions {
  const { requestId, signal, clientAddress: address, userAgent } = exchangeOf(response);
  return { timeoutMs, actor: { kind: 'none' }, signal, requestId, client: { address, userAgent } };
}

function redirect(response: Response, url: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.redirect(302, url);
}
