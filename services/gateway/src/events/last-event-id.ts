import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';
import { header } from '../http/exchange.ts';

/** Reads which event a caller had last, who takes a stream up again. @throws AppError `common.invalid_request` for what no event of ours is named. */
export function lastEventId(request: Request): number | undefined {
  const text = header(request, 'last-event-id');
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'Last-Event-ID', message: 'is no id of an event' }] });
  return Number(text);
}
