import { setTimeout as sleep } from 'node:timers/promises';
import { DecisionService, decisionErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { Decision } from '../domain/decision.ts';
import { toDecisionMessage } from './to-decision-message.ts';

/** Another replica writes what it decided within a moment: who asks for something this new is given that moment. */
const youngMs = 2_000;
const lookAgainMs = 150;
const looksMax = 4;

/** Gives a decision to its owner and to administrators; to others there is none. */
export function getDecision({ decisions, clock }: Pick<Context, 'decisions' | 'clock'>): RpcHandler {
  return handleRpc(DecisionService.method.getDecision, async ({ id }, call) => {
    const { userId, role } = call.requirePrincipal();
    let found: Decision | undefined = await decisions.find(id);
    for (let looks = 1; found === undefined && looks < looksMax && clock.now() - timeOf(id) < youngMs; looks += 1) {
      await sleep(lookAgainMs, undefined, { signal: call.signal });
      found = await decisions.find(id);
    }
    if (found === undefined || (found.userId !== userId && role !== 'admin')) throw new AppError(decisionErrors.decisionNotFound);
    return { decision: toDecisionMessage(found) };
  });
}

/** When a UUIDv7 was made, in milliseconds of the epoch; long ago for any other id. */
function timeOf(id: string): number {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : 0;
}
