import type { OutboxEvent } from '@quotemaster/postgres';
import type { Context } from '../context.ts';
import { sessionStore } from '../store/session-store.ts';

/**
 * Creates what the relay of the outbox publishes with: what an event makes stale is dropped from the session cache first, so that a
 * gateway which asks because of the event gets what is true now.
 *
 * A failure of either is the relay's to try again: an event is not told before its drop is done.
 */
export function tellGateways({ postgres, sessionCache, redis }: Pick<Context, 'postgres' | 'sessionCache' | 'redis'>) {
  return async (event: OutboxEvent): Promise<void> => {
    const { userId, sessionId } = event.payload as { userId?: unknown; sessionId?: unknown };
    if (typeof sessionId === 'string') await sessionCache.drop(sessionId);
    else if (event.topic === 'user.role_changed' && typeof userId === 'string') {
      for (const id of await sessionStore.listIds(postgres.db, userId)) await sessionCache.drop(id);
    }
    await redis.bus.publish(event);
  };
}
