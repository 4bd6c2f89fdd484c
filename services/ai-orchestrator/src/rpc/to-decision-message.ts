import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AttemptSchema, ChoiceSchema, DecisionSchema } from '@quotemaster/contract/ai';
import type { AttemptRecord, AttemptUsage, ChoiceRecord, Decision } from '../domain/decision.ts';

/** Turns a decision into its message. */
export function toDecisionMessage(decision: Decision): MessageInitShape<typeof DecisionSchema> {
  const { id, operation, model, streamed, timeoutMs, latencyMs, outcome, cached, quality, usage, policy, choices, attempts } = decision;
  return {
    ...{ id, operation, requestedModel: model, streamed, timeoutMs, latencyMs, outcome, cached },
    createdAt: timestampFromMs(decision.createdAt),
    ...(quality === undefined ? {} : { quality }),
    usage: toUsage(usage),
    policy,
    choices: choices.map(toChoice),
    attempts: attempts.map(toAttempt),
  };
}

function toChoice(choice: ChoiceRecord): MessageInitShape<typeof ChoiceSchema> {
  const { purpose, atMs, seed, chosen, why, drawn, setAside, options, utilities } = choice;
  return {
    ...{ purpose, atMs, seed, chosen, why, drawn: [...drawn], setAside: [...setAside] },
    options: options.map((option) => {
      const { key, excluded, isTrial, latencyMs, success, costUsd, ramp, headroom, inFlight, inFlightMax, samples, weight } = option;
      const utility = utilities[key];
      return {
        ...{ key, isTrial, success, costUsd, ramp, headroom, inFlight, inFlightMax, samples, weight },
        ...(excluded === undefined ? {} : { excluded }),
        ...(latencyMs === undefined ? {} : { latencyMs }),
        ...(utility === undefined ? {} : { factors: utility, utility: utility.total }),
      };
    }),
  };
}

function toAttempt(attempt: AttemptRecord): MessageInitShape<typeof AttemptSchema> {
  const { provider, model, purpose, isTrial, startedMs, durationMs, firstTokenMs, outcome, status, retryAfterMs, usage } = attempt;
  return {
    ...{ provider, model, purpose, isTrial, startedMs, durationMs, outcome, usage: toUsage(usage), estimated: usage.estimated === true },
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.round(retryAfterMs) }),
  };
}

function toUsage({ inputTokens, outputTokens, costMicroUsd }: AttemptUsage): {
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: bigint;
} {
  return { inputTokens, outputTokens, costMicroUsd };
}
