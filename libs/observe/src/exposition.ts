import { Registry, collectDefaultMetrics } from 'prom-client';

export const expositionContentType = Registry.PROMETHEUS_CONTENT_TYPE;

let processMetrics: Registry | undefined;

/**
 * Renders several registries as one page in Prometheus' text format, with the metrics of the process (CPU, memory, event loop,
 * garbage collection) before them.
 *
 * Registries may hold the same metric: its samples then stand together under one head, as the format demands.
 */
export async function renderMetrics(registries: readonly Registry[]): Promise<string> {
  const blocks = new Map<string, { head: string[]; samples: string[] }>();
  for (const registry of [processRegistry(), ...new Set(registries)]) {
    for (const metric of registry.getMetricsAsArray()) {
      const lines = (await registry.getSingleMetricAsString(metric.name)).split('\n').filter((line) => line !== '');
      const samples = lines.filter((line) => !line.startsWith('#'));
      const block = blocks.get(metric.name);
      if (block === undefined) blocks.set(metric.name, { head: lines.filter((line) => line.startsWith('#')), samples });
      else block.samples.push(...samples);
    }
  }
  return [...blocks.values()].map(({ head, samples }) => `${[...head, ...samples].join('\n')}\n`).join('\n');
}

/** The process has one heap and one event loop, so its metrics exist once, made when they are first read. */
function processRegistry(): Registry {
  if (processMetrics === undefined) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  return processMetrics;
}
