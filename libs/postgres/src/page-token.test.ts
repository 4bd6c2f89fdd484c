import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPageTokens } from './page-token.ts';

const key = Buffer.alloc(32, 7);
const tokens = createPageTokens(() => [key]);
const cursors = fc.record({ createdAt: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), id: fc.uuid() });
const scopes = fc.record({ userId: fc.uuid(), filters: fc.uint8Array({ maxLength: 64 }) });

describe('page tokens', () => {
  it('bring back the cursor they were made of', () => {
    fc.assert(
      fc.property(cursors, scopes, (cursor, scope) => {
        expect(tokens.verify(tokens.sign(cursor, scope), scope)).toEqual(cursor);
      }),
    );
  });

  it('are refused after a change of any one byte', () => {
    fc.assert(
      fc.property(cursors, scopes, fc.nat(), fc.integer({ min: 1, max: 255 }), (cursor, scope, place, flip) => {
        const token = Buffer.from(tokens.sign(cursor, scope), 'latin1');
        const at = place % token.length;
        token[at] = token[at]! ^ flip;
        expect(tokens.verify(token.toString('latin1'), scope)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused for another user, for other filters and under another key', () => {
    fc.assert(
      fc.property(cursors, scopes, scopes, (cursor, scope, other) => {
        const token = tokens.sign(cursor, scope);
        expect(tokens.verify(token, { ...scope, userId: other.userId })).toBeUndefined();
        expect(tokens.verify(token, { ...scope, filters: Buffer.concat([scope.filters, Buffer.of(1)]) })).toBeUndefined();
        expect(createPageTokens(() => [randomBytes(32)]).verify(token, scope)).toBeUndefined();
      }),
    );
  });

  it('are accepted under an older key, and signed with the newest', () => {
    const scope = { userId: 'u', filters: Buffer.of() };
    const cursor = { createdAt: new Date(0), id: '01900000-0000-7000-8000-000000000001' };
    const rotated = createPageTokens(() => [Buffer.alloc(32, 8), key]);
    expect(rotated.verify(tokens.sign(cursor, scope), scope)).toEqual(cursor);
    expect(tokens.verify(rotated.sign(cursor, scope), scope)).toBeUndefined();
  });

  it('are refused when they are no token at all, of whatever form', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 512 }), scopes, (text, scope) => {
        expect(tokens.verify(text, scope)).toBeUndefined();
      }),
    );
  });
});
