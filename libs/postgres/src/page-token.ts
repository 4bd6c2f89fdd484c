import { createHmac, timingSafeEqual } from 'node:crypto';

/** The place after which a page begins: the last row of the page before. */
export interface Cursor {
  readonly createdAt: Date;
  /** A UUID. */
  readonly id: string;
}

export interface PageTokens {
  sign(cursor: Cursor, scope: TokenScope): string;
  /** Gives undefined for a token that was not signed with this key for the same user and filters. */
  verify(token: string, scope: TokenScope): Cursor | undefined;
}

/** What a token is good for. */
export interface TokenScope {
  readonly userId: string;
  /** The list's filters in a canonical form. */
  readonly filters: Uint8Array;
}

const version = 1;
const cursorBytes = 1 + 8 + 16;
const macBytes = 32;

/**
 * Creates the signer of page tokens: base64url of version, time in milliseconds, id and an HMAC-SHA256.
 *
 * A token says nothing that its page did not show. Its signature covers the user and the filters too, so it serves no
 * one else and no other list. Tokens are signed with the first of the keys (32 bytes each, good for nothing
 * but page tokens) and accepted with any.
 */
export function createPageTokens(allKeys: () => readonly Uint8Array[]): PageTokens {
  const mac = (key: Uint8Array, cursor: Buffer, { userId, filters }: TokenScope): Buffer =>
    createHmac('sha256', key)
      .update(cursor)
      .update(`${String(userId.length)}:${userId}`)
      .update(filters)
      .digest();

  return {
    sign({ createdAt, id }, scope) {
      const cursor = Buffer.alloc(cursorBytes);
      cursor.writeUInt8(version, 0);
      cursor.writeBigUInt64BE(BigInt(createdAt.getTime()), 1);
      cursor.write(id.replaceAll('-', ''), 9, 'hex');
      const [key] = allKeys();
      if (key === undefined) throw new Error('no key to sign page tokens with');
      return Buffer.concat([cursor, mac(key, cursor, scope)]).toString('base64url');
    },
    verify(token, scope) {
      const bytes = Buffer.from(token, 'base64url');
      // Node's decoder forgives: foreign letters are skipped and `+` is taken for `-`. One form of a token is enough.
      if (bytes.length !== cursorBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
      const cursor = bytes.subarray(0, cursorBytes);
      const isSigned = allKeys().some((key) => timingSafeEqual(mac(key, cursor, scope), bytes.subarray(cursorBytes)));
      if (!isSigned || cursor[0] !== version) return undefined;
      return { createdAt: new Date(Number(cursor.readBigUInt64BE(1))), id: toUuid(cursor.subarray(9)) };
    },
  };
}

function toUuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
