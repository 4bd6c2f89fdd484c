import type { EventBus, Subscription } from '@quotemaster/redis';
import type { ApiKeyChecks } from './api-key-checks.ts';
import type { SessionChecks } from './session-checks.ts';

/** Creates the subscription that carries news of user to the checks of sessions and keys: every gateway hears all of it. */
export function createSessionEvents(bus: EventBus, checks: SessionChecks, apiKeys: ApiKeyChecks): Subscription {
  return bus.subscribe({
    topics: ['user.session_revoked', 'user.role_changed', 'user.api_key_revoked'],
    handler: ({ topic, payload }) => {
      const { sessionId, userId, keyId } = payload as { sessionId?: unknown; userId?: unknown; keyId?: unknown };
      if (topic === 'user.session_revoked' && typeof sessionId === 'string') checks.revoke(sessionId);
      if (topic === 'user.role_changed' && typeof userId === 'string') checks.forgetUser(userId);
      if (topic === 'user.api_key_revoked' && typeof keyId === 'string') apiKeys.forget(keyId);
      return Promise.resolve();
    },
  });
}
