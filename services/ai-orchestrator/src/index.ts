import { join } from 'node:path';

export { readAiOrchestratorConfig } from './config.ts';
export type { AiOrchestratorConfig } from './config.ts';
export type { AiOrchestratorDeps } from './context.ts';
export { buildAiOrchestrator } from './server.ts';
export type { AiOrchestrator } from './server.ts';

/** What migrate() of libs/postgres needs of this service. */
export const aiMigrations = { service: 'ai', schema: 'ai', folder: join(import.meta.dirname, 'store/migrations') } as const;
