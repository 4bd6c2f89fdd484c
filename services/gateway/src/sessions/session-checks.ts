import type { Principal } from '@quotemaster/auth';
import { isRole } from '@quotemaster/auth';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import { LRUCache } from 'lru-cache';

/** What user says of a session. */
export interface SessionState {
  readonly active: boolean;
  readonly userId: string;
  readonly role: string;
}

export interface SessionChecks {
  /**
   * Gives the principal as user knows it now.
   * @throws AppError `auth.unauthenticated` when the session has ended, or what `ask` throws while nothing is known of it.
   */
  confirm(principal: Principal): Promise<Principal>;
  /** The session has ended: forget that it stood. */
  revoke(sessionId: string): void;
  /** Something about the user has changed: ask anew for each of their sessions. */
  forgetUser(userId: string): void;
}

const sessionsMax = 100_000;
/** With the bus well, news of an end arrives at once; the age bounds what a lost message can do. */
const maxAgeMs = 30 * 60_000;
/** With the bus away, no news is no news. */
const maxAgeWithoutBusMs = 5_000;

/**
 * Creates the checks of whether the session behind an access token still stands: asked of user once, kept until the bus says
 * that it ended.
 */
export function createSessionChecks(options: {
  ask(sessionId: string): Promise<SessionState>;
  busIsHealthy(): boolean;
  clock: Pick<Clock, 'monotonic'>;
}): SessionChecks {
  const { ask, busIsHealthy, clock } = options;
  const known = new LRUCache<string, { state: SessionState; askedAt: number }>({ max: sessionsMax });
  const asking = new Map<string, Promise<SessionState>>();
  // An answer that was on its way when the session ended must not bring it back to life. Ended sessions never return.
  const revoked = new LRUCache<string, true>({ max: sessionsMax });

  function lookUp(sessionId: string): Promise<SessionState> {
    const running = asking.get(sessionId);
    if (running !== undefined) return running;
    const askedAt = clock.monotonic();
    const started: Promise<SessionState> = ask(sessionId)
      .then((state) => {
        if (asking.get(sessionId) === started) known.set(sessionId, { state, askedAt });
        return state;
      })
      .finally(() => {
        if (asking.get(sessionId) === started) asking.delete(sessionId);
      });
    asking.set(sessionId, started);
    return started;
  }

  return {
    async confirm(principal) {
      const { sessionId } = principal;
      if (sessionId === undefined) throw new AppError(commonErrors.unauthenticated, { reason: 'the token names no session' });
      const entry = known.get(sessionId);
      const maxMs = busIsHealthy() ? maxAgeMs : maxAgeWithoutBusMs;
      const state = entry !== undefined && clock.monotonic() - entry.askedAt < maxMs ? entry.state : await lookUp(sessionId);
      if (!state.active || state.userId !== principal.userId || revoked.has(sessionId) || !isRole(state.role)) {
        throw new AppError(commonErrors.unauthenticated, { detail: 'This session has ended. Please sign in again.' });
      }
      return { ...principal, role: state.role };
    },
    revoke(sessionId) {
      revoked.set(sessionId, true);
      known.delete(sessionId);
      asking.delete(sessionId);
    },
    forgetUser(userId) {
      for (const [sessionId, { state }] of known) if (state.userId === userId) known.delete(sessionId);
      asking.clear();
    },
  };
}
