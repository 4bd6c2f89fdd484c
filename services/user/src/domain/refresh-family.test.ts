import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRefresh, refreshExpiry, sessionLimits } from './refresh-family.ts';
import type { PresentedToken } from './refresh-family.ts';

const day = 24 * 3_600_000;
const family = { isRevoked: false, isOwnerActive: true, endsAt: sessionLimits.absoluteMs };
const fresh: PresentedToken = { expiresAt: sessionLimits.idleMs, usedAt: undefined, isSuccessorUsed: false };

describe('refresh family', () => {
  it('rotates an unused token and slides its end by 30 days', () => {
    expect(decideRefresh(family, fresh, day)).toEqual({ kind: 'rotate', expiresAt: day + sessionLimits.idleMs });
  });

  it('never slides past the absolute end of the session', () => {
    expect(refreshExpiry(80 * day, family.endsAt)).toBe(90 * day);
  });

  it('repeats the answer up to 10 s after the first use, and revokes the family a millisecond later', () => {
    const used = { ...fresh, usedAt: 1_000 };
    expect(decideRefresh(family, used, 11_000)).toEqual({ kind: 'repeat' });
    expect(decideRefresh(family, used, 11_001)).toEqual({ kind: 'revoke' });
  });

  it('revokes the family within the grace once the successor was used', () => {
    expect(decideRefresh(family, { ...fresh, usedAt: 1_000, isSuccessorUsed: true }, 1_001)).toEqual({ kind: 'revoke' });
  });

  it('revokes for a spent token even after that token would have expired', () => {
    expect(decideRefresh(family, { ...fresh, usedAt: 1_000 }, sessionLimits.idleMs + 1)).toEqual({ kind: 'revoke' });
  });

  it.each([
    ['revoked', { ...family, isRevoked: true }, fresh, day],
    ['owner_inactive', { ...family, isOwnerActive: false }, fresh, day],
    ['session_ended', family, { ...fresh, expiresAt: Infinity }, family.endsAt],
    ['token_expired', family, fresh, fresh.expiresAt],
  ] as const)('refuses with %s', (reason, state, token, now) => {
    expect(decideRefresh(state, token, now)).toEqual({ kind: 'refuse', reason });
  });

  it('keeps one unused token a family through any sequence of uses, and none after a revocation', () => {
    const step = fc.record({
      pick: fc.nat(),
      waitMs: fc.oneof(fc.integer({ min: 0, max: 15_000 }), fc.integer({ min: 0, max: 20 * day })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const tokens: { expiresAt: number; usedAt: number | undefined }[] = [{ expiresAt: sessionLimits.idleMs, usedAt: undefined }];
        let isRevoked = false;
        let now = 0;
        for (const { pick, waitMs } of steps) {
          now += waitMs;
          const index = pick % tokens.length;
          const token = tokens[index]!;
          const isSuccessorUsed = tokens[index + 1]?.usedAt !== undefined;
          const decision = decideRefresh({ ...family, isRevoked }, { ...token, isSuccessorUsed }, now);
          if (decision.kind === 'rotate') {
            expect(index).toBe(tokens.length - 1);
            expect(decision.expiresAt).toBeLessThanOrEqual(family.endsAt);
            token.usedAt = now;
            tokens.push({ expiresAt: decision.expiresAt, usedAt: undefined });
          } else if (decision.kind === 'repeat') {
            // Only the newest spent token can be repeated: its answer is the live token.
            expect(index).toBe(tokens.length - 2);
          } else if (decision.kind === 'revoke') {
            expect(index).toBeLessThan(tokens.length - 1);
            isRevoked = true;
          } else {
            expect(isRevoked || now >= family.endsAt || now >= token.expiresAt).toBe(true);
          }
          expect(tokens.filter(({ usedAt }) => usedAt === undefined)).toHaveLength(1);
        }
      }),
    );
  });
});
