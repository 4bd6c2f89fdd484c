import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one context. Each maker gives back the metric of that name where there is one. */
export interface Metrics {
  readonly registry: Registry;
  /** `name` ends in `_total`. The caller keeps the values of each label to a small, fixed set. */
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** `collect` sets the value when the metrics are read. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** Seconds by default: buckets from 1 ms to 60 s. `name` ends in its unit. */
  histogram<L extends string = never>(name: string, help: string, labels?: readonly L[], buckets?: readonly number[]): Histogram<L>;
  /** All names, sorted: what a golden file compares. */
  names(): readonly string[];
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Creates the Prometheus metrics of one service context, in a registry of its own.
 *
 * Every sample bears `qm_service`, so that contexts which share a process can share a page. (Kubernetes' operator owns the
 * label `service`.)
 */
export function createMetrics(options: { service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ qm_service: options.service });

  function existing<M>(name: string, type: new (...parameters: never[]) => M): M | undefined {
    const metric: unknown = registry.getSingleMetric(name);
    if (metric === undefined || metric instanceof type) return metric;
    throw new Error(`the metric ${name} exists and is no ${type.name}`);
  }

  return {
    registry,
    counter: <L extends string = never>(name: string, help: string, labels: readonly L[] = []) =>
      existing<Counter<L>>(name, Counter) ?? new Counter<L>({ name, help, labelNames: labels, registers: [registry] }),
    gauge: <L extends string = never>(
      name: string,
      help: string,
      labels: readonly L[] = [],
      collect?: (gauge: Gauge<L>) => void | Promise<void>,
    ) =>
      existing<Gauge<L>>(name, Gauge) ??
      new Gauge<L>({
        name,
        help,
        labelNames: labels,
        registers: [registry],
        ...(collect === undefined
          ? {}
          : {
              collect() {
                return collect(this);
              },
            }),
      }),
    histogram: <L extends string = never>(
      name: string,
      help: string,
      labels: readonly L[] = [],
      buckets: readonly number[] = secondsBuckets,
    ) =>
      existing<Histogram<L>>(name, Histogram) ??
      new Histogram<L>({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
    names: () =>
      registry
        .getMetricsAsArray()
        .map((metric) => metric.name)
        .sort(),
  };
}
