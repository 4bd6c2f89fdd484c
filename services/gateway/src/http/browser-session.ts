import { authErrors } from '@quotemaster/contract/user';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import type { RoutedMethod } from '@quotemaster/contract';
import { AppError } from '@quotemaster/errors';
import type { Request, Response } from 'express';
import { cookie, cookieNameAt, header } from './exchange.ts';

const cookieMaxAgeSeconds = 30 * 24 * 3_600;
const cookiePath = '/v1/auth';
const tokensType = 'quotemaster.user.v1.Tokens';

/**
 * Keeps the refresh token of browsers (`X-QM-Client: web`) in a cookie that no script can read.
 *
 * It works from the contract: an answer that holds Tokens sets the cookie and loses the token from its JSON; a request that
 * has a `refreshToken` gets it from the cookie. Whoever uses the cookie must come from an origin of ours.
 */
export interface BrowserSession {
  /** Fills the body of a request. @throws AppError `auth.origin_refused` */
  fill(entry: RoutedMethod, request: Request, body: JsonObject): JsonObject;
  /** Takes the token out of an answer. */
  empty(entry: RoutedMethod, request: Request, response: Response, answer: JsonValue): JsonValue;
}

/** Creates it for these origins. */
export function createBrowserSession(options: { origins: readonly string[]; publicUrl: string }): BrowserSession {
  const { origins, publicUrl } = options;
  const cookieName = cookieNameAt(publicUrl, 'qm_refresh');
  const setCookie = (response: Response, value: string, maxAgeSeconds: number): void => {
    response.append(
      'Set-Cookie',
      `${cookieName}=${value}; Max-Age=${String(maxAgeSeconds)}; Path=${cookiePath}; HttpOnly; Secure; SameSite=Strict`,
    );
  };
  return {
    fill({ method }, request, body) {
      const field = refreshTokenField(method.input);
      if (field === undefined || !isBrowser(request) || body[field] !== undefined) return body;
      const token = cookie(request, cookieName);
      if (token === undefined) return body;
      const origin = header(request, 'origin');
      if (origin === undefined || !origins.includes(origin)) throw new AppError(authErrors.originRefused);
      return { ...body, [field]: token };
    },
    empty({ method }, request, response, answer) {
      if (!isBrowser(request) || typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
      if (method.output.fields.length === 0 && refreshTokenField(method.input) !== undefined) setCookie(response, '', 0);
      const holder = method.output.fields.find((field) => field.message?.typeName === tokensType);
      const tokens = holder === undefined ? undefined : answer[holder.jsonName];
      if (holder === undefined || typeof tokens !== 'object' || tokens === null || Array.isArray(tokens)) return answer;
      const { refreshToken, ...rest } = tokens;
      if (typeof refreshToken === 'string') setCookie(response, refreshToken, cookieMaxAgeSeconds);
      return { ...answer, [holder.jsonName]: rest };
    },
  };
}

function isBrowser(request: Request): boolean {
  return header(request, 'x-qm-client') === 'web';
}

function refreshTokenField(message: DescMessage): string | undefined {
  return message.fields.find((field) => field.name === 'refresh_token')?.jsonName;
}
