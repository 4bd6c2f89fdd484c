import { sessionScopes } from '@quotemaster/auth';
import type { Role } from '@quotemaster/auth';
import type { Transaction } from '@quotemaster/postgres';
import type { ClientInfo } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createRefreshToken, hashRefreshToken } from '../credentials/refresh-token.ts';
import type { RefreshAnswer } from '../credentials/refresh-token.ts';
import { refreshExpiry, sessionLimits } from '../domain/refresh-family.ts';
import { refreshTokenStore } from '../store/refresh-token-store.ts';
import { sessionStore } from '../store/session-store.ts';

/** What a browser says of itself can be long; a list of sessions shows no more than this. */
const userAgentCharactersMax = 512;

/** Makes the pair of tokens that a session holds next. Nothing is stored. */
export function issueTokens({ signer }: Pick<Context, 'signer'>, owner: { userId: string; role: Role; sessionId: string }): RefreshAnswer {
  const access = signer.sign({ ...owner, scopes: sessionScopes });
  return { accessToken: access.token, refreshToken: createRefreshToken(), expiresInSeconds: access.expiresInSeconds };
}

/** Opens a session for somebody who has just proved who they are, as part of `tx`. */
export async function openSession(
  tx: Transaction,
  context: Pick<Context, 'clock' | 'newId' | 'signer'>,
  user: { id: string; role: Role },
  client: ClientInfo | undefined,
): Promise<{ sessionId: string; answer: RefreshAnswer }> {
  const now = context.clock.now();
  const sessionId = context.newId();
  const endsAt = now + sessionLimits.absoluteMs;
  const times = { issuedAt: new Date(now), expiresAt: new Date(refreshExpiry(now, endsAt)) };
  const answer = issueTokens(context, { userId: user.id, role: user.role, sessionId });
  await sessionStore.insert(tx, {
    id: sessionId,
    userId: user.id,
    createdAt: times.issuedAt,
    lastSeenAt: times.issuedAt,
    expiresAt: times.expiresAt,
    expiresAtMax: new Date(endsAt),
    userAgent: client?.userAgent.slice(0, userAgentCharactersMax) ?? null,
    address: client?.address ?? null,
  });
  await refreshTokenStore.insert(tx, { hash: hashRefreshToken(answer.refreshToken), sessionId, ...times });
  return { sessionId, answer };
}
