import type { Logger, Metrics } from '@quotemaster/observe';
import type { LeaseHandle, RedisFace } from '@quotemaster/redis';
import { z } from 'zod';

/**
 * How a trial ended, for the fleet to know: well, at a time in milliseconds of the epoch, or badly, so that nobody needs to try for so
 * long.
 */
export type TrialVerdict = { readonly state: 'closed'; readonly at: number } | { readonly state: 'open'; readonly forMs: number };

/** What asking for a trial came to. */
export type TrialAnswer =
  /** It is this process's to make; `end` is to be called with its verdict, or with none when it was not made after all. */
  | { readonly kind: 'granted'; end(verdict: TrialVerdict | undefined): void }
  /** Somebody else makes it, or has made it in vain a short while ago. */
  | { readonly kind: 'taken' }
  /** Somebody else has made it, and it went well, later than the circuit opened here. */
  | { readonly kind: 'well' };

/** Who in the fleet may try whether a provider is well again: one at a time. */
export interface Trials {
  /** Asks for the trial of a circuit that opened here at `openedAt`, in milliseconds of the epoch. Answers within 50 ms. */
  seek(key: string, openedAt: number): Promise<TrialAnswer>;
}

/** What a question to Redis may take. A slow one is worse than none. */
const budgetMs = 50;
/** A trial whose process died keeps others away no longer than this, unless a call may take longer. */
const leaseMs = 30_000;
/** A good verdict is known for so long. */
const knownMs = 600_000;

const verdictSchema = z.union([
  z.object({ state: z.literal('closed'), at: z.number() }),
  z.object({ state: z.literal('open'), forMs: z.number() }),
]);

/** Creates the trials of a fleet that shares a Redis. When that is slow or gone, each process makes trials of its own. */
export function createTrials(options: { redis: Pick<RedisFace, 'kv' | 'lease'>; logger: Logger; metrics: Metrics }): Trials {
  const { redis, logger, metrics } = options;
  const asked = metrics.counter('ai_breaker_trials_total', 'Trials of open circuits asked for, by what came of it.', ['answer']);
  const verdictKey = (key: string): string => `ai/breaker/${key}`;

  async function ask(key: string, openedAt: number): Promise<TrialAnswer> {
    const lease = await redis.lease.acquire(`ai/trial/${key}`, leaseMs);
    if (lease === undefined) return { kind: 'taken' };
    // The verdict is written before the lease is given back: whoever holds the lease sees it.
    const verdict = readVerdict(await redis.kv.get(verdictKey(key)));
    const answer = verdict === undefined ? undefined : answerOf(verdict, openedAt);
    if (answer !== undefined) {
      giveBack(lease);
      return answer;
    }
    return { kind: 'granted', end: (given) => void tell(key, given, lease) };
  }

  /** A bad verdict expires with its time, by Redis' own clock. A good one says something only of circuits that opened before it. */
  function answerOf(verdict: TrialVerdict, openedAt: number): TrialAnswer | undefined {
    if (verdict.state === 'open') return { kind: 'taken' };
    return verdict.at > openedAt ? { kind: 'well' } : undefined;
  }

  async function tell(key: string, verdict: TrialVerdict | undefined, lease: LeaseHandle): Promise<void> {
    try {
      if (verdict !== undefined) {
        const ttlMs = verdict.state === 'open' ? verdict.forMs : knownMs;
        await redis.kv.set(verdictKey(key), JSON.stringify(verdict), Math.max(1, Math.round(ttlMs)));
      }
    } catch (error) {
      logger.warn({ err: error, key }, 'the verdict of a trial could not be told to the fleet');
    }
    giveBack(lease);
  }

  function giveBack(lease: LeaseHandle): void {
    lease.release().catch((error: unknown) => logger.warn({ err: error }, 'the lease of a trial could not be given back'));
  }

  return {
    async seek(key, openedAt) {
      const question = ask(key, openedAt);
      const answer = await within(question, budgetMs);
      if (answer !== undefined) {
        asked.inc({ answer: answer.kind });
        return answer;
      }
      // What comes too late is given back.
      question.then(
        (late) => {
          if (late.kind === 'granted') late.end(undefined);
        },
        () => undefined,
      );
      asked.inc({ answer: 'local' });
      return { kind: 'granted', end: () => undefined };
    },
  };
}

/** The answer, or undefined when there is none in time, whatever the reason. */
async function within<T>(answer: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function readVerdict(text: string | undefined): TrialVerdict | undefined {
  if (text === undefined) return undefined;
  try {
    return verdictSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
