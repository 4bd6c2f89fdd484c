import type { Role } from '@quotemaster/auth';
import { bigint, boolean, customType, integer, jsonb, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const userSchemaName = 'user_service';

const schema = pgSchema(userSchemaName);
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const users = schema.table('users', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  username: text('username'),
  hashedPassword: text('hashed_password'),
  fullName: text('full_name'),
  role: text('role').$type<Role>().notNull().default('user'),
  isActive: boolean('is_active').notNull().default(true),
  isVerified: boolean('is_verified').notNull().default(false),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  hasLongPassword: boolean('has_long_password').notNull().default(true),
});

export const sessions = schema.table('sessions', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  createdAt: time('created_at').notNull(),
  lastSeenAt: time('last_seen_at').notNull(),
  expiresAt: time('expires_at').notNull(),
  expiresAtMax: time('expires_at_max').notNull(),
  revokedAt: time('revoked_at'),
  revokeReason: text('revoke_reason').$type<RevokeReason>(),
  userAgent: text('user_agent'),
  address: text('address'),
  authenticatedAt: time('authenticated_at').notNull(),
  network: text('network'),
});

export type RevokeReason =
  'logout' | 'refresh_reused' | 'revoked' | 'password_changed' | 'password_reset' | 'account_closed' | 'account_deleted' | 'too_many';

export const refreshTokens = schema.table('refresh_tokens', {
  hash: bytea('hash').primaryKey(),
  sessionId: uuid('session_id').notNull(),
  issuedAt: time('issued_at').notNull(),
  expiresAt: time('expires_at').notNull(),
  usedAt: time('used_at'),
  successorHash: bytea('successor_hash'),
  sealedAnswer: bytea('sealed_answer'),
});

export const auditLog = schema.table('audit_log', {
  id: uuid('id').primaryKey(),
  occurredAt: time('occurred_at').notNull(),
  action: text('action').notNull(),
  actor: text('actor').notNull(),
  userId: uuid('user_id'),
  sessionId: uuid('session_id'),
  address: text('address'),
  details: jsonb('details').$type<Record<string, string>>().notNull(),
});

export type MailPurpose = 'verify_email' | 'reset_password';

export const mailTokens = schema.table('mail_tokens', {
  hash: bytea('hash').primaryKey(),
  userId: uuid('user_id').notNull(),
  purpose: text('purpose').$type<MailPurpose>().notNull(),
  email: text('email').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at').notNull(),
});

export const mails = schema.table('mails', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id'),
  kind: text('kind').notNull(),
  sealed: bytea('sealed'),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: time('next_attempt_at').notNull(),
  createdAt: time('created_at').notNull(),
});

export const attempts = schema.table('attempts', {
  key: bytea('key').primaryKey(),
  failures: integer('failures').notNull(),
  nextAllowedAt: time('next_allowed_at').notNull(),
  updatedAt: time('updated_at').notNull(),
});

export const totpFactors = schema.table('totp_factors', {
  userId: uuid('user_id').primaryKey(),
  sealedSecret: bytea('sealed_secret').notNull(),
  createdAt: time('created_at').notNull(),
  confirmedAt: time('confirmed_at'),
  lastStep: bigint('last_step', { mode: 'number' }),
});

export const recoveryCodes = schema.table('recovery_codes', {
  userId: uuid('user_id').notNull(),
  hash: bytea('hash').notNull(),
  usedAt: time('used_at'),
});

export const passkeys = schema.table('passkeys', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  credentialId: bytea('credential_id').notNull(),
  publicKey: bytea('public_key').notNull(),
  counter: bigint('counter', { mode: 'number' }).notNull(),
  transports: text('transports').array().notNull(),
  name: text('name').notNull(),
  backedUp: boolean('backed_up').notNull(),
  createdAt: time('created_at').notNull(),
  lastUsedAt: time('last_used_at'),
});

export const webauthnChallenges = schema.table('webauthn_challenges', {
  hash: bytea('hash').primaryKey(),
  purpose: text('purpose').$type<'register' | 'authenticate'>().notNull(),
  userId: uuid('user_id'),
  expiresAt: time('expires_at').notNull(),
});

export const oauthFlows = schema.table('oauth_flows', {
  stateHash: bytea('state_hash').primaryKey(),
  provider: text('provider').notNull(),
  bindingHash: bytea('binding_hash').notNull(),
  sealed: bytea('sealed').notNull(),
  expiresAt: time('expires_at').notNull(),
});

export const oauthCodes = schema.table('oauth_codes', {
  hash: bytea('hash').primaryKey(),
  bindingHash: bytea('binding_hash').notNull(),
  provider: text('provider').notNull(),
  sealed: bytea('sealed').notNull(),
  exchangeUntil: time('exchange_until').notNull(),
  expiresAt: time('expires_at').notNull(),
});

export const oauthLinks = schema.table('oauth_links', {
  provider: text('provider').notNull(),
  subject: text('subject').notNull(),
  userId: uuid('user_id').notNull(),
  email: text('email'),
  sealedTokens: bytea('sealed_tokens'),
  createdAt: time('created_at').notNull(),
});

export const apiKeys = schema.table('api_keys', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  name: text('name').notNull(),
  prefix: text('prefix').notNull(),
  hash: bytea('hash').notNull(),
  previousHash: bytea('previous_hash'),
  previousUntil: time('previous_until'),
  scopes: text('scopes').array().notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  lastUsedAt: time('last_used_at'),
});

export const preferences = schema.table('preferences', {
  userId: uuid('user_id').primaryKey(),
  tone: text('tone'),
  language: text('language'),
  privacy: text('privacy').notNull(),
  theme: text('theme').notNull(),
  updatedAt: time('updated_at').notNull(),
});

export const erasures = schema.table('erasures', {
  id: uuid('id').primaryKey(),
  tokenHash: bytea('token_hash').notNull(),
  userId: uuid('user_id').notNull(),
  requestedAt: time('requested_at').notNull(),
  completedAt: time('completed_at'),
});

export const erasureSteps = schema.table('erasure_steps', {
  erasureId: uuid('erasure_id').notNull(),
  service: text('service').notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: time('next_attempt_at').notNull(),
  completedAt: time('completed_at'),
  sweptAt: time('swept_at'),
});
