interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: bigint;
  /** A part of it is an upper estimate. */
  readonly estimated?: boolean | undefined;
}

/** Adds up what several calls consumed. */
export function sumUsage(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, usage) => ({
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      costMicroUsd: sum.costMicroUsd + usage.costMicroUsd,
      estimated: sum.estimated === true || usage.estimated === true,
    }),
    { inputTokens: 0, outputTokens: 0, costMicroUsd: 0n, estimated: false },
  );
}
