export { createAdminServer } from './admin-server.ts';
export type { AdminServer } from './admin-server.ts';
export { flushTraces } from './flush-traces.ts';
export { createLogger, readLogLevel } from './logger.ts';
export type { Logger, LogLevel } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export type { ReadinessCheck } from './readiness.ts';
export { activeTraceparent, recordFailure, runWithTraceparent, withSpan } from './trace-context.ts';
