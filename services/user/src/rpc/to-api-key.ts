import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ApiKeySchema } from '@quotemaster/contract/user';
import type { ApiKeyRow } from '../store/api-key-store.ts';

/** Shows a key to its owner, without its secret. */
export function toApiKey(row: ApiKeyRow): MessageInitShape<typeof ApiKeySchema> {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: timestampFromDate(row.createdAt),
    ...(row.expiresAt === null ? {} : { expiresAt: timestampFromDate(row.expiresAt) }),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: timestampFromDate(row.lastUsedAt) }),
    ...(row.previousUntil === null ? {} : { previousWorksUntil: timestampFromDate(row.previousUntil) }),
  };
}
