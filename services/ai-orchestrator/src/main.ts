import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { readAiOrchestratorConfig } from './config.ts';
import { buildAiOrchestrator } from './server.ts';

await runMain(process, async (env) => {
  const config = readAiOrchestratorConfig(env);
  const logger = createLogger({ service: 'ai-orchestrator', level: config.logLevel });
  const orchestrator = buildAiOrchestrator(config, { logger });
  const { isReady, checks, metrics } = orchestrator;
  // The program's own stop takes 15 s at most.
  const lifecycle = createLifecycle({ logger, stopTimeoutMs: 30_000 });
  lifecycle.add({ name: 'traces', stop: () => flushTraces(logger) });
  // It is there before and after the service, so that probes see it start and drain.
  lifecycle.add(createAdminServer({ host: config.host, port: config.adminPort, registries: [metrics.registry], isReady, checks, logger }));
  lifecycle.add(orchestrator);
  await lifecycle.start();
  logger.info({ address: orchestrator.address }, 'ai-orchestrator is up');
  return lifecycle;
});
