export { readAiOrchestratorConfig } from './config.ts';
export type { AiOrchestratorConfig } from './config.ts';
export type { AiOrchestratorDeps } from './context.ts';
export { buildAiOrchestrator } from './server.ts';
export type { AiOrchestrator } from './server.ts';
export { aiMigrations } from './store/migrations.ts';
