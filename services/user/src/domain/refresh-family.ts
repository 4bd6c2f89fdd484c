/** How long a session lasts when it is used, when it is not, and for how long a lost answer may be asked for again. */
export const sessionLimits = {
  /** A refresh token dies after 30 days without use. */
  idleMs: 30 * 24 * 3_600_000,
  /** However busy, a session ends after 90 days. */
  absoluteMs: 90 * 24 * 3_600_000,
  /** Two tabs, or an answer lost on the way: the same token within this time gets the same answer. */
  graceMs: 10_000,
} as const;

/** One session is one family of refresh tokens; the newest token alone is unused. Times are milliseconds since the epoch. */
export interface FamilyState {
  readonly isRevoked: boolean;
  readonly isOwnerActive: boolean;
  /** The absolute cap. */
  readonly endsAt: number;
}

export interface PresentedToken {
  readonly expiresAt: number;
  readonly usedAt: number | undefined;
  /** The token that took its place was used in its turn. */
  readonly isSuccessorUsed: boolean;
}

export type RefreshDecision =
  /** Spend the token and issue its successor, which dies at `expiresAt`. */
  | { readonly kind: 'rotate'; readonly expiresAt: number }
  /** Give the answer of the first use again. */
  | { readonly kind: 'repeat' }
  /** A spent token came back: the family may be in two hands and ends. */
  | { readonly kind: 'revoke' }
  | { readonly kind: 'refuse'; readonly reason: 'revoked' | 'owner_inactive' | 'session_ended' | 'token_expired' };

/**
 * Decides what a refresh token is worth.
 *
 * A token spent before is looked at before its own age: a thief who comes late is still a thief.
 * @see RFC 9700, section 4.14.2
 */
export function decideRefresh(family: FamilyState, token: PresentedToken, now: number): RefreshDecision {
  if (family.isRevoked) return { kind: 'refuse', reason: 'revoked' };
  if (!family.isOwnerActive) return { kind: 'refuse', reason: 'owner_inactive' };
  if (now >= family.endsAt) return { kind: 'refuse', reason: 'session_ended' };
  if (token.usedAt !== undefined) {
    const isInGrace = now - token.usedAt <= sessionLimits.graceMs;
    return isInGrace && !token.isSuccessorUsed ? { kind: 'repeat' } : { kind: 'revoke' };
  }
  if (now >= token.expiresAt) return { kind: 'refuse', reason: 'token_expired' };
  return { kind: 'rotate', expiresAt: refreshExpiry(now, family.endsAt) };
}

/** Gives the end of a refresh token issued now: after the idle time, or with its session. */
export function refreshExpiry(now: number, endsAt: number): number {
  return Math.min(now + sessionLimits.idleMs, endsAt);
}
