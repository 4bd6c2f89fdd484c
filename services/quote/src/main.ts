import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { migrate } from '@quotemaster/postgres';
import { readMigrateConfig, readQuoteConfig } from './config.ts';
import { buildQuote, quoteMigrations } from './index.ts';

// `node src/main.ts` serves until it is told to stop; `node src/main.ts migrate` brings the schema up to date and ends.
await runMain(process, async (env) => {
  if (process.argv[2] === 'migrate') {
    await migrate({ ...quoteMigrations, ...readMigrateConfig(env), logger: createLogger({ service: 'quote' }) });
    return { stop: () => Promise.resolve() };
  }
  const config = readQuoteConfig(env);
  const quote = buildQuote(config);
  const { logger, metrics, checks } = quote;
  const lifecycle = createLifecycle({ logger, stopTimeoutMs: 20_000 });
  lifecycle.add({ name: 'traces', stop: () => flushTraces(logger) });
  // The admin server is there before and after the service: probes see it start and drain.
  lifecycle.add(createAdminServer({ port: config.adminPort, host: config.host, registries: [metrics.registry], isReady: quote.isReady, checks, logger }));
  lifecycle.add({ name: 'quote', start: () => quote.start(), stop: () => quote.stop() });
  await lifecycle.start();
  return lifecycle;
});
