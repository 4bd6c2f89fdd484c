import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDevelopmentServiceKeys, openServiceAuth } from '@quotemaster/auth';
import type { ServiceIdentity } from '@quotemaster/auth';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import type { NodeProcess } from '@quotemaster/testkit/node-process';
import { startTestRedisServer } from '@quotemaster/testkit/redis-faces';

/** A gateway as it runs in production, with its Redis, before services that answer at once. */
export interface EdgeSystem {
  readonly url: string;
  readonly gatewayPid: number;
  /** Where the stand-in of quote answers, and the gateway's own identity to call it with. */
  readonly quoteAddress: string;
  readonly identity: ServiceIdentity;
  /** Access tokens of 64 people. */
  readonly tokens: readonly string[];
  stop(): Promise<void>;
}

/** Starts it. `env` goes to the gateway. */
export async function startEdgeSystem(env: Readonly<Record<string, string>> = {}): Promise<EdgeSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qm-edge-'));
  const keys = ensureDevelopmentServiceKeys(dataDir, ['gateway', 'user', 'quote']);
  const [user = 0, quote = 0, http = 0, admin = 0] = await findFreePorts(4);
  const redis = await startTestRedisServer();
  const standIns = startNodeProcess({
    script: 'deploy/bench/stand-ins.ts',
    env: {
      PORT_USER: String(user),
      PORT_QUOTE: String(quote),
      KEY_FILE_USER: keys.keyFile('user'),
      KEY_FILE_QUOTE: keys.keyFile('quote'),
      JWKS_FILE: keys.jwksFile,
    },
  });
  const tokens = await readTokens(standIns);
  const gateway = startNodeProcess({
    script: 'services/gateway/src/main.ts',
    nodeArgs: ['--import', '@quotemaster/observe/register'],
    env: {
      QM_LOG_LEVEL: 'error',
      QM_DATA_DIR: dataDir,
      QM_HTTP_PORT: String(http),
      QM_ADMIN_PORT: String(admin),
      QM_USER_ADDR: `dns:///127.0.0.1:${String(user)}`,
      QM_QUOTE_ADDR: `dns:///127.0.0.1:${String(quote)}`,
      QM_SERVICE_KEY_FILE: keys.keyFile('gateway'),
      QM_SERVICE_JWKS_FILE: keys.jwksFile,
      REDIS_URL: `redis://127.0.0.1:${String(redis.port)}`,
      ...env,
    },
  });
  await untilReady(gateway, `http://127.0.0.1:${String(admin)}/readyz`);
  const { identity } = openServiceAuth({ name: 'gateway', keyFile: keys.keyFile('gateway'), jwksFile: keys.jwksFile });
  return {
    url: `http://127.0.0.1:${String(http)}`,
    gatewayPid: gateway.pid,
    quoteAddress: `dns:///127.0.0.1:${String(quote)}`,
    identity,
    tokens,
    async stop() {
      await gateway.end('SIGTERM');
      await standIns.end('SIGTERM');
      await redis.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function readTokens(standIns: NodeProcess): Promise<string[]> {
  for (let tries = 0; tries < 300; tries += 1) {
    const line = /^tokens (?<list>.*)$/m.exec(standIns.output())?.groups?.['list'];
    if (line !== undefined) return JSON.parse(line) as string[];
    if (standIns.hasEnded()) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the stand-ins did not start:\n${standIns.output()}`);
}

const agent = new Agent({ keepAlive: true });

/** Makes one call with as little of the caller's own CPU as Node allows, and gives its status. */
export function call(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; etag: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent, timeout: 30_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, text }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
    request.on('error', reject);
    request.end(body);
  });
}
