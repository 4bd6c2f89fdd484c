export { createPolicy } from './policy.ts';
export type { CallPolicy, PolicyOptions } from './policy.ts';
export type { PolicyMetrics } from './policy-metrics.ts';
