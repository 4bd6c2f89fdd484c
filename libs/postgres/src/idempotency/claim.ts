import { AppError, commonErrors } from '@quotemaster/errors';
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database.ts';

/** What names a request: whose, which method, which key. */
export interface IdempotencyKey {
  /** Who asks: a user's id, or whatever else keys must not cross. 1 to 200 characters. */
  readonly scope: string;
  readonly method: string;
  /** 1 to 255 characters. */
  readonly key: string;
}

export type Claim = { readonly state: 'claimed' } | { readonly state: 'done'; readonly answer: Uint8Array };

export interface ClaimOptions {
  readonly fingerprint: string;
  /** The fencing token that this claim gets. */
  readonly token: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly keepMs: number;
}

const retryAfterMsMax = 2_000;
const retryAfterMsMin = 200;
const attemptsMax = 3;

/**
 * Claims a request for its first worker, or for the next one when the first one's lease has run out.
 *
 * One statement decides, so of any number that come at once one is let through.
 * @throws AppError `common.idempotency_key_reused` for another payload, `common.idempotency_in_flight` while the first runs.
 */
export async function claim(db: Database, id: IdempotencyKey, options: ClaimOptions): Promise<Claim> {
  const { fingerprint, token } = options;
  const now = new Date(options.now).toISOString();
  const leaseUntil = new Date(options.now + options.leaseMs).toISOString();
  const expiresAt = new Date(options.now + options.keepMs).toISOString();
  for (let attempt = 1; ; attempt += 1) {
    const claimed = await db.execute(sql`
      INSERT INTO idempotency AS held (scope, method, key, fingerprint, claim, state, lease_until, created_at, expires_at)
      VALUES (${id.scope}, ${id.method}, ${id.key}, ${fingerprint}, ${token}, 'running', ${leaseUntil}, ${now}, ${expiresAt})
      ON CONFLICT (scope, method, key) DO UPDATE SET
        fingerprint = excluded.fingerprint, claim = excluded.claim, state = 'running', lease_until = excluded.lease_until,
        answer = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at
      WHERE held.expires_at <= ${now}
        OR (held.state = 'running' AND held.lease_until <= ${now} AND held.fingerprint = excluded.fingerprint)
      RETURNING 1`);
    if (claimed.rows.length > 0) return { state: 'claimed' };

    const found = await find(db, id);
    if (found === undefined && attempt < attemptsMax) continue;
    return judge(found, fingerprint, options.now);
  }
}

/** Looks for the answer that another worker stored. @throws AppError as `claim`. */
export async function findAnswer(db: Database, id: IdempotencyKey, fingerprint: string, now: number): Promise<Uint8Array> {
  const judged = judge(await find(db, id), fingerprint, now);
  return judged.answer;
}

/**
 * Holds the row for the rest of the transaction if this claim is still the one that counts.
 *
 * Until the end of it nobody can take the claim over; whoever lost it before gets false and must leave no effect.
 */
export async function holdClaim(tx: Transaction, id: IdempotencyKey, token: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    SELECT 1 FROM idempotency
    WHERE scope = ${id.scope} AND method = ${id.method} AND key = ${id.key} AND claim = ${token} AND state = 'running'
    FOR UPDATE`);
  return rows.length > 0;
}

/** Stores the answer in the effect's own transaction. */
export async function storeAnswer(tx: Transaction, id: IdempotencyKey, answer: Uint8Array): Promise<void> {
  await tx.execute(sql`
    UPDATE idempotency SET state = 'done', answer = ${Buffer.from(answer)}
    WHERE scope = ${id.scope} AND method = ${id.method} AND key = ${id.key}`);
}

/** Moves the end of a claim's lease; does nothing to one that was lost. */
export async function renewClaim(db: Database, id: IdempotencyKey, token: string, leaseUntilMs: number): Promise<void> {
  await db.execute(sql`
    UPDATE idempotency SET lease_until = ${new Date(leaseUntilMs).toISOString()}
    WHERE scope = ${id.scope} AND method = ${id.method} AND key = ${id.key} AND claim = ${token} AND state = 'running'`);
}

/** Gives a claim back after a failure, so that a retry need not wait for the lease. */
export async function releaseClaim(db: Database, id: IdempotencyKey, token: string): Promise<void> {
  await db.execute(sql`
    DELETE FROM idempotency
    WHERE scope = ${id.scope} AND method = ${id.method} AND key = ${id.key} AND claim = ${token} AND state = 'running'`);
}

interface Row extends Record<string, unknown> {
  readonly fingerprint: string;
  readonly answer: Buffer | null;
  readonly lease_until_ms: number;
}

async function find(db: Database, id: IdempotencyKey): Promise<Row | undefined> {
  const { rows } = await db.execute<Row>(sql`
    SELECT fingerprint, answer, (extract(epoch FROM lease_until) * 1000)::float8 AS lease_until_ms FROM idempotency
    WHERE scope = ${id.scope} AND method = ${id.method} AND key = ${id.key}`);
  return rows[0];
}

function judge(row: Row | undefined, fingerprint: string, now: number): { state: 'done'; answer: Uint8Array } {
  if (row !== undefined && row.fingerprint !== fingerprint) throw new AppError(commonErrors.idempotencyKeyReused);
  if (row !== undefined && row.answer !== null) return { state: 'done', answer: row.answer };
  const left = row === undefined ? 0 : row.lease_until_ms - now;
  throw new AppError(commonErrors.idempotencyInFlight, {
    retryAfterMs: Math.ceil(Math.min(Math.max(left, retryAfterMsMin), retryAfterMsMax)),
  });
}
