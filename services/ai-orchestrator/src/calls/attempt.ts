import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { AttemptRecord, AttemptUsage, Purpose } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { untilAborted } from '../providers/until-aborted.ts';
import type { Member } from '../selection/pool.ts';
import { LostRace, NobodyReads } from './work.ts';
import type { CallAnswer, Judged, Work } from './work.ts';

/** A candidate chosen, with its slot. */
export interface Turn {
  readonly member: Member;
  readonly purpose: Purpose;
  /** Gives its slot back. */
  release(): void;
}

/** What came of one call. */
export interface AttemptEnd<R> {
  readonly member: Member;
  readonly record: AttemptRecord;
  readonly judged: Judged<R>;
  /** What it failed with; undefined where an answer came. */
  readonly error: unknown;
}

/** A call under way. */
export interface Attempt<R> {
  /** Resolves at its end, whatever that is; never rejects. */
  readonly ended: Promise<AttemptEnd<R>>;
  /** Resolves with the first token. */
  readonly firstToken: Promise<unknown>;
  /** Gives it up: another was quicker. */
  lose(): void;
}

export interface AttemptOptions<A extends CallAnswer, R> {
  readonly work: Work<A, R>;
  readonly turn: Turn;
  readonly call: Pick<RpcCall, 'signal' | 'logger'>;
  readonly index: number;
  readonly decisionId: string;
  /** When the request began, and what it has left, in milliseconds of the monotonic clock. */
  readonly requestStartedAt: number;
  readonly leftMs: number;
  /** Claims the caller's ear at the first token; false when another call has it. */
  claim(): boolean;
}

type AttemptContext = Pick<Context, 'pool' | 'clock' | 'events' | 'aiConfig'>;

/** A call is silent for too long, by what its request has left, not by its own time. */
class RequestTimeUp extends Error {
  override readonly name = 'RequestTimeUp';
}

/** Providers by the names that OpenTelemetry gives them; others go by their own. */
const providerNames: Readonly<Record<string, string>> = { azure: 'azure.ai.openai' };
const operationNames = { chat: 'chat', embedding: 'embeddings', transcription: 'transcription' } as const;

/**
 * Begins one call of a provider, in a span of its own: for at most the config's time for a call, and never past what the request has
 * left or its cancellation. Whatever happens is told to the pool, to metrics and log, and is in `ended`.
 */
