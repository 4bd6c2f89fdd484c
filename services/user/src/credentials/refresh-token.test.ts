import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRefreshToken, hashRefreshToken, isRefreshToken, openAnswer, sealAnswer } from './refresh-token.ts';

const answer = { accessToken: 'header.payload.signature', refreshToken: createRefreshToken(), expiresInSeconds: 900 };

describe('refresh tokens', () => {
  it('hold 256 random bits, are told by their prefix, and are stored as a hash', () => {
    const token = createRefreshToken();
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
    expect(isRefreshToken(token)).toBe(true);
    expect(createRefreshToken()).not.toBe(token);
    expect(hashRefreshToken(token)).toHaveLength(32);
    expect(hashRefreshToken(token).toString()).not.toContain(token);
  });

  it('are never taken for what they are not', () => {
    fc.assert(fc.property(fc.string(), (text) => !isRefreshToken(text)));
    expect(isRefreshToken(`${createRefreshToken()}\n`)).toBe(false);
  });

  it('open the answer they sealed, and no other token does', () => {
    const token = createRefreshToken();
    const sealed = sealAnswer(answer, token);
    expect(openAnswer(sealed, token)).toEqual(answer);
    expect(sealed.includes(answer.refreshToken)).toBe(false);
    expect(() => openAnswer(sealed, createRefreshToken())).toThrow();
  });

  it('notice any changed byte', () => {
    const token = createRefreshToken();
    const sealed = sealAnswer(answer, token);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const forged = Buffer.from(sealed);
        forged[at]! ^= change;
        expect(() => openAnswer(forged, token)).toThrow();
      }),
    );
  });
});
