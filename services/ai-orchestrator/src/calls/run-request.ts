import { aiErrors } from '@quotemaster/contract/ai';
import { AppError, commonErrors, isAppError } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { AttemptRecord, ChoiceRecord, Decision } from '../domain/decision.ts';
import { consequences } from '../domain/outcome.ts';
import type { Outcome } from '../domain/outcome.ts';
import { sumUsage } from '../domain/sum-usage.ts';
import type { Member } from '../selection/pool.ts';
import { beginAttempt } from './attempt.ts';
import type { Attempt, AttemptEnd, Turn } from './attempt.ts';
import { raceCalls } from './race-calls.ts';
import { takeTurn, timeMinMs } from './take-turn.ts';
import type { TurnRequest } from './take-turn.ts';
import { toAppError } from './to-app-error.ts';
import type { FailureFacts } from './to-app-error.ts';
import type { CallAnswer, Work } from './work.ts';

export type RunContext = Pick<Context, 'pool' | 'clock' | 'random' | 'newId' | 'aiConfig' | 'events' | 'decisions' | 'hedgeBudget'>;

export type RunCall = Pick<RpcCall, 'signal' | 'remainingMs' | 'logger' | 'principal'>;

/** A request that was answered. */
export interface RunResult<R> {
  readonly value: R;
  readonly provider: string;
  readonly model: string;
  readonly decisionId: string;
  readonly latencyMs: number;
  /** Of all calls that were made for it. */
  readonly usage: Decision['usage'];
}

/** What is kept back of a request's time, so that its end can be told before the caller's own clock runs out. */
const reserveMs = 50;

/**
 * Puts a request to providers until one has answered it: chooses, calls, judges, and asks again what another call may mend, at
 * most `attempts.max` calls in all and within the request's one deadline. Whatever comes of it, its decision is kept.
 * @throws AppError of ai, `common.deadline_exceeded`, or the signal's reason.
 */
export function runRequest<A extends CallAnswer, R>(context: RunContext, work: Work<A, R>, call: RunCall): Promise<RunResult<R>> {
  return withSpan('ai.request', { 'ai.operation': work.operation }, async (span) => {
    const { clock, newId, aiConfig, decisions } = context;
    const { selection } = aiConfig.current();
    const startedAt = clock.monotonic();
    const decision = { id: newId(), userId: call.principal?.userId, createdAt: clock.now(), timeoutMs: Math.round(call.remainingMs()) };
    span.setAttributes({ 'ai.decision_id': decision.id });
    const choices: ChoiceRecord[] = [];
    const attempts: AttemptRecord[] = [];
    const sinceMs = (): number => Math.round(clock.monotonic() - startedAt);
    let outcome = 'ok';
    let quality: number | undefined;
    try {
      const end = await untilAnswered(context, work, call, { decisionId: decision.id, startedAt, choices, attempts });
      if (!('value' in end.judged)) throw new Error('a request was taken for answered that was not');
      quality = mean(end.judged.scores);
      const { provider, model } = end.record;
      span.setAttributes({ 'ai.provider': provider, 'ai.model': model, 'ai.calls': attempts.length });
      return { value: end.judged.value, provider, model, decisionId: decision.id, latencyMs: sinceMs(), usage: usageOf(attempts) };
    } catch (error) {
      outcome = isAppError(error) ? error.code : commonErrors.internal.code;
      throw isAppError(error) ? withDecision(error, decision.id) : error;
    } finally {
      decisions.keep({
        ...decision,
        ...{ operation: work.operation, model: work.model, streamed: work.streamed, policy: selection, cached: 'none' },
        ...{ latencyMs: sinceMs(), outcome, quality, usage: usageOf(attempts), choices, attempts },
      });
    }
  });
}

interface RunState {
  readonly decisionId: string;
  readonly startedAt: number;
  readonly choices: ChoiceRecord[];
  readonly attempts: AttemptRecord[];
}

