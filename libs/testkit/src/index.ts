export { createFakeClock } from './fake-clock.ts';
export type { FakeClock } from './fake-clock.ts';
export { createMemoryLog } from './memory-log.ts';
export type { MemoryLog } from './memory-log.ts';
export { sequentialIds } from './sequential-ids.ts';
export { waitUntil } from './wait-until.ts';
