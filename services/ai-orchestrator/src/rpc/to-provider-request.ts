import type { Brief, CompleteRequest } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { ChatTurn, ProviderBrief, ProviderRequest } from '../providers/provider.ts';

/** Turns a checked request into what providers take; a bound of 0 tokens means their default. */
export function toProviderRequest(request: CompleteRequest): Omit<ProviderRequest, 'model'> {
  return {
    // The contract's rules have let no other role pass.
    messages: request.messages.map(({ role, content }) => ({ role: role as ChatTurn['role'], content })),
    brief: toProviderBrief(requireBrief(request)),
    maxOutputTokens: request.maxOutputTokens === 0 ? undefined : request.maxOutputTokens,
    temperature: request.temperature,
    seed: request.seed,
  };
}

function toProviderBrief({ prompt, count, tone, style, theme, audience, language, maxWords }: Brief): ProviderBrief {
  return { prompt, count, tone, style, theme, audience, language, maxWords };
}

function requireBrief({ brief }: CompleteRequest): Brief {
  if (brief === undefined) throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'brief', message: 'is required' }] });
  return brief;
}
