import { PrivacyService } from '@quotemaster/contract/privacy';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { exportOwnData } from '../privacy/own-data.ts';

/** This service's part of an export, as every service with data gives its own. */
export function exportOwn({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(PrivacyService.method.export, ({ userId }) => exportOwnData(postgres.db, userId, new Date(clock.now())));
}
