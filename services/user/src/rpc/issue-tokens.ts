import { addressKey, sessionScopes } from '@quotemaster/auth';
import type { Role } from '@quotemaster/auth';
import type { ClientInfo } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createRefreshToken, hashRefreshToken } from '../credentials/refresh-token.ts';
import type { RefreshAnswer } from '../credentials/refresh-token.ts';
import { refreshExpiry, sessionLimits } from '../domain/refresh-family.ts';
import type { EventSource } from '../event-source.ts';
import { refreshTokenStore } from '../store/refresh-token-store.ts';
import { sessionStore } from '../store/session-store.ts';

/** What a browser says of itself can be long; a list of sessions shows no more than this. */
const userAgentCharactersMax = 512;
/** A further sign-in ends the oldest session. */
const sessionsMax = 100;

/** Makes the pair of tokens that a session holds next. Nothing is stored. */
export function issueTokens({ signer }: Pick<Context, 'signer'>, owner: { userId: string; role: Role; sessionId: string }): RefreshAnswer {
  const access = signer.sign({ ...owner, scopes: sessionScopes });
  return { accessToken: access.token, refreshToken: createRefreshToken(), expiresInSeconds: access.expiresInSeconds };
}

/** Opens a session for somebody who has just proved who they are, as part of a transaction. */
export async function openSession(
  source: EventSource,
  context: Pick<Context, 'clock' | 'newId' | 'signer' | 'events'>,
  user: { id: string; role: Role },
  client: ClientInfo | undefined,
): Promise<{ sessionId: string; answer: RefreshAnswer }> {
  const { tx } = source;
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
    authenticatedAt: times.issuedAt,
    expiresAt: times.expiresAt,
    expiresAtMax: new Date(endsAt),
    userAgent: client?.userAgent.slice(0, userAgentCharactersMax) ?? null,
    address: client?.address ?? null,
    network: client === undefined ? null : addressKey(client.address),
  });
  await refreshTokenStore.insert(tx, { hash: hashRefreshToken(answer.refreshToken), sessionId, ...times });
  for (const id of await sessionStore.revokeBeyond(tx, user.id, sessionsMax, times.issuedAt))
    await context.events.sessionRevoked(source, { sessionId: id, userId: user.id, reason: 'too_many', actor: 'system' });
  return { sessionId, answer };
}
