/** Where an answer came from and what it cost, as ai-orchestrator tells it. */
export interface Origin {
  readonly provider: string;
  readonly model: string;
  readonly cached: string;
  readonly degraded: boolean;
  /** The code of the error that the models' own answer ended with; undefined unless degraded. */
  readonly degradedReason?: string | undefined;
  readonly decisionId: string;
  readonly latencyMs: number;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costMicroUsd: bigint };
}

/** Tells of several answers as one: the facts of `best`, with time and cost summed over all that were paid for. */
export function sumOrigins(best: Origin, all: readonly Origin[]): Origin {
  return {
    ...best,
    degraded: all.some((origin) => origin.degraded),
    degradedReason: all.find((origin) => origin.degraded)?.degradedReason,
    latencyMs: sum(all.map((origin) => origin.latencyMs)),
    usage: {
      inputTokens: sum(all.map((origin) => origin.usage.inputTokens)),
      outputTokens: sum(all.map((origin) => origin.usage.outputTokens)),
      costMicroUsd: all.reduce((total, origin) => total + origin.usage.costMicroUsd, 0n),
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
