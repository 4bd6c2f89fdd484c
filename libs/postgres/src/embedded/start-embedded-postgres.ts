import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@quotemaster/config';
import type { Logger } from '@quotemaster/observe';
import { embeddedAddress } from './address.ts';
import type { EmbeddedAddress } from './address.ts';
import { findPostgresBinaries } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { makeFolder } from './make-folder.ts';
import { clearOrphan } from './orphan.ts';
import { chooseRunAs } from './run-as.ts';
import type { RunAs } from './run-as.ts';
import { startServerProcess } from './server-process.ts';

export interface EmbeddedPostgres extends EmbeddedAddress {
  /** Stops the server and resolves when its processes are gone. Safe to call more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The database lives in its folder `postgres`. */
  readonly dataDir: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly logger: Logger;
  /** False leaves fsync out: for tests only. */
  readonly durable?: boolean;
}

// Long enough for the last children of a killed server to end.
const startWaitMs = 6_000;
const retryMs = 200;

/**
 * Starts a Postgres of our own as a child process, on 127.0.0.1 with a random password kept in the data folder.
 *
 * Makes the database at the first start; after a kill -9 of us, of the server or of both, ends what is left and recovers.
 * The server ends when this process does, however that ends.
 * @throws ConfigError naming QM_DATA_DIR when the folder can't be written, is in use, or holds another version's data.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, durable = true } = options;
  const { dataDir, cluster, runAs } = await openFolder(resolve(options.dataDir));
  const binaries = await findPostgresBinaries(join(dataDir, 'postgres-lib'));
  const password = await prepareCluster(dataDir, cluster, binaries, runAs);
  await clearOrphan(cluster);

  const endsAt = performance.now() + startWaitMs;
  for (;;) {
    const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
    const server = startServerProcess({
      binaries,
      runAs,
      cluster,
      port,
      durable,
      onLine: (line) => logger.debug({ line }, 'the embedded Postgres says'),
      onUnexpectedExit: (lines) => logger.error({ lines }, 'the embedded Postgres ended unexpectedly'),
    });
    try {
      await server.ready();
    } catch (error) {
      await server.stop();
      // Somebody may have taken the port since we found it free, or a killed server's child still be at its last statement.
      if (performance.now() > endsAt) throw error;
      await sleep(retryMs);
      continue;
    }
    return { ...embeddedAddress(port, password), stop: () => server.stop() };
  }
}

/** The folder's one true name comes out: the server is known by it again, whatever links lead there. */
async function openFolder(path: string): Promise<{ dataDir: string; cluster: string; runAs: RunAs }> {
  try {
    await makeFolder(path);
    const dataDir = await realpath(path);
    const cluster = join(dataDir, 'postgres');
    return { dataDir, cluster, runAs: await chooseRunAs(dataDir, cluster) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError([
      { variable: 'QM_DATA_DIR', expected: 'a folder that this user may write', found: `${JSON.stringify(path)} (${code})` },
    ]);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
