import { resolve } from 'node:path';
import { aiMigrations, buildAiOrchestrator, readAiOrchestratorConfig } from '@quotemaster/ai-orchestrator';
import { ensureDevelopmentServiceKeys } from '@quotemaster/auth';
import type { Environment } from '@quotemaster/config';
import { buildGateway, readGatewayConfig } from '@quotemaster/gateway';
import { createLifecycle, systemClock } from '@quotemaster/lifecycle';
import type { RunningProgram } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, createMetrics, flushTraces } from '@quotemaster/observe';
import { migrate, startEmbeddedPostgres } from '@quotemaster/postgres';
import { buildQuote, quoteMigrations, readQuoteConfig } from '@quotemaster/quote';
import type { QuoteProgram } from '@quotemaster/quote';
import { createRedis, createRedisTwin } from '@quotemaster/redis';
import { buildUser, readUserConfig, userMigrations } from '@quotemaster/user';
import { banner } from './banner.ts';
import { readStandaloneConfig } from './config.ts';
import { late } from './late.ts';
import type { Late } from './late.ts';

const serviceNames = ['gateway', 'user', 'quote', 'ai-orchestrator'];

/** Longer than the longest stop of a service: the gateway's drain of 25 s. */
const stopTimeoutMs = 30_000;

export interface Standalone extends RunningProgram {
  /** Where the gateway answers, `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where health and metrics of the whole process are. */
  readonly adminUrl: string;
}

/**
 * Starts the whole system in this process: an embedded Postgres, migrations, every service on a free port of its own, the gateway, the admin server.
 *
 * Each service reads the same environment that it would read alone; what differs (ports, addresses, stores) is put over it here.
 * @throws ConfigError for a bad variable, a port in use, or a data folder that can't be used.
 */
export async function startStandalone(env: Environment, print: (text: string) => void): Promise<Standalone> {
  const startedAt = systemClock.monotonic();
  const config = readStandaloneConfig(env);
  const dataDir = resolve(config.dataDir);
  const inner: Environment = { ...env, QM_DATA_DIR: dataDir, QM_GRPC_PORT: '0' };
  const logger = (service: string) => createLogger({ service, level: config.logLevel });
  const lifecycle = createLifecycle({ logger: logger('standalone'), stopTimeoutMs });
  const metrics = createMetrics({ service: 'standalone' });

  const postgres = late('postgres', async () => {
    const server = await startEmbeddedPostgres({ dataDir, logger: logger('postgres') });
    for (const migrations of [userMigrations, quoteMigrations, aiMigrations]) {
      await migrate({ ...migrations, adminUrl: server.adminUrl, appUrl: server.appUrl(migrations.service), logger: logger('migrate') });
    }
    return server;
  });
  const redis =
    config.redis === undefined
      ? createRedisTwin({ clock: systemClock })
      : createRedis({ ...config.redis, logger: logger('redis'), metrics });
  const aiConfig = readAiOrchestratorConfig(inner);
  const ai = late('ai-orchestrator', () => {
    // All keys before any service reads the file that lists them.
    ensureDevelopmentServiceKeys(dataDir, serviceNames);
    return buildAiOrchestrator(aiConfig, {
      redis,
      postgresUrl: postgres.get().appUrl(aiMigrations.service),
      logger: logger('ai-orchestrator'),
    });
  });
  const user = late('user', () =>
    buildUser(readUserConfig(inner), {
      redis,
      postgresUrl: postgres.get().appUrl(userMigrations.service),
      logger: logger('user'),
      // Those with data start after it; it calls them when somebody's data are asked for.
      addressOf: (name) => (name === 'quote' ? quote.get().address : ai.get().address),
    }),
  );
  const quote: Late<QuoteProgram> = late('quote', () =>
    buildQuote(readQuoteConfig({ ...inner, QM_AI_ADDR: ai.get().address }), {
      redis,
      postgresUrl: postgres.get().appUrl(quoteMigrations.service),
      logger: logger('quote'),
    }),
  );
  const gateway = late('gateway', () =>
    buildGateway(
      readGatewayConfig({ ...inner, QM_USER_ADDR: user.get().address, QM_QUOTE_ADDR: quote.get().address, QM_AI_ADDR: ai.get().address }),
      {
        redis,
        logger: logger('gateway'),
      },
    ),
  );
  const admin = late('admin server', () => {
    const services = [ai.get(), user.get(), quote.get(), gateway.get()];
    return createAdminServer({
      port: config.adminPort,
      registries: [metrics, ...services.map((service) => service.metrics)].map(({ registry }) => registry),
      isReady: () => lifecycle.isReady(),
      checks: services.flatMap((service) => service.checks),
      logger: logger('standalone'),
    });
  });

  const traces = { name: 'traces', stop: () => flushTraces(logger('standalone')) };
  const redisComponent = { name: 'redis', start: () => redis.start(), stop: () => redis.stop() };
  for (const component of [traces, postgres, redisComponent, ai, user, quote, gateway, admin]) lifecycle.add(component);
  await lifecycle.start();

  const url = `http://127.0.0.1:${String(gateway.get().port)}`;
  const adminUrl = `http://127.0.0.1:${String(admin.get().port)}`;
  const models = aiConfig.ai.providers.flatMap(({ id, models: offered }) => {
    const first = offered.find(({ operation }) => operation === 'chat');
    return first === undefined ? [] : [`${id}/${first.name}`];
  });
  const facts = {
    url,
    adminUrl,
    dataDir,
    models,
    redis: config.redis !== undefined,
    smtp: env['SMTP_URL'] !== undefined,
    otlpEndpoint: env['OTEL_EXPORTER_OTLP_ENDPOINT'],
  };
  print(banner({ ...facts, startedInMs: systemClock.monotonic() - startedAt }));
  return { url, adminUrl, stop: () => lifecycle.stop() };
}
