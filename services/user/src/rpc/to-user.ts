import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { UserSchema } from '@quotemaster/contract/user';
import type { UserAccount } from '../store/user-store.ts';

/** Shows an account to its owner. */
export function toUser(account: UserAccount): MessageInitShape<typeof UserSchema> {
  return {
    id: account.id,
    email: account.email,
    ...(account.username === null ? {} : { username: account.username }),
    ...(account.fullName === null ? {} : { fullName: account.fullName }),
    role: account.role,
    isActive: account.isActive,
    isVerified: account.isVerified,
    createdAt: timestampFromDate(account.createdAt),
    updatedAt: timestampFromDate(account.updatedAt),
  };
}
