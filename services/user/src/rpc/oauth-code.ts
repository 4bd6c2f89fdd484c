import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@quotemaster/errors';
import { oAuthErrors } from '@quotemaster/contract/user';
import { isUniqueViolation } from '@quotemaster/postgres';
import type { Transaction } from '@quotemaster/postgres';
import type { Context } from '../context.ts';
import { hashSecretToken } from '../credentials/secret-token.ts';
import type { Identity } from '../oauth/oauth-client.ts';
import { oauthStore } from '../store/oauth-store.ts';

/** What an identity is sealed with besides the key: it opens as no other code's. */
export function codeContext(hash: Buffer): string {
  return `user/oauth-code/${hash.toString('hex')}`;
}

/** What a provider's tokens are sealed with besides the key. */
export function linkContext(provider: string, subject: string): string {
  return `user/oauth-link/${provider}/${subject}`;
}

/**
 * Reads who a one-time code stands for, and holds it until the transaction ends.
 * @throws AppError `oauth.code_invalid` for an unknown or old one, and for another browser's.
 */
export async function lockIdentity(
  tx: Transaction,
  { clock, vault }: Pick<Context, 'clock' | 'vault'>,
  request: { code: string; binding?: string | undefined },
  use: 'exchange' | 'link',
): Promise<{ identity: Identity; hash: Buffer }> {
  const hash = hashSecretToken(request.code);
  const code = await oauthStore.lockCode(tx, hash);
  const endsAt = use === 'exchange' ? code?.exchangeUntil : code?.expiresAt;
  const isBound = code !== undefined && timingSafeEqual(code.bindingHash, hashSecretToken(request.binding ?? ''));
  if (code === undefined || endsAt === undefined || endsAt.getTime() <= clock.now() || !isBound)
    throw new AppError(oAuthErrors.codeInvalid, { reason: code === undefined ? 'unknown' : isBound ? 'expired' : 'another browser' });
  return { identity: JSON.parse(vault.open(code.sealed, codeContext(hash)).toString('utf8')) as Identity, hash };
}

/** Links an account to an identity. @throws AppError `oauth.linked_elsewhere` */
export async function linkIdentity(
  tx: Transaction,
  { clock, vault }: Pick<Context, 'clock' | 'vault'>,
  userId: string,
  { provider, subject, email, tokens }: Identity,
): Promise<void> {
  try {
    await oauthStore.putLink(tx, {
      provider,
      subject,
      userId,
      email: email ?? null,
      sealedTokens: vault.seal(JSON.stringify(tokens), linkContext(provider, subject)),
      createdAt: new Date(clock.now()),
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError(oAuthErrors.linkedElsewhere, { cause: error });
    throw error;
  }
}
