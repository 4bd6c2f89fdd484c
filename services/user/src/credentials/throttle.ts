import { createHmac } from 'node:crypto';
import { addressKey } from '@quotemaster/auth';
import { authErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { Database } from '@quotemaster/postgres';
import { attemptStore } from '../store/attempt-store.ts';
import type { DelayCurve } from '../store/attempt-store.ts';
import { sessionStore } from '../store/session-store.ts';

const minuteMs = 60_000;
/** One network on one account. */
const pairCurve: DelayCurve = { free: 5, firstMs: 1_000, maxMs: 15 * minuteMs, forgetMs: 60 * minuteMs };
/** One network on whatever accounts. */
const networkCurve: DelayCurve = { free: 30, firstMs: 1_000, maxMs: 5 * minuteMs, forgetMs: 15 * minuteMs };
/** All unknown networks on one account: only counted. */
const accountCurve: DelayCurve = { free: 1_000_000, firstMs: 0, maxMs: 0, forgetMs: 60 * minuteMs };
/** Accounts that one network has failed at first sight: only counted. */
const sprayCurve: DelayCurve = { free: 1_000_000, firstMs: 0, maxMs: 0, forgetMs: 15 * minuteMs };
/** Mails of one kind to one address. */
const mailCurve: DelayCurve = { free: 3, firstMs: 10 * minuteMs, maxMs: 60 * minuteMs, forgetMs: 60 * minuteMs };

/** From so many failures of unknown networks an account is under attack. */
const heatFrom = 20;
/** Then a network from which nobody has signed in to it waits so long before its first attempt: patience that an owner has. */
const entryMs = 30_000;
const sprayFrom = 10;

/** Who tries what. The caller without a gateway's word for its address is one network of its own. */
export interface Attempt {
  /** What is attempted: an address of e-mail, or a user's id. */
  readonly account: string;
  /** The account's id where it exists. */
  readonly userId: string | undefined;
  readonly address: string | undefined;
}

/** An attempt that was let in, and counts as failed until it is told otherwise. */
export interface AdmittedAttempt {
  /** It was right: its failures are forgotten. */
  succeeded(): Promise<void>;
  /** It was wrong: nothing more to count, but sprays are looked for. */
  failed(): Promise<void>;
}

export interface Throttle {
  /**
   * Lets an attempt at a password or code in, or refuses it. It is counted before it is made, so that of many at once no more pass.
   *
   * The wait grows with the failures of one network (an IPv6 /64) on one account, and of one network on accounts that have never signed
   * in from it. What strangers do to an account elsewhere never closes it: its owner's own networks don't notice, and a new one waits
   * 30 s at most.
   * @throws AppError `auth.throttled` with the time to wait.
   */
  admit(kind: 'password' | 'factor' | 'reauthentication', attempt: Attempt): Promise<AdmittedAttempt>;
  /** Tells whether one more mail of this kind may go to an address: three an hour, then ever fewer. */
  mayMail(kind: string, email: string): Promise<boolean>;
}

/** Creates the throttle. `hmacKey` keeps addresses out of the table of counts. */
export function createThrottle(options: {
  db: Database;
  clock: Clock;
  hmacKey: () => Uint8Array;
  logger: Logger;
  metrics: Metrics;
}): Throttle {
  const { db, clock, hmacKey, logger, metrics } = options;
  const refusals = metrics.counter('user_attempts_refused_total', 'Attempts at credentials refused unseen.', ['kind', 'by']);
  const sprays = metrics.counter('user_credential_spraying_total', 'Failed first attempts of networks that try account after account.');

  const keyOf = (...parts: string[]): Buffer => createHmac('sha256', hmacKey()).update(JSON.stringify(parts)).digest();
  const now = (): Date => new Date(clock.now());

  async function take(kind: string, by: string, key: Buffer, curve: DelayCurve, entry = 0): Promise<number> {
    const { allowed, waitMs, failures } = await attemptStore.take(db, key, curve, now(), entry);
    if (allowed) return failures;
    refusals.inc({ kind, by });
    throw new AppError(authErrors.throttled, { reason: `${kind} by ${by}`, retryAfterMs: Math.max(1_000, waitMs) });
  }

  return {
    async admit(kind, { account, userId, address }) {
      const network = addressKey(address ?? 'unknown');
      const [pair, all, accountKey] = [
        keyOf(kind, 'pair', account, network),
        keyOf(kind, 'network', network),
        keyOf(kind, 'account', account),
      ];
      const isFamiliar = await sessionStore.hasSignedInFrom(db, userId, network);
      const heat = await attemptStore.failures(db, accountKey, accountCurve, now());
      const failures = await take(kind, 'pair', pair, pairCurve, !isFamiliar && heat >= heatFrom ? entryMs : 0);
      // Whoever has been here before does not pay for others behind the same address.
      if (!isFamiliar) {
        await take(kind, 'network', all, networkCurve).catch(async (error: unknown) => {
          await attemptStore.refund(db, pair, now());
          throw error;
        });
        await attemptStore.take(db, accountKey, accountCurve, now());
      }

      return {
        async succeeded() {
          await attemptStore.forget(db, pair);
          if (isFamiliar) return;
          await attemptStore.refund(db, all, now());
          await attemptStore.refund(db, accountKey, now());
        },
        async failed() {
          const key = keyOf(kind, 'spray', network);
          // The same work whether or not it counts: the first failure is not to be told from the second by its time.
          if (failures !== 1) {
            await attemptStore.failures(db, key, sprayCurve, now());
            return;
          }
          const { failures: accounts } = await attemptStore.take(db, key, sprayCurve, now());
          if (accounts < sprayFrom) return;
          sprays.inc();
          if (accounts === sprayFrom) logger.warn({ kind, accounts }, 'one network fails at account after account');
        },
      };
    },
    async mayMail(kind, email) {
      const { allowed } = await attemptStore.take(db, keyOf('mail', kind, email), mailCurve, now());
      return allowed;
    },
  };
}
