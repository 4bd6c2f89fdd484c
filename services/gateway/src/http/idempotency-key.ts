import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';
import { header } from './exchange.ts';

/**
 * Reads the Idempotency-Key of a request: 1 to 255 visible ASCII characters, bare or as a quoted string.
 * @param taken whether the route takes one; elsewhere a key is refused, because the promise behind it would not be kept.
 * @throws AppError `common.idempotency_key_invalid`
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function idempotencyKey(request: Request, taken: boolean): string | undefined {
  const text = header(request, 'idempotency-key')?.trim();
  if (text === undefined) return undefined;
  if (!taken) throw new AppError(commonErrors.idempotencyKeyInvalid, { detail: 'This call does not take an Idempotency-Key.' });
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? text;
  if (!/^[\x21-\x7e]{1,255}$/.test(key) || (quoted === undefined && text.includes('"')))
    throw new AppError(commonErrors.idempotencyKeyInvalid);
  return key;
}
