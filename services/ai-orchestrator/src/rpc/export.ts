import { create, toJsonString } from '@bufbuild/protobuf';
import { DecisionSchema } from '@quotemaster/contract/ai';
import { PrivacyService } from '@quotemaster/contract/privacy';
import { handleRpc, requireOwnData } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { toDecisionMessage } from './to-decision-message.ts';

const rowsAtOnce = 200;

/** Gives the decisions about the user's requests, newest first, read a page at a time at the reader's pace. */
export function exportData({ decisionStore }: Pick<Context, 'decisionStore'>): RpcHandler {
  return handleRpc(PrivacyService.method.export, async function* ({ userId }, call) {
    requireOwnData(call, userId);
    let before: string | undefined;
    do {
      const page = await decisionStore.listOf(userId, before, rowsAtOnce);
      for (const decision of page) {
        const message = create(DecisionSchema, toDecisionMessage(decision));
        yield { kind: 'ai_decision', json: toJsonString(DecisionSchema, message, { alwaysEmitImplicit: true }) };
      }
      before = page.length === rowsAtOnce ? page.at(-1)?.id : undefined;
    } while (before !== undefined);
  });
}
