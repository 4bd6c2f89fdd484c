import type { Role } from '@quotemaster/auth';
import { boolean, customType, jsonb, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const userSchemaName = 'user_service';

const schema = pgSchema(userSchemaName);
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const users = schema.table('users', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  username: text('username'),
  hashedPassword: text('hashed_password').notNull(),
  fullName: text('full_name'),
  role: text('role').$type<Role>().notNull().default('user'),
  isActive: boolean('is_active').notNull().default(true),
  isVerified: boolean('is_verified').notNull().default(false),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
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
});

export type RevokeReason = 'logout' | 'refresh_reused';

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