async function untilAnswered<A extends CallAnswer, R>(
  context: RunContext,
  work: Work<A, R>,
  call: RunCall,
  { decisionId, startedAt, choices, attempts }: RunState,
): Promise<AttemptEnd<R>> {
  const { pool, clock, aiConfig } = context;
  const config = aiConfig.current();
  // The wall clock may jump while the request is under way; this one does not.
  const endsAt = startedAt + call.remainingMs();
  const failures = new Map<string, { outcome: Outcome; durationMs: number }>();
  const request: TurnRequest = {
    members: requireRoom(pool.named(work.model, work.operation), work.inputTokensMin),
    streamed: work.streamed,
    outputTokens: work.outputTokens,
    policy: config.selection,
    failures,
    sinceMs: () => clock.monotonic() - startedAt,
    leftMs: () => endsAt - clock.monotonic() - reserveMs,
  };
  const onChoice = (choice: ChoiceRecord): void => {
    choices.push(choice);
    context.events.chosen(choice);
  };
  let begun = 0;
  /** Which call has the caller's ear. */
  let speaker: number | undefined;
  let last: AttemptEnd<R> | undefined;
  const failureFacts = (retryAfterMs?: number): FailureFacts => ({
    ...{ calls: begun, wasTold: !work.mayAskAgain(), usage: usageOf(attempts) },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

  function begin(turn: Turn): Attempt<R> {
    const index = begun;
    begun += 1;
    const claim = (): boolean => {
      speaker ??= index;
      return speaker === index;
    };
    return beginAttempt(context, { work, turn, call, index, decisionId, requestStartedAt: startedAt, leftMs: request.leftMs(), claim });
  }

  for (;;) {
    const turn = await takeTurn(context, request, call, onChoice).catch((error: unknown) => {
      // What the last one failed with says more than that nobody is left.
      throw last !== undefined && isAppError(error, aiErrors.noProvider) ? toAppError(last, failureFacts(error.retryAfterMs)) : error;
    });
    const mayHedge = begun + 2 <= config.attempts.max;
    const ends = mayHedge ? await raceCalls(context, request, turn, begin, onChoice) : [await begin(turn).ended];
    attempts.push(...ends.map(({ record }) => record));
    const end = ends.at(-1);
    if (end === undefined) throw new Error('a race without an end');
    if ('value' in end.judged) return end;

    const { outcome } = end.judged;
    if (outcome === 'abandoned') throw end.error;
    for (const { member, judged, record } of ends) {
      if (judged.outcome !== 'lost') failures.set(member.key, { outcome: judged.outcome, durationMs: record.durationMs });
    }
    const isFinal = consequences[outcome].askAgain === 'never' || begun >= config.attempts.max || !work.mayAskAgain();
    if (isFinal || request.leftMs() <= timeMinMs) throw toAppError(end, failureFacts());
    speaker = undefined;
    last = end;
  }
}

/** Leaves those that can read the prompt. @throws AppError `ai.prompt_too_long` when none can. */
function requireRoom(members: readonly Member[], tokens: number): readonly Member[] {
  const fitting = members.filter(({ model }) => tokens < (model.contextTokens ?? Infinity));
  if (fitting.length === 0) throw new AppError(aiErrors.promptTooLong, { reason: `no model reads ${String(Math.round(tokens))} tokens` });
  return fitting;
}

function usageOf(attempts: readonly AttemptRecord[]): Decision['usage'] {
  return sumUsage(attempts.map(({ usage }) => usage));
}

function mean(scores: readonly number[] | undefined): number | undefined {
  return scores === undefined || scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** The decision of a failed request can be looked up, too. */
function withDecision(error: AppError, decisionId: string): AppError {
  const { definition, detail, message: reason, fields, retryAfterMs, metadata, cause } = error;
  return new AppError(definition, {
    ...{ detail, reason, fields, metadata: { ...metadata, decision_id: decisionId } },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}
