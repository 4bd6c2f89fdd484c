import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { migrate } from '@quotemaster/postgres';
import { readMigrateConfig, readQuoteConfig } from './config.ts';
import { buildQuote, quoteMigrations } from './index.ts';

const [command] = process.argv.slice(2);

// Without a command it serves until it is told to stop; `migrate` brings the schema up to date and ends.
await runMain(process, async (env) => {
  if (command === 'migrate') {
    await migrate({ ...quoteMigrations, ...readMigrateConfig(env), logger: createLogger({ service: 'quote' }) });
    return { stop: () => Promise.resolve() };
  }
  if (command !== undefined) throw new Error(`there is no command ${JSON.stringify(command)}, only "migrate"`);
  const config = readQuoteConfig(env);
  const logger = createLogger({ service: 'quote', level: config.logLevel });
  const quote = buildQuote(config, { logger });
  const { isReady, checks, metrics } = quote;
  // The program's own stop takes 15 s at most.
  const lifecycle = createLifecycle({ logger, stopTimeoutMs: 30_000 });
  lifecycle.add({ name: 'traces', stop: () => flushTraces(logger) });
  // It is there before and after the service, so that probes see it start and drain.
  lifecycle.add(createAdminServer({ host: config.host, port: config.adminPort, registries: [metrics.registry], isReady, checks, logger }));
  lifecycle.add(quote);
  await lifecycle.start();
  logger.info({ address: quote.address }, 'the quote service is up');
  return lifecycle;
});
