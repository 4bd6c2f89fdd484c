import { create, toJsonString } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import {
  ApiKeySchema,
  AuditEntrySchema,
  OAuthLinkSchema,
  PasskeySchema,
  PreferencesSchema,
  SessionSchema,
  UserSchema,
} from '@quotemaster/contract/user';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Cursor, Database } from '@quotemaster/postgres';
import { toAuditEntry } from '../rpc/to-audit-entry.ts';
import { toApiKey } from '../rpc/to-api-key.ts';
import { toPasskey } from '../rpc/to-passkey.ts';
import { toPreferences } from '../rpc/get-preferences.ts';
import { toUser } from '../rpc/to-user.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { auditStore } from '../store/audit-store.ts';
import { factorStore } from '../store/factor-store.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { preferenceStore } from '../store/preference-store.ts';
import { sessionStore } from '../store/session-store.ts';
import { userStore } from '../store/user-store.ts';

const rowsAtOnce = 200;

/** A record as the public API would show it. */
export interface ExportRecord {
  readonly kind: string;
  readonly json: string;
}

/** Everything this service keeps about a user, read a page at a time at the reader's pace. Secrets and their hashes are nobody's data. */
export async function* exportOwnData(db: Database, userId: string, now: Date): AsyncGenerator<ExportRecord> {
  const user = await userStore.findById(db, userId);
  if (user === undefined) return;
  yield record('account', UserSchema, toUser(user));
  const preferences = await preferenceStore.find(db, userId);
  if (preferences !== undefined) yield record('preferences', PreferencesSchema, toPreferences(preferences));
  for (const link of await oauthStore.listLinks(db, userId)) {
    const { provider, email, createdAt } = link;
    yield record('oauth_link', OAuthLinkSchema, {
      provider,
      ...(email === null ? {} : { email }),
      createdAt: timestampFromDate(createdAt),
    });
  }
  for (const passkey of await factorStore.listPasskeys(db, userId)) yield record('passkey', PasskeySchema, toPasskey(passkey));
  for (const key of await apiKeyStore.list(db, userId, undefined, 1_000)) yield record('api_key', ApiKeySchema, toApiKey(key));
  for (const session of await sessionStore.list(db, userId, now, undefined, 1_000)) {
    yield record('session', SessionSchema, {
      id: session.id,
      device: session.userAgent ?? '',
      address: session.address ?? '',
      createdAt: timestampFromDate(session.createdAt),
      lastSeenAt: timestampFromDate(session.lastSeenAt),
      expiresAt: timestampFromDate(session.expiresAt),
    });
  }
  let cursor: Cursor | undefined;
  do {
    const entries = await auditStore.list(db, { userId }, cursor, rowsAtOnce);
    for (const entry of entries) yield record('audit_entry', AuditEntrySchema, toAuditEntry(entry));
    const last = entries.length === rowsAtOnce ? entries.at(-1) : undefined;
    cursor = last === undefined ? undefined : { createdAt: last.occurredAt, id: last.id };
  } while (cursor !== undefined);
}

function record<T extends DescMessage>(kind: string, schema: T, message: MessageInitShape<T>): ExportRecord {
  return { kind, json: toJsonString(schema, create(schema, message), { alwaysEmitImplicit: true }) };
}
