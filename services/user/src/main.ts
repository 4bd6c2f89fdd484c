import { createLifecycle, runMain } from '@quotemaster/lifecycle';
import { createAdminServer, createLogger, flushTraces } from '@quotemaster/observe';
import { runCommand } from './commands/run-command.ts';
import { readUserConfig } from './config.ts';
import { buildUser } from './server.ts';

const [command, ...args] = process.argv.slice(2);

if (command === undefined) {
  await runMain(process, async (env) => {
    const config = readUserConfig(env);
    const logger = createLogger({ service: 'user', level: config.logLevel });
    const user = buildUser(config, { logger });
    const { isReady, checks, metrics } = user;
    const lifecycle = createLifecycle({ logger, stopTimeoutMs: 30_000 });
    lifecycle.add({ name: 'traces', stop: () => flushTraces(logger) });
    lifecycle.add(
      createAdminServer({ host: config.host, port: config.adminPort, registries: [metrics.registry], isReady, checks, logger }),
    );
    lifecycle.add(user);
    await lifecycle.start();
    logger.info({ address: user.address }, 'the user service is up');
    return lifecycle;
  });
} else {
  process.exitCode = await runCommand(command, args, process);
}
