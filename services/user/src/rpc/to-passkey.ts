import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { PasskeySchema } from '@quotemaster/contract/user';
import type { PasskeyRow } from '../store/factor-store.ts';

/** Shows a passkey to its owner. */
export function toPasskey(
  row: Pick<PasskeyRow, 'id' | 'name' | 'backedUp' | 'createdAt' | 'lastUsedAt'>,
): MessageInitShape<typeof PasskeySchema> {
  return {
    id: row.id,
    name: row.name,
    backedUp: row.backedUp,
    createdAt: timestampFromDate(row.createdAt),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: timestampFromDate(row.lastUsedAt) }),
  };
}
