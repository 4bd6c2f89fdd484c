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

/** How somebody signed in: all that was proved, "password", "password+totp", "passkey", "oauth:google". */
type Method = string;

/**
 * The business events of this service.
 *
 * Each writes what must be kept (its audit row, and an outbox row where others are told) in the transaction it is given, and once that
 * is committed its log line and its count. None of them bears an address of e-mail.
 */
export interface Events {
  /** Others are told by `user.registered` {userId}. */
  registered(source: EventSource, event: SessionEvent & { method?: Method }): Promise<void>;
  registrationRefused(source: EventSource, event: { taken: 'email' | 'username' }): Promise<void>;
  signedIn(source: EventSource, event: SessionEvent & { method?: Method }): Promise<void>;
  /** `userId` is absent where the address has no account. */
  signInRefused(
    source: EventSource,
    event: { userId: string | undefined; reason: 'unknown' | 'password' | 'inactive' | 'mfa_required' | 'factor' | 'passkey' },
  ): Promise<void>;
  reauthenticated(source: EventSource, event: SessionEvent & { method: Method }): Promise<void>;
  reauthenticationRefused(source: EventSource, event: SessionEvent & { method: Method }): Promise<void>;
  /** Others are told by `user.session_revoked` {sessionId, userId}, and forget what they cached of the session. */
  sessionRevoked(source: EventSource, event: SessionEvent & { reason: RevokeReason; actor?: string }): Promise<void>;
  passwordChanged(source: EventSource, event: { userId: string; by: 'owner' | 'reset' }): Promise<void>;
  passwordResetAsked(source: EventSource, event: { userId: string | undefined }): Promise<void>;
  emailVerified(source: EventSource, event: { userId: string }): Promise<void>;
  factorChanged(
    source: EventSource,
    event: {
      userId: string;
      factor: 'totp' | 'passkey' | 'recovery_codes' | 'recovery_code';
      change: 'added' | 'removed' | 'renewed' | 'used';
    },
  ): Promise<void>;
  oauthChanged(source: EventSource, event: { userId: string; provider: string; change: 'linked' | 'unlinked' }): Promise<void>;
  /** Of a revoked key others are told by `user.api_key_revoked` {keyId, userId}, and of a rotated one too. */
  apiKeyChanged(source: EventSource, event: { userId: string; keyId: string; change: 'created' | 'rotated' | 'revoked' }): Promise<void>;
  /** The account behind keys has closed or opened: others are told by `user.api_key_revoked` and ask again. */
  keysForgotten(source: EventSource, event: { userId: string; keyIds: readonly string[] }): Promise<void>;
  /** Others are told by `user.role_changed` {userId, role}, and forget what they cached of the user's sessions. */
  roleChanged(source: EventSource, event: { userId: string; from: Role; to: Role; actor: string }): Promise<void>;
  standingChanged(source: EventSource, event: { userId: string; isActive: boolean; actor: string }): Promise<void>;
  exported(source: EventSource, event: { userId: string }): Promise<void>;
  deletionAsked(source: EventSource, event: SessionEvent & { receiptId: string }): Promise<void>;
  /** Others are told by `user.erased` {userId}. */
  erased(source: EventSource, event: { userId: string; receiptId: string }): Promise<void>;
}

