import { isRole } from '@quotemaster/auth';
import type { Role } from '@quotemaster/auth';
import { AdminService, adminErrors, userErrors } from '@quotemaster/contract/user';
import type { UpdateUserRequest } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { userStore } from '../store/user-store.ts';
import type { UserCredentials } from '../store/user-store.ts';
import { endSessions } from './end-sessions.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'events'>;

export function updateUser(context: Needs): RpcHandler {
  const { clock, postgres } = context;
  return handleRpc(AdminService.method.updateUser, async (request, call) => {
    const actor = call.requirePrincipal().userId;
    return withEvents(postgres, call, async (source) => {
      // Always these first and in one order: two administrators who change each other can't wait for each other.
      const admins = await userStore.lockActiveAdmins(source.tx);
      const before = await userStore.lock(source.tx, request.id);
      if (before === undefined) throw new AppError(userErrors.notFound);
      const wanted = readStanding(request, before);
      const losesAdmin = before.role === 'admin' && before.isActive && (wanted.role !== 'admin' || !wanted.isActive);
      if (losesAdmin && admins <= 1) throw new AppError(adminErrors.lastAdmin);
      const user = await userStore.setStanding(source.tx, before.id, wanted, new Date(clock.now()));
      if (user === undefined) throw new AppError(userErrors.notFound);
      await tell(source, context, before, wanted, actor);
      return { user: toUser(user) };
    });
  });
}

function readStanding({ role, isActive, updateMask }: UpdateUserRequest, before: UserCredentials): { role: Role; isActive: boolean } {
  const names = updateMask?.paths ?? [];
  return {
    role: names.includes('role') && isRole(role) ? role : before.role,
    isActive: names.includes('is_active') && isActive !== undefined ? isActive : before.isActive,
  };
}

async function tell(
  source: EventSource,
  context: Needs,
  before: UserCredentials,
  now: { role: Role; isActive: boolean },
  actor: string,
): Promise<void> {
  const { events } = context;
  const userId = before.id;
  if (before.role !== now.role) await events.roleChanged(source, { userId, from: before.role, to: now.role, actor });
  if (before.isActive === now.isActive) return;
  await events.standingChanged(source, { userId, isActive: now.isActive, actor });
  if (!now.isActive) await endSessions(source, context, { userId, reason: 'account_closed', actor });
  const keys = await apiKeyStore.list(source.tx, userId, undefined, 1_000);
  await events.keysForgotten(source, { userId, keyIds: keys.map(({ id }) => id) });
}