export function beginAttempt<A extends CallAnswer, R>(context: AttemptContext, options: AttemptOptions<A, R>): Attempt<R> {
  const { pool, clock, aiConfig } = context;
  const { work, turn, call, leftMs } = options;
  const { member } = turn;
  const { attempts } = aiConfig.current();
  const begun = pool.begin(member);
  const startedAt = clock.monotonic();
  const own = new AbortController();
  const firstToken = Promise.withResolvers<undefined>();
  let firstTokenMs: number | undefined;
  let text = '';
  /** Spent on waiting for a slow reader, which is no fault of the provider. */
  let readerMs = 0;

  const isOwnTime = attempts.timeoutMs <= leftMs;
  const timeoutMs = Math.max(1, Math.min(attempts.timeoutMs, leftMs));
  const endOfRequest = (): void => own.abort(new RequestTimeUp('the time is up'));
  let timer = isOwnTime
    ? setTimeout(() => own.abort(new ProviderError('timeout', `took longer than ${String(timeoutMs)} ms`)), timeoutMs)
    : setTimeout(endOfRequest, timeoutMs);
  // AbortSignal.any would cost the same and leave weak references behind, which the heap keeps until it is marked.
  const { signal } = own;
  const hangUp = (): void => own.abort(call.signal.reason);
  call.signal.addEventListener('abort', hangUp, { once: true });
  if (call.signal.aborted) hangUp();

  function heard(piece: string): void {
    if (firstTokenMs === undefined) {
      firstTokenMs = clock.monotonic() - startedAt;
      begun.heard();
      // From here on it may take what the request has left: a stall is noticed, and a long answer is no fault.
      clearTimeout(timer);
      timer = setTimeout(endOfRequest, Math.max(1, leftMs - firstTokenMs));
      if (!options.claim()) throw new LostRace();
      firstToken.resolve(undefined);
    }
    text += piece;
  }

  async function passOn(told: Promise<void>): Promise<void> {
    const since = clock.monotonic();
    await told;
    readerMs += clock.monotonic() - since;
  }

  function outcomeOf(error: unknown): Exclude<Outcome, 'ok' | 'cut'> {
    if (call.signal.aborted) return 'abandoned';
    if (error instanceof LostRace) return 'lost';
    if (error instanceof NobodyReads) return 'abandoned';
    if (error instanceof RequestTimeUp) {
      const wasSilent = firstTokenMs === undefined && wasLongSilent(context, member, clock.monotonic() - startedAt, timeoutMs);
      return wasSilent ? 'timeout' : 'late';
    }
    // Whatever a provider did not classify may go better next time.
    return error instanceof ProviderError ? error.kind : 'transient';
  }

  async function run(): Promise<{ judged: Judged<R>; answer?: A; error?: unknown }> {
    try {
      signal.throwIfAborted();
      const bounds = {
        signal,
        timeoutMs,
        firstTokenMs: attempts.firstTokenMs,
        stallMs: attempts.stallMs,
        index: options.index,
        decisionId: options.decisionId,
        heard,
        passOn,
      };
      const answer = await untilAborted(signal, work.put(member.provider, member.model.name, bounds));
      const judged = work.judge(answer);
      // A whole answer is heard at once; one that is worth nothing need not be heard.
      if ('value' in judged && !options.claim()) return { judged: { outcome: 'lost' }, answer };
      return { judged, answer };
    } catch (error) {
      const judged = { outcome: outcomeOf(error) };
      // A stream that went silent holds its connection still.
      own.abort(error);
      return { judged, error: call.signal.aborted ? (call.signal.reason as unknown) : error };
    } finally {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', hangUp);
      turn.release();
    }
  }

  const ended = withSpan(
    `${operationNames[work.operation]} ${member.model.name}`,
    {
      'gen_ai.operation.name': operationNames[work.operation],
      'gen_ai.provider.name': providerNames[member.provider.id] ?? member.provider.id,
      'gen_ai.request.model': member.model.name,
      'ai.purpose': turn.purpose,
      'ai.trial': begun.isTrial,
    },
    async (span): Promise<AttemptEnd<R>> => {
      const { judged, answer, error } = await run();
      const durationMs = clock.monotonic() - startedAt;
      const { outcome } = judged;
      const usage = answer?.usage ?? usageWithout(error, outcome, text, work, member);
      const refusal = error instanceof ProviderError ? error : undefined;
      begun.end({
        outcome,
        durationMs: durationMs - readerMs,
        streamed: work.streamed,
        firstTokenMs,
        outputTokens: answer?.usage.outputTokens,
        retryAfterMs: refusal?.retryAfterMs,
        limits: answer?.limits,
      });
      const record: AttemptRecord = {
        provider: member.provider.id,
        model: member.model.name,
        purpose: turn.purpose,
        isTrial: begun.isTrial,
        startedMs: Math.round(startedAt - options.requestStartedAt),
        durationMs: Math.round(durationMs),
        firstTokenMs: firstTokenMs === undefined ? undefined : Math.round(firstTokenMs),
        outcome,
        status: refusal?.status,
        retryAfterMs: refusal?.retryAfterMs,
        usage,
      };
      span.setAttributes({
        'ai.outcome': outcome,
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        ...(outcome === 'ok' || outcome === 'cut' ? {} : { 'error.type': outcome }),
        ...(firstTokenMs === undefined ? {} : { 'ai.first_token_ms': Math.round(firstTokenMs) }),
      });
      context.events.attempted(call.logger, work.operation, record, 'scores' in judged ? (judged.scores ?? []) : [], error);
      return { member, record, judged, error };
    },
  );
  return { ended, firstToken: firstToken.promise, lose: () => own.abort(new LostRace()) };
}

/** A call that was cut short says something of its provider only if it was given twice the time that most of its calls take. */
function wasLongSilent({ pool, clock }: AttemptContext, member: Member, durationMs: number, timeoutMs: number): boolean {
  const p95 = pool.record(member).wholes.quantile(0.95, clock.monotonic(), 20);
  return p95 === undefined ? timeoutMs >= 10_000 : durationMs >= 2 * p95;
}

const nothing: AttemptUsage = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0n };
/** After these the provider may have worked, and will charge for it, but gave no account. */
const mayCost: ReadonlySet<Outcome> = new Set(['abandoned', 'lost', 'late', 'timeout']);

function usageWithout<A extends CallAnswer, R>(
  error: unknown,
  outcome: Outcome,
  text: string,
  work: Work<A, R>,
  { model }: Member,
): AttemptUsage {
  if (error instanceof ProviderError && error.status !== undefined && text === '') return nothing;
  return mayCost.has(outcome) || text !== '' ? work.upperUsage(model, text) : nothing;
}
