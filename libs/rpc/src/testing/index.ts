export { createTestName } from './test-name.ts';
export type { TestName } from './test-name.ts';
