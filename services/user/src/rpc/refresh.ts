import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import type { Transaction } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hashRefreshToken, isRefreshToken, openAnswer, sealAnswer } from '../credentials/refresh-token.ts';
import type { RefreshAnswer } from '../credentials/refresh-token.ts';
import { decideRefresh } from '../domain/refresh-family.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import { refreshTokenStore } from '../store/refresh-token-store.ts';
import { sessionStore } from '../store/session-store.ts';
import type { SessionRow } from '../store/session-store.ts';
import { userStore } from '../store/user-store.ts';
import { issueTokens } from './issue-tokens.ts';
import { toTokens } from './to-tokens.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'signer' | 'sessionCache' | 'mailbox' | 'events'>;

/** What the transaction came to. A revocation must be committed, so it is no error until the transaction is over. */
type Outcome = { kind: 'answer'; answer: RefreshAnswer; renewed?: string } | { kind: 'reused' } | { kind: 'refused'; reason: string };

export function refresh(context: Needs): RpcHandler {
  return handleRpc(AuthService.method.refresh, async ({ refreshToken }, call) => {
    if (refreshToken === undefined || !isRefreshToken(refreshToken))
      throw new AppError(authErrors.refreshInvalid, { reason: 'no refresh token of ours' });
    const outcome = await withEvents(context.postgres, call, (source) => present(source, context, refreshToken));
    switch (outcome.kind) {
      case 'answer':
        if (outcome.renewed !== undefined) await dropCached(context, outcome.renewed, call);
        return { tokens: toTokens(outcome.answer) };
      case 'reused':
        throw new AppError(authErrors.refreshReused);
      case 'refused':
        throw new AppError(authErrors.refreshInvalid, { reason: outcome.reason });
    }
  });
}

async function present(source: EventSource, context: Needs, presented: string): Promise<Outcome> {
  const { tx } = source;
  const hash = hashRefreshToken(presented);
  // The session's row is held from here on, so what is read of its tokens below is the newest there is.
  const session = await sessionStore.lockByToken(tx, hash);
  const token = session === undefined ? undefined : await refreshTokenStore.find(tx, hash);
  if (session === undefined || token === undefined) return { kind: 'refused', reason: 'unknown' };

  const now = context.clock.now();
  const decision = decideRefresh(
    { isRevoked: session.revokedAt !== null, isOwnerActive: session.isUserActive, endsAt: session.expiresAtMax.getTime() },
    { expiresAt: token.expiresAt.getTime(), usedAt: token.usedAt?.getTime(), isSuccessorUsed: token.successorUsedAt !== null },
    now,
  );
  switch (decision.kind) {
    case 'rotate':
      return {
        kind: 'answer',
        answer: await rotate(tx, context, { session, presented, hash, now, expiresAt: decision.expiresAt }),
        renewed: session.id,
      };
    case 'repeat':
      if (token.sealedAnswer === null) throw new Error('a spent token without its answer');
      return { kind: 'answer', answer: openAnswer(token.sealedAnswer, presented) };
    case 'revoke':
      await sessionStore.revoke(tx, session, 'refresh_reused', new Date(now));
      await context.events.sessionRevoked(source, { sessionId: session.id, userId: session.userId, reason: 'refresh_reused' });
      await warn(tx, context, session.userId);
      return { kind: 'reused' };
    case 'refuse':
      return { kind: 'refused', reason: decision.reason };
  }
}

/** What is cached ends with the token it was learned from. A cache that is away holds nothing that would be wrong: the session stands. */
async function dropCached({ sessionCache }: Needs, sessionId: string, call: RpcCall): Promise<void> {
  try {
    await sessionCache.drop(sessionId);
  } catch (error) {
    call.logger.warn({ sessionId, err: error }, 'a refreshed session was not dropped from the cache');
  }
}

/** Whoever was signed out by a replay should know why. */
async function warn(tx: Transaction, { mailbox }: Needs, userId: string): Promise<void> {
  const user = await userStore.findById(tx, userId);
  if (user !== undefined) await mailbox.notify(tx, user, 'refresh_reused');
}

async function rotate(
  tx: Transaction,
  context: Needs,
  use: { session: SessionRow; presented: string; hash: Buffer; now: number; expiresAt: number },
): Promise<RefreshAnswer> {
  const { id: sessionId, userId, role } = use.session;
  const answer = issueTokens(context, { userId, role, sessionId });
  const times = { issuedAt: new Date(use.now), expiresAt: new Date(use.expiresAt) };
  await refreshTokenStore.rotate(
    tx,
    use.hash,
    { hash: hashRefreshToken(answer.refreshToken), sessionId, ...times },
    sealAnswer(answer, use.presented),
  );
  await sessionStore.touch(tx, sessionId, { lastSeenAt: times.issuedAt, expiresAt: times.expiresAt });
  return answer;
}