export function createEvents({ metrics, clock, newId }: { metrics: Metrics; clock: Clock; newId: () => string }): Events {
  const registrations = metrics.counter('user_registrations_total', 'Accounts asked for.', ['outcome']);
  const signIns = metrics.counter('user_sign_ins_total', 'Sign-ins, by what became of them.', ['outcome']);
  const revocations = metrics.counter('user_sessions_revoked_total', 'Sessions ended before their time.', ['reason']);
  const roleChanges = metrics.counter('user_role_changes_total', 'Accounts given another role.', ['role']);
  const changes = metrics.counter('user_account_changes_total', 'Changes of what opens an account, and of its standing.', ['change']);

  const audit = (source: EventSource, entry: Omit<AuditEntry, 'id' | 'occurredAt' | 'address'>): Promise<void> =>
    auditStore.append(source.tx, { ...entry, id: newId(), occurredAt: new Date(clock.now()), address: source.address });
  const tell = async (
    source: EventSource,
    topic: string,
    payload: { readonly userId: string; readonly sessionId?: string; readonly role?: Role; readonly keyId?: string },
  ): Promise<void> => {
    await appendOutbox(source.tx, { topic, key: payload.userId, payload });
  };
  /** What most events are: an entry of the audit log, a line of the log and a count, all under one name. */
  const change = async (
    source: EventSource,
    action: string,
    entry: Pick<AuditEntry, 'actor' | 'userId' | 'sessionId' | 'details'>,
  ): Promise<void> => {
    await audit(source, { action, ...entry });
    const { userId, sessionId, details } = entry;
    source.onCommit(() => {
      changes.inc({ change: action });
      source.logger.info({ action, userId, sessionId, ...details }, 'account changed');
    });
  };

  return {
    async registered(source, { userId, sessionId, method = 'password' }) {
      await audit(source, { action: 'account.registered', actor: userId, userId, sessionId, details: { method } });
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
    async signedIn(source, { userId, sessionId, method = 'password' }) {
      await audit(source, { action: 'session.opened', actor: userId, userId, sessionId, details: { method } });
      source.onCommit(() => {
        signIns.inc({ outcome: 'signed_in' });
        source.logger.info({ userId, sessionId, method }, 'signed in');
      });
    },
    async signInRefused(source, { userId, reason }) {
      await audit(source, { action: 'session.refused', actor: 'anonymous', userId, details: { reason } });
      source.onCommit(() => {
        signIns.inc({ outcome: reason });
        source.logger.info({ userId, reason }, 'sign-in refused');
      });
    },
    reauthenticated: (source, { userId, sessionId, method }) =>
      change(source, 'session.reauthenticated', { actor: userId, userId, sessionId, details: { method } }),
    reauthenticationRefused: (source, { userId, sessionId, method }) =>
      change(source, 'session.reauthentication_refused', { actor: userId, userId, sessionId, details: { method } }),
    async sessionRevoked(source, { userId, sessionId, reason, actor = reason === 'refresh_reused' ? 'anonymous' : userId }) {
      await audit(source, { action: 'session.revoked', actor, userId, sessionId, details: { reason } });
      await tell(source, 'user.session_revoked', { sessionId, userId });
      source.onCommit(() => {
        revocations.inc({ reason });
        if (reason === 'refresh_reused') source.logger.warn({ userId, sessionId, reason }, 'session revoked');
        else source.logger.info({ userId, sessionId, reason }, 'session revoked');
      });
    },
    passwordChanged: (source, { userId, by }) => change(source, 'account.password_changed', { actor: userId, userId, details: { by } }),
    passwordResetAsked: (source, { userId }) => change(source, 'account.password_reset_asked', { actor: 'anonymous', userId }),
    emailVerified: (source, { userId }) => change(source, 'account.email_verified', { actor: userId, userId }),
    factorChanged: (source, { userId, factor, change: what }) => change(source, `account.${factor}_${what}`, { actor: userId, userId }),
    oauthChanged: (source, { userId, provider, change: what }) =>
      change(source, `account.oauth_${what}`, { actor: userId, userId, details: { provider } }),
    async apiKeyChanged(source, { userId, keyId, change: what }) {
      await change(source, `account.api_key_${what}`, { actor: userId, userId, details: { keyId } });
      if (what !== 'created') await tell(source, 'user.api_key_revoked', { keyId, userId });
    },
    async keysForgotten(source, { userId, keyIds }) {
      for (const keyId of keyIds) await tell(source, 'user.api_key_revoked', { keyId, userId });
    },
    async roleChanged(source, { userId, from, to, actor }) {
      await audit(source, { action: 'account.role_changed', actor, userId, details: { from, to } });
      await tell(source, 'user.role_changed', { userId, role: to });
      source.onCommit(() => {
        roleChanges.inc({ role: to });
        source.logger.info({ userId, from, to }, 'role changed');
      });
    },
    standingChanged: (source, { userId, isActive, actor }) =>
      change(source, isActive ? 'account.opened' : 'account.closed', { actor, userId }),
    exported: (source, { userId }) => change(source, 'account.exported', { actor: userId, userId }),
    deletionAsked: (source, { userId, sessionId, receiptId }) =>
      change(source, 'account.deletion_asked', { actor: userId, userId, sessionId, details: { receiptId } }),
    async erased(source, { userId, receiptId }) {
      await change(source, 'account.erased', { actor: 'system', userId, details: { receiptId } });
      await tell(source, 'user.erased', { userId });
    },
  };
}
