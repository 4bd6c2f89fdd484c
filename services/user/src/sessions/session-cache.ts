import { isRole } from '@quotemaster/auth';
import type { Role } from '@quotemaster/auth';
import type { Logger } from '@quotemaster/observe';
import type { RedisFace } from '@quotemaster/redis';

/** How long a session is believed without asking the database. */
const ttlMs = 30 * 60_000;
/** What was dropped is read from the database alone for so long: an answer that was on its way there must not come back as news. */
const dropMs = 5_000;

export interface CachedSession {
  readonly userId: string;
  readonly role: Role;
}

/**
 * Sessions that stand, in Redis, shared by every replica: 30 minutes each, dropped on logout, refresh and whatever else changes them.
 *
 * It is a shortcut only: while Redis is slow or away the database is asked.
 */
export interface SessionCache {
  find(sessionId: string): Promise<CachedSession | undefined>;
  /** @param maxMs how long it may be believed at most: to the session's own end. */
  put(sessionId: string, session: CachedSession, maxMs: number): Promise<void>;
  /** @throws AppError `common.unavailable` when Redis does not answer: what depends on the drop must try again. */
  drop(sessionId: string): Promise<void>;
}

const dropped = '-';

export function createSessionCache({ redis, logger }: { redis: RedisFace; logger: Logger }): SessionCache {
  const key = (sessionId: string): string => `session:${sessionId}`;
  return {
    async find(sessionId) {
      if (!redis.healthy()) return undefined;
      try {
        return parse(await redis.kv.get(key(sessionId)));
      } catch (error) {
        logger.warn({ err: error }, 'the session cache is away; the database is asked');
        return undefined;
      }
    },
    async put(sessionId, { userId, role }, maxMs) {
      if (!redis.healthy() || maxMs <= 0) return;
      try {
        // Never over what is there: a drop holds the place for a while.
        await redis.kv.setIfAbsent(key(sessionId), `${userId} ${role}`, Math.min(ttlMs, maxMs));
      } catch (error) {
        logger.warn({ err: error }, 'a session was not cached');
      }
    },
    drop: (sessionId) => redis.kv.set(key(sessionId), dropped, dropMs),
  };
}

function parse(text: string | undefined): CachedSession | undefined {
  const [userId, role] = text?.split(' ') ?? [];
  return userId === undefined || !isRole(role) ? undefined : { userId, role };
}
