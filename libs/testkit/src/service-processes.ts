import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDevelopmentServiceKeys } from '@quotemaster/auth';
import type { ScratchDatabase } from '@quotemaster/postgres';
import type { BuiltPrograms } from './built-programs.ts';
import { findFreePorts, startNodeProcess, untilReady } from './node-process.ts';
import type { NodeProcess } from './node-process.ts';

/** The services as they run outside of standalone, in the order in which they are started, and what each owns. */
const services = [
  { name: 'ai-orchestrator', address: 'QM_AI_ADDR', database: 'DATABASE_URL_AI', role: 'ai' },
  { name: 'user', address: 'QM_USER_ADDR', database: 'DATABASE_URL_USER', role: 'user' },
  { name: 'quote', address: 'QM_QUOTE_ADDR', database: 'DATABASE_URL_QUOTE', role: 'quote' },
  { name: 'gateway' },
] as const;

export type ServiceName = (typeof services)[number]['name'];

/** Every service as a process of its own, on one Postgres and one Redis. */
export interface ServiceProcesses {
  readonly names: readonly ServiceName[];
  /** Where the gateway answers. */
  readonly url: string;
  /** Where health and metrics of a service are. */
  adminUrl(name: ServiceName): string;
  /** The gRPC address of a service. */
  address(name: Exclude<ServiceName, 'gateway'>): string;
  pid(name: ServiceName): number;
  /** What a service has printed since its last start. */
  output(name: ServiceName): string;
  /** Its key and everyone's public keys, to call as that service. */
  keyFiles(name: ServiceName): { readonly keyFile: string; readonly jwksFile: string };
  /** How it ended; null when a signal ended it, undefined while it runs. */
  exitCode(name: ServiceName): number | null | undefined;
  /** Ends a service by a signal, and waits for its end. */
  end(name: ServiceName, signal: NodeJS.Signals): Promise<void>;
  /** Starts a service that has ended, at its old addresses, and waits until it is ready. */
  start(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceProcessesOptions {
  readonly database: ScratchDatabase;
  readonly redisUrl: string;
  /** For all of them, over what is set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs what was compiled, as images do. Default: the sources. */
  readonly built?: BuiltPrograms;
}

/**
 * Migrates the database, starts every service as `npm start -w services/<name>` does, and waits until each is ready.
 * @throws Error with the output of the one that did not become ready.
 */
export async function startServiceProcesses({ database, redisUrl, env = {}, built }: ServiceProcessesOptions): Promise<ServiceProcesses> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qm-services-'));
  const names = services.map(({ name }) => name);
  const keys = ensureDevelopmentServiceKeys(dataDir, names);
  const ports = await findFreePorts(2 * services.length);
  const portsOf = (name: ServiceName): { port: string; adminPort: string } => {
    const index = names.indexOf(name);
    return { port: String(ports[2 * index]), adminPort: String(ports[2 * index + 1]) };
  };
  const addressOf = (name: ServiceName): string => `dns:///127.0.0.1:${portsOf(name).port}`;
  const addresses = Object.fromEntries(services.flatMap((one) => ('address' in one ? [[one.address, addressOf(one.name)]] : [])));
  const scriptOf = (name: ServiceName): string => built?.script(name) ?? `services/${name}/src/main.ts`;
  const nodeArgs = built?.nodeArgs ?? ['--import', '@quotemaster/observe/register'];
  const running = new Map<ServiceName, NodeProcess>();
  const exitCodes = new Map<ServiceName, number | null>();

  function environmentOf(service: (typeof services)[number]): Record<string, string> {
    const { port, adminPort } = portsOf(service.name);
    return {
      ...built?.env,
      QM_DATA_DIR: dataDir,
      QM_SERVICE_KEY_FILE: keys.keyFile(service.name),
      QM_SERVICE_JWKS_FILE: keys.jwksFile,
      QM_ADMIN_PORT: adminPort,
      REDIS_URL: redisUrl,
      ...addresses,
      ...(service.name === 'gateway' ? { QM_HTTP_PORT: port } : { QM_GRPC_PORT: port }),
      ...('database' in service ? { [service.database]: database.appUrl(service.role).reveal() } : {}),
      ...env,
    };
  }

  async function migrate(service: (typeof services)[number]): Promise<void> {
    if (!('database' in service)) return;
    const migration = startNodeProcess({
      script: scriptOf(service.name),
      args: ['migrate'],
      env: { ...environmentOf(service), DATABASE_ADMIN_URL: database.adminUrl.reveal() },
    });
    if ((await migration.ended()) !== 0) throw new Error(`${service.name} could not be migrated:\n${migration.output()}`);
  }

  async function start(name: ServiceName): Promise<void> {
    const service = services.find((one) => one.name === name) as (typeof services)[number];
    const process = startNodeProcess({
      script: scriptOf(name),
      nodeArgs,
      env: environmentOf(service),
    });
    running.set(name, process);
    exitCodes.delete(name);
    await untilReady(process, `http://127.0.0.1:${portsOf(name).adminPort}/readyz`);
  }

  async function stop(): Promise<void> {
    // The edge first, as a deploy does.
    for (const name of names.toReversed()) await running.get(name)?.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }

  try {
    for (const service of services) {
      await migrate(service);
      await start(service.name);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    names,
    url: `http://127.0.0.1:${portsOf('gateway').port}`,
    adminUrl: (name) => `http://127.0.0.1:${portsOf(name).adminPort}`,
    address: addressOf,
    pid: (name) => running.get(name)?.pid ?? 0,
    output: (name) => running.get(name)?.output() ?? '',
    keyFiles: (name) => ({ keyFile: keys.keyFile(name), jwksFile: keys.jwksFile }),
    async end(name, signal) {
      exitCodes.set(name, (await running.get(name)?.end(signal)) ?? null);
    },
    exitCode: (name) => exitCodes.get(name),
    start,
    stop,
  };
}
