import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';

/** In which form the caller wants the answer. @throws AppError `common.not_acceptable` when no form that there is would do. */
export function acceptedForm(request: Request, hasEvents: boolean): 'json' | 'events' {
  const forms = ['application/json', 'application/problem+json', ...(hasEvents ? ['text/event-stream'] : [])];
  const best = request.accepts(forms);
  if (best === false) throw new AppError(commonErrors.notAcceptable);
  return best === 'text/event-stream' ? 'events' : 'json';
}
