import { randomUUID } from 'node:crypto';
import type { Clock } from '@quotemaster/lifecycle';
import type { Transaction } from '../database.ts';
import type { Postgres } from '../create-postgres.ts';
import { claim, findAnswer, holdClaim, releaseClaim, renewClaim, storeAnswer } from './claim.ts';
import type { IdempotencyKey } from './claim.ts';

export interface IdempotentOptions {
  /** Who asks: a user's id, or whatever else keys must not cross. 1 to 200 characters. */
  readonly scope: string;
  readonly method: string;
  /** Undefined where the caller gave none: the work is then just done. 1 to 255 characters. */
  readonly key: string | undefined;
  /** What tells one payload from another, as fingerprintOf makes it. */
  readonly fingerprint: string;
  /** How long after the worker's last sign of life another may take over: 6 s. A living worker renews it, however long it takes. */
  readonly leaseMs?: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The work in two parts; both may run again after a failure, and only one `store` is ever committed for a key. */
export interface IdempotentWork<P> {
  /** What takes time or leaves the house, outside any transaction: a model's call. */
  execute(): Promise<P>;
  /** The effect: everything it writes is committed together with the answer, of at most 1 MiB, that it gives back. */
  store(tx: Transaction, prepared: P): Promise<Uint8Array>;
}

export interface IdempotentAnswer {
  readonly answer: Uint8Array;
  /** True when the answer is that of an earlier call with the same key. */
  readonly replayed: boolean;
}

const leaseMsDefault = 6_000;
const keepMs = 24 * 60 * 60 * 1_000;

/**
 * Does a piece of work once for a key: the same key and payload get the stored answer for 24 hours.
 *
 * The answer is written in the effect's own transaction, which first makes sure that the claim is still ours: a worker
 * whose lease was taken over commits nothing and answers as the other did. Where the work fails the key is free again at
 * once; where the process dies, when the lease that it renewed ends.
 * @throws AppError `common.idempotency_key_reused`, `common.idempotency_in_flight` (with retryAfterMs), or what the work threw.
 */
export async function idempotent<P>(postgres: Postgres, options: IdempotentOptions, work: IdempotentWork<P>): Promise<IdempotentAnswer> {
  const { key, fingerprint, clock, leaseMs = leaseMsDefault } = options;
  if (key === undefined) {
    const prepared = await work.execute();
    return { answer: await postgres.transaction((tx) => work.store(tx, prepared)), replayed: false };
  }
  const id: IdempotencyKey = { scope: options.scope, method: options.method, key };
  const token = randomUUID();
  const claimed = await claim(postgres.db, id, { fingerprint, token, now: clock.now(), leaseMs, keepMs });
  if (claimed.state === 'done') return { answer: claimed.answer, replayed: true };

  let stored: Uint8Array | undefined;
  const stopRenewing = keepRenewing(postgres, id, token, { clock, leaseMs });
  try {
    const prepared = await work.execute();
    // From here on the transaction's lock on the row keeps others off.
    stopRenewing();
    stored = await postgres.transaction(async (tx) => {
      if (!(await holdClaim(tx, id, token))) return undefined;
      const answer = await work.store(tx, prepared);
      await storeAnswer(tx, id, answer);
      return answer;
    });
  } catch (error) {
    stopRenewing();
    // Should this fail as well, the lease frees the key: the caller must learn of the first failure.
    await releaseClaim(postgres.db, id, token).catch((failure: unknown) => {
      postgres.logger.warn({ err: failure, method: id.method }, 'an idempotency claim was left to its lease');
    });
    throw error;
  }
  if (stored !== undefined) return { answer: stored, replayed: false };
  return { answer: await findAnswer(postgres.db, id, fingerprint, clock.now()), replayed: true };
}

/** Shows three times a lease that the worker lives. Gives the function that ends it. */
function keepRenewing(
  postgres: Postgres,
  id: IdempotencyKey,
  token: string,
  { clock, leaseMs }: { clock: Pick<Clock, 'now'>; leaseMs: number },
): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    renewClaim(postgres.db, id, token, clock.now() + leaseMs)
      .catch((error: unknown) => {
        // The claim may be lost by this; the transaction will find out.
        postgres.logger.warn({ err: error, method: id.method }, 'an idempotency claim was not renewed');
      })
      .finally(() => {
        isRunning = false;
      });
  }, leaseMs / 3);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
