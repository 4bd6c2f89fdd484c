import type { Role } from '@quotemaster/auth';
import type { Clock } from '@quotemaster/lifecycle';
import type { Metrics } from '@quotemaster/observe';
import { appendOutbox } from '@quotemaster/postgres';
import type { EventSource } from './event-source.ts';
import { auditStore } from './store/audit-store.ts';
import type { AuditEntry } from './store/audit-store.ts';
import type { RevokeReason } from './store/tables.ts';

export interface SessionEvent {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * The business events of this service.
 *
 * Each writes what must be kept (its audit row, and an outbox row where others are told) in the transaction it is given, and once that
 * is committed its log line and its count. None of them bears an address of e-mail.
 */
export interface Events {
  /** Others are told by `user.registered` {userId}. */
  registered(source: EventSource, event: SessionEvent): Promise<void>;
  registrationRefused(source: EventSource, event: { taken: 'email' | 'username' }): Promise<void>;
  signedIn(source: EventSource, event: SessionEvent): Promise<void>;
  /** `userId` is absent where the address has no account. */
  signInRefused(source: EventSource, event: { userId: string | undefined; reason: 'unknown' | 'password' | 'inactive' }): Promise<void>;
  /** Others are told by `user.session_revoked` {sessionId, userId}, and forget what they cached of the session. */
  sessionRevoked(source: EventSource, event: SessionEvent & { reason: RevokeReason }): Promise<void>;
  /** Others are told by `user.role_changed` {userId, role}, and forget what they cached of the user's sessions. */
  roleChanged(source: EventSource, event: { userId: string; from: Role; to: Role }): Promise<void>;
}

export function createEvents({ metrics, clock, newId }: { metrics: Metrics; clock: Clock; newId: () => string }): Events {
  const registrations = metrics.counter('user_registrations_total', 'Accounts asked for.', ['outcome']);
  const signIns = metrics.counter('user_sign_ins_total', 'Sign-ins with a password.', ['outcome']);
  const revocations = metrics.counter('user_sessions_revoked_total', 'Sessions ended before their time.', ['reason']);
  const roleChanges = metrics.counter('user_role_changes_total', 'Accounts given another role.', ['role']);

  const audit = (source: EventSource, entry: Omit<AuditEntry, 'id' | 'occurredAt' | 'address'>): Promise<void> =>
    auditStore.append(source.tx, { ...entry, id: newId(), occurredAt: new Date(clock.now()), address: source.address });
  const tell = async (
    source: EventSource,
    topic: string,
    payload: { readonly userId: string; readonly sessionId?: string; readonly role?: Role },
  ): Promise<void> => {
    await appendOutbox(source.tx, { topic, key: payload.userId, payload });
  };

  return {
    async registered(source, { userId, sessionId }) {
      await audit(source, { action: 'account.registered', actor: userId, userId, sessionId });
      await tell(source, 'user.registered', { userId });
      source.onCommit(() => {
        registrations.inc({ outcome: 'registered' });
        source.logger.info({ userId, sessionId }, 'account registered');
      });
    },
    async registrationRefused(source, { taken }) {
      await audit(source, { action: 'account.registration_refused', actor: 'anonymous', details: { taken } });
      source.onCommit(() => {
        registrations.inc({ outcome: `${taken}_taken` });
        source.logger.info({ taken }, 'registration refused');
      });
    },
    async signedIn(source, { userId, sessionId }) {
      await audit(source, { action: 'session.opened', actor: userId, userId, sessionId });
      source.onCommit(() => {
        signIns.inc({ outcome: 'signed_in' });
        source.logger.info({ userId, sessionId }, 'signed in');
      });
    },
    async signInRefused(source, { userId, reason }) {
      await audit(source, { action: 'session.refused', actor: 'anonymous', userId, details: { reason } });
      source.onCommit(() => {
        signIns.inc({ outcome: reason });
        source.logger.info({ userId, reason }, 'sign-in refused');
      });
    },
    async sessionRevoked(source, { userId, sessionId, reason }) {
      const actor = reason === 'logout' ? userId : 'anonymous';
      await audit(source, { action: 'session.revoked', actor, userId, sessionId, details: { reason } });
      await tell(source, 'user.session_revoked', { sessionId, userId });
      source.onCommit(() => {
        revocations.inc({ reason });
        if (reason === 'refresh_reused') source.logger.warn({ userId, sessionId, reason }, 'session revoked');
        else source.logger.info({ userId, sessionId, reason }, 'session revoked');
      });
    },
    async roleChanged(source, { userId, from, to }) {
      await audit(source, { action: 'account.role_changed', actor: 'operator', userId, details: { from, to } });
      await tell(source, 'user.role_changed', { userId, role: to });
      source.onCommit(() => {
        roleChanges.inc({ role: to });
        source.logger.info({ userId, from, to }, 'role changed');
      });
    },
  };
}
