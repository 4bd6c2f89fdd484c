import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { Metrics } from '@quotemaster/observe';
import { normalisePassword } from '../domain/password-rules.ts';
import { createSlots } from './slots.ts';

/** Argon2id of RFC 9106 at the OWASP minimum; 2 is Argon2id in the library's numbering, whose enum type stripping can't read. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** More than this many waiting would wait past their deadline anyway: 64 hashes take about a second on one core. */
const queueMaxPerCore = 64;

/** Left of a caller's time for the hash itself and the transaction behind it. */
const reserveMs = 500;

/** Who is waiting: the time left and the signal of the call. */
export interface HashCaller {
  remainingMs(): number;
  readonly signal: AbortSignal;
}

export interface PasswordHasher {
  /**
   * Hashes a new password to a PHC string.
   * @throws AppError `common.overloaded` when no core is free in the caller's time.
   */
  hash(password: string, caller: HashCaller): Promise<string>;
  /**
   * Compares a password with a stored hash; without one (no such account) the same work is done and the answer is no.
   *
   * `isOutdated`: right, but hashed with parameters no longer in use.
   * @throws AppError `common.overloaded` when no core is free in the caller's time.
   */
  verify(password: string, hashed: string | null | undefined, caller: HashCaller): Promise<{ isRight: boolean; isOutdated: boolean }>;
}

/**
 * Creates the hasher of passwords: Argon2id, at most one hash a core at a time.
 *
 * Sixteen at once take eight times as long each, and 19 MiB each; in a queue the first is not slowed by the last.
 * @see docs/decisions/0011-credentials.md
 */
export function createPasswordHasher({ metrics, cores = availableParallelism() }: { metrics: Metrics; cores?: number }): PasswordHasher {
  const slots = createSlots({ slots: cores, queueMax: cores * queueMaxPerCore });
  metrics.gauge('user_password_hashes_running', 'Password hashes being computed.', [], (gauge) => gauge.set(slots.running));
  metrics.gauge('user_password_hashes_waiting', 'Calls waiting to have a password hashed.', [], (gauge) => gauge.set(slots.waiting));
  let decoy: Promise<string> | undefined;

  const run = <T>(work: () => Promise<T>, caller: HashCaller): Promise<T> =>
    slots.run(work, { waitMsMax: caller.remainingMs() - reserveMs, signal: caller.signal });

  return {
    hash: (password, caller) => run(() => hash(normalisePassword(password), parameters), caller),
    async verify(password, stored, caller) {
      const hashed = stored ?? undefined;
      const matches = await run(
        async () => verify(hashed ?? (await (decoy ??= hash(randomBytes(32), parameters))), normalisePassword(password)),
        caller,
      );
      const isRight = matches && hashed !== undefined;
      return { isRight, isOutdated: isRight && isOutdated(hashed) };
    },
  };
}

function isOutdated(hashed: string): boolean {
  const used = parseOptions(hashed);
  return (
    (used.algorithm as number) !== parameters.algorithm ||
    used.memoryCost !== parameters.memoryCost ||
    used.timeCost !== parameters.timeCost ||
    used.parallelism !== parameters.parallelism
  );
}
