import { timingSafeEqual } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppError } from '@quotemaster/errors';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hashSecretToken } from '../credentials/secret-token.ts';
import { erasureStore } from '../store/erasure-store.ts';

export function getReceipt({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.getReceipt, async ({ id, receiptToken }) => {
    const found = await erasureStore.find(postgres.db, id);
    if (found === undefined || !timingSafeEqual(found.erasure.tokenHash, hashSecretToken(receiptToken ?? '')))
      throw new AppError(userErrors.receiptNotFound);
    const { erasure, steps } = found;
    return {
      receipt: {
        id,
        ...stateOf(erasure.completedAt),
        requestedAt: timestampFromDate(erasure.requestedAt),
        services: steps.map(({ service, completedAt }) => ({ service, ...stateOf(completedAt) })),
      },
    };
  });
}

function stateOf(completedAt: Date | null) {
  return completedAt === null ? { status: 'pending' } : { status: 'done', completedAt: timestampFromDate(completedAt) };
}
