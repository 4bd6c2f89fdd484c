import type { Request, Response } from 'express';

/** What the gateway knows of a request before it looks at its route. Express carries it in `response.locals`. */
export interface Exchange {
  readonly requestId: string;
  /** Path without query. */
  readonly path: string;
  readonly clientAddress: string;
  readonly userAgent: string;
  /** Fires when the caller has hung up before the answer was written. */
  readonly signal: AbortSignal;
  /** The template of the route, once it is known: `/v1/quotes/{id}`. */
  route: string | undefined;
  /** The user, once known. */
  userId: string | undefined;
  /** The API key that acts for the user, where there is one. */
  apiKeyId: string | undefined;
  /** The stable code of the error that was answered. */
  errorCode: string | undefined;
}

const key = 'exchange';

export function setExchange(response: Response, exchange: Exchange): void {
  response.locals[key] = exchange;
}

/** @throws Error outside the middleware that sets it. */
export function exchangeOf(response: Response): Exchange {
  const exchange: unknown = response.locals[key];
  if (exchange === undefined) throw new Error('no exchange: openExchange comes first');
  return exchange as Exchange;
}

/**
 * Gives the name under which a cookie is kept: where the public address is https, browsers are told by the prefix to keep it only when
 * it came over TLS and to send it nowhere else.
 */
export function cookieNameAt(publicUrl: string, name: string): string {
  return publicUrl.startsWith('https:') ? `__Secure-${name}` : name;
}

/** The value of a cookie; undefined where there is none, or an empty one. */
export function cookie(request: Request, name: string): string | undefined {
  const pairs = (header(request, 'cookie') ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

/** A header that may be there once; several of one name are joined by Node, which no header here allows. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
