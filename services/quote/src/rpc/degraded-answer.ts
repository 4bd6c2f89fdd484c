import { aiErrors } from '@quotemaster/contract/ai';
import type { CompleteResponse } from '@quotemaster/contract/ai';
import { isAppError } from '@quotemaster/errors';
import type { RpcCall } from '@quotemaster/rpc';
import type { Ask } from '../clients/ai.ts';
import type { Context } from '../context.ts';

/** The composer of ai-orchestrator: it needs no network, and is asked by its name alone. */
const composerModel = 'offline/offline-composer-1';
/** The composer takes milliseconds; what is left of a request must at least be this. */
const timeMinMs = 100;

/** An answer of a lesser source, and the code of the error that made it necessary. */
export interface DegradedAnswer {
  readonly answer: CompleteResponse;
  readonly reason: string;
}

/**
 * Answers an ask that no model provider could answer by the offline composer, where the config allows it. Undefined where it does not,
 * where the error is another, or where the composer would answer in another language than asked for: it writes English alone.
 */
export async function degradedAnswer(
  { ai, config, events }: Pick<Context, 'ai' | 'config' | 'events'>,
  ask: Ask,
  error: unknown,
  call: RpcCall,
): Promise<DegradedAnswer | undefined> {
  const isOut = isAppError(error, aiErrors.noProvider) || isAppError(error, aiErrors.overloaded);
  if (!isOut || config.degradedAnswers === 'none' || call.signal.aborted || call.remainingMs() < timeMinMs) return undefined;
  const language = ask.brief?.language ?? 'en';
  if (!/^en(?:-|$)/i.test(language)) return undefined;
  const answer = await ai.complete({ ...ask, model: composerModel }, call);
  events.degraded(call.logger, error.code);
  return { answer, reason: error.code };
}
