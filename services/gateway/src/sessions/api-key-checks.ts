import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { hashApiKey } from '@quotemaster/auth';
import type { Principal } from '@quotemaster/auth';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import { LRUCache } from 'lru-cache';

/** What user says of an API key. */
export interface ApiKeyState {
  readonly active: boolean;
  readonly keyId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Timestamp | undefined;
}

export interface ApiKeyChecks {
  /**
   * Gives the principal that a key acts for: its owner, with the key's scopes, and never more than a user.
   * @throws AppError `auth.unauthenticated`, or what `ask` throws.
   */
  resolve(secret: string): Promise<Principal>;
  /** The key was revoked or rotated: ask anew. */
  forget(keyId: string): void;
}

const keysMax = 50_000;
/** News of an end comes at once; the age bounds what a lost message can do, and how late a last use is written. */
const maxAgeMs = 5_000;

/** Creates the checks of API keys: asked of user once in five seconds, and anew when the bus says that one has changed. */
export function createApiKeyChecks(options: {
  ask(secretHash: Uint8Array): Promise<ApiKeyState>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}): ApiKeyChecks {
  const { ask, clock } = options;
  const known = new LRUCache<string, { state: ApiKeyState; askedAt: number }>({ max: keysMax });
  const asking = new Map<string, Promise<ApiKeyState>>();
  /** Counts the news, so that an answer which was under way when some came is not kept. */
  let news = 0;

  function lookUp(hash: Buffer): Promise<ApiKeyState> {
    const key = hash.toString('base64');
    const running = asking.get(key);
    if (running !== undefined) return running;
    const [askedAt, newsBefore] = [clock.monotonic(), news];
    const started = ask(hash)
      .then((state) => {
        if (news === newsBefore) known.set(key, { state, askedAt });
        return state;
      })
      .finally(() => asking.delete(key));
    asking.set(key, started);
    return started;
  }

  return {
    async resolve(secret) {
      const hash = hashApiKey(secret);
      const entry = known.get(hash.toString('base64'));
      const state = entry !== undefined && clock.monotonic() - entry.askedAt < maxAgeMs ? entry.state : await lookUp(hash);
      const hasEnded = state.expiresAt !== undefined && timestampMs(state.expiresAt) <= clock.now();
      if (!state.active || hasEnded) throw new AppError(commonErrors.unauthenticated, { detail: 'This API key is not valid.' });
      return { userId: state.userId, role: 'user', scopes: state.scopes, apiKeyId: state.keyId };
    },
    forget(keyId) {
      news += 1;
      for (const [key, { state }] of known) if (state.keyId === keyId) known.delete(key);
    },
  };
}
