import { CircuitState } from 'cockatiel';

/** What this lib needs of observe's Metrics, which is of the same layer. */
export interface PolicyMetrics {
  counter<L extends string>(name: string, help: string, labels: readonly L[]): { inc(labels: Record<L, string>): void };
  gauge<L extends string>(name: string, help: string, labels: readonly L[]): { set(labels: Record<L, string>, value: number): void };
  histogram<L extends string>(
    name: string,
    help: string,
    labels: readonly L[],
  ): { observe(labels: Record<L, string>, value: number): void };
}

interface ObservedPolicy {
  /** Begins a call; what it gives ends it with `success`, the code of an AppError, or `failure`. */
  started(): (outcome: string) => void;
  retried(): void;
  circuitChanged(state: CircuitState): void;
}

const circuitLevels: Readonly<Record<CircuitState, number>> = {
  [CircuitState.Closed]: 0,
  [CircuitState.HalfOpen]: 1,
  [CircuitState.Open]: 2,
  [CircuitState.Isolated]: 2,
};

/** Creates the metrics of one policy; without `metrics` nothing is counted. */
export function observePolicy(dependency: string, metrics: PolicyMetrics | undefined): ObservedPolicy {
  const seconds = metrics?.histogram('dependency_call_seconds', 'Calls to a dependency, retries and queueing included.', [
    'dependency',
    'outcome',
  ]);
  const retries = metrics?.counter('dependency_retries_total', 'Attempts after the first.', ['dependency']);
  const circuit = metrics?.gauge('dependency_circuit_state', 'The circuit breaker: 0 closed, 1 half-open, 2 open.', ['dependency']);
  return {
    started() {
      const startedAt = performance.now();
      return (outcome) => seconds?.observe({ dependency, outcome }, (performance.now() - startedAt) / 1_000);
    },
    retried: () => retries?.inc({ dependency }),
    circuitChanged: (state) => circuit?.set({ dependency }, circuitLevels[state]),
  };
}
