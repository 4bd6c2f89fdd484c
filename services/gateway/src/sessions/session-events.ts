import type { EventBus, Subscription } from '@quotemaster/redis';
import type { SessionChecks } from './session-checks.ts';

/** Creates the subscription that carries news of user to the session checks: every gateway hears all of it. */
export function createSessionEvents(bus: EventBus, checks: SessionChecks): Subscription {
  return bus.subscribe({
    topics: ['user.session_revoked', 'user.role_changed'],
    handler: ({ topic, payload }) => {
      const { sessionId, userId } = payload as { sessionId?: unknown; userId?: unknown };
      if (topic === 'user.session_revoked' && typeof sessionId === 'string') checks.revoke(sessionId);
      if (topic === 'user.role_changed' && typeof userId === 'string') checks.forgetUser(userId);
      return Promise.resolve();
    },
  });
}
