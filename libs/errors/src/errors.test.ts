import { describe, expect, it } from '@jest/globals';

import { AppError, isAppError } from './app-error.ts';
import { commonErrors } from './common-errors.ts';
import { parseRpcStatus, rpcStatusCodes, toHttpStatus } from './status.ts';

describe('the statuses', () => {
  it('have the numbers of gRPC and the HTTP statuses of AIP-193', () => {
    const table = Object.entries(rpcStatusCodes).map(
      ([name, code]) => `${code} ${name} ${toHttpStatus(name as keyof typeof rpcStatusCodes)}`,
    );
    expect(table).toEqual([
      '1 CANCELLED 499',
      '2 UNKNOWN 500',
      '3 INVALID_ARGUMENT 400',
      '4 DEADLINE_EXCEEDED 504',
      '5 NOT_FOUND 404',
      '6 ALREADY_EXISTS 409',
      '7 PERMISSION_DENIED 403',
      '8 RESOURCE_EXHAUSTED 429',
      '9 FAILED_PRECONDITION 400',
      '10 ABORTED 409',
      '11 OUT_OF_RANGE 400',
      '12 UNIMPLEMENTED 501',
      '13 INTERNAL 500',
      '14 UNAVAILABLE 503',
      '15 DATA_LOSS 500',
      '16 UNAUTHENTICATED 401',
    ]);
  });

  it('are read from their numbers, and are UNKNOWN for any other', () => {
    for (const [name, code] of Object.entries(rpcStatusCodes)) expect(parseRpcStatus(code)).toBe(name);
    for (const code of [0, 17, -1, 1.5, Number.NaN]) expect(parseRpcStatus(code)).toBe('UNKNOWN');
  });
});

describe('the common errors', () => {
  it('map to these statuses: a change here changes the API', () => {
    const table = Object.values(commonErrors).map(
      (definition) => `${definition.code} ${definition.status} ${new AppError(definition).httpStatus}`,
    );
    expect(table).toEqual([
      'common.invalid_request INVALID_ARGUMENT 400',
      'auth.unauthenticated UNAUTHENTICATED 401',
      'auth.forbidden PERMISSION_DENIED 403',
      'auth.session_required PERMISSION_DENIED 403',
      'auth.reauthentication_required PERMISSION_DENIED 403',
      'common.not_found NOT_FOUND 404',
      'common.method_not_allowed UNIMPLEMENTED 405',
      'common.not_acceptable INVALID_ARGUMENT 406',
      'common.unsupported_media_type INVALID_ARGUMENT 415',
      'common.payload_too_large INVALID_ARGUMENT 413',
      'common.rate_limited RESOURCE_EXHAUSTED 429',
      'common.overloaded UNAVAILABLE 503',
      'common.idempotency_key_invalid INVALID_ARGUMENT 400',
      'common.idempotency_key_reused FAILED_PRECONDITION 422',
      'common.idempotency_in_flight ABORTED 409',
      'common.cancelled CANCELLED 499',
      'common.deadline_exceeded DEADLINE_EXCEEDED 504',
      'common.unavailable UNAVAILABLE 503',
      'common.unimplemented UNIMPLEMENTED 501',
      'common.internal INTERNAL 500',
    ]);
  });

  it('have codes of their own and whole public sentences', () => {
    const definitions = Object.values(commonErrors);
    expect(new Set(definitions.map(({ code }) => code)).size).toBe(definitions.length);
    for (const { detail, help } of definitions) {
      expect(detail).toMatch(/^[A-Z].*\.$/);
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('an AppError', () => {
  it('says its reason in logs and its detail in public', () => {
    const error = new AppError(commonErrors.unavailable, { reason: 'pool of db-3 is empty', cause: new Error('ECONNREFUSED') });
    expect(error.message).toBe('pool of db-3 is empty');
    expect(error.detail).toBe(commonErrors.unavailable.detail);
    expect(error.cause).toMatchObject({ message: 'ECONNREFUSED' });
  });

  it('falls back from reason to detail to the definition', () => {
    expect(new AppError(commonErrors.notFound).message).toBe(commonErrors.notFound.detail);
    const error = new AppError(commonErrors.notFound, { detail: 'There is no such quote.' });
    expect([error.message, error.detail]).toEqual(['There is no such quote.', 'There is no such quote.']);
  });

  it('carries fields, metadata and a time to wait', () => {
    const error = new AppError(commonErrors.rateLimited, {
      retryAfterMs: 1_500,
      metadata: { class: 'auth' },
      fields: [{ field: 'tags[0]', message: 'is too long' }],
    });
    expect(error).toMatchObject({
      retryAfterMs: 1_500,
      metadata: { class: 'auth' },
      fields: [{ field: 'tags[0]', message: 'is too long' }],
    });
    expect(new AppError(commonErrors.internal)).toMatchObject({ retryAfterMs: undefined, metadata: {}, fields: [] });
  });

  it('is told from others by its code', () => {
    const error = new AppError(commonErrors.notFound);
    expect(isAppError(error)).toBe(true);
    expect(isAppError(error, { ...commonErrors.notFound })).toBe(true);
    expect(isAppError(error, commonErrors.forbidden)).toBe(false);
    expect(isAppError(new Error('common.not_found'))).toBe(false);
    expect(isAppError(undefined)).toBe(false);
  });
});
