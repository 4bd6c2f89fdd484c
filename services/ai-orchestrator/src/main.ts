import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { migrate } from '@quotemaster/postgres';
import { replayCommand } from './commands/replay-command.ts';
import { readAiOrchestratorConfig, readMigrateConfig } from './config.ts';
import { aiMigrations, buildAiOrchestrator } from './index.ts';

const [command, ...args] = process.argv.slice(2);

// Without a command it serves until it is told to stop; `migrate` brings the schema up to date, `replay` explains a decision, and both end.
await runMain(process, async (env) => {
  if (command === 'migrate') {
    await migrate({ ...aiMigrations, ...readMigrateConfig(env), logger: createLogger({ service: 'ai-orchestrator' }) });
    return { stop: () => Promise.resolve() };
  }
  if (command === 'replay') {
    process.exitCode = await replayCommand(args, { env, stdout: process.stdout, stderr: process.stderr });
    return { stop: () => Promise.resolve() };
  }
  if (command !== undefined) throw new Error(`there is no command ${JSON.stringify(command)}, only "migrate" and "replay"`);
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
