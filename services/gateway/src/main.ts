import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { buildGateway, readGatewayConfig } from './index.ts';

await runMain(process, async (env) => {
  const config = readGatewayConfig(env);
  const logger = createLogger({ service: 'gateway', level: config.logLevel });
  const gateway = buildGateway(config, { logger });
  const { isReady, checks, metrics } = gateway;
  const lifecycle = createLifecycle({ logger, stopTimeoutMs: 30_000 });
  lifecycle.add({ name: 'traces', stop: () => flushTraces(logger) });
  // It is there before and after the gateway, so that probes see it start and drain.
  lifecycle.add(createAdminServer({ host: config.host, port: config.adminPort, registries: [metrics.registry], isReady, checks, logger }));
  lifecycle.add(gateway);
  await lifecycle.start();
  logger.info({ port: gateway.port }, 'the gateway is up');
  return lifecycle;
});
