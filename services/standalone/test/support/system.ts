import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@quotemaster/auth';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres, findEmbeddedPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createMemoryLog, waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { startStandalone } from '../../src/index.ts';
import type { Standalone } from '../../src/index.ts';
import { call, login, password, register } from '../api.ts';
import type { Api } from '../api.ts';

/** The whole system in this process, with limits that a test does not reach by itself. */
export interface TestSystem {
  readonly url: string;
  readonly dataDir: string;
  readonly standalone: Standalone;
  /** The database of the user service, as its own role sees it. */
  readonly users: Postgres;
  /** Registers somebody new. */
  newUser(role?: Role): Promise<Api & { readonly id: string }>;
  /** Makes an API key for somebody who has just signed in. */
  newKey(owner: Api, scopes: readonly string[]): Promise<{ id: string; secret: string }>;
  /** The newest mail to an address, once there are `count`. */
  mailTo(email: string, count?: number): Promise<string>;
  stop(): Promise<void>;
}

let people = 0;

export async function startSystem(env: Record<string, string> = {}): Promise<TestSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qm-system-'));
  const classes = ['AUTH', 'READ', 'WRITE', 'GENERATE', 'UPLOAD', 'ADMIN', 'KEY'];
  const limits = Object.fromEntries(classes.map((name) => [`QM_RATE_${name}_PER_MINUTE`, '100000']));
  const standalone = await startStandalone(
    { QM_DATA_DIR: dataDir, QM_HTTP_PORT: '0', QM_ADMIN_PORT: '0', ...limits, ...env },
    () => undefined,
  );
  const embedded = await findEmbeddedPostgres(dataDir);
  const users = createPostgres({
    url: embedded!.appUrl('user'),
    service: 'test',
    schema: 'user_service',
    logger: createMemoryLog().logger,
    metrics: createMetrics({ service: 'test' }),
  });
  const { url } = standalone;
  return {
    url,
    dataDir,
    standalone,
    users,
    async newUser(role = 'user') {
      const email = `person${String((people += 1))}@example.org`;
      let api = await register(url, email);
      if (role !== 'user') {
        await users.db.execute(sql`UPDATE users SET role = ${role} WHERE email = ${email}`);
        api = await login(url, email);
      }
      const { body } = await api.call('GET', '/v1/users/me');
      return { ...api, id: body.id };
    },
    async newKey(owner, scopes) {
      const { status, body } = await owner.call('POST', '/v1/users/me/api-keys', { name: 'a key', scopes });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { id: body.apiKey.id, secret: body.secret };
    },
    async mailTo(email, count = 1) {
      let found: string[] = [];
      await waitUntil(`mail to ${email}`, async () => (found = await mails(join(dataDir, 'outbox'), email)).length >= count);
      return found.at(-1)!;
    },
    async stop() {
      await users.stop?.();
      await standalone.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Calls with an API key. */
export async function callWithKey(url: string, secret: string, method: string, path: string, body?: unknown) {
  return call(url, method, path, body, { 'x-api-key': secret });
}

export { call, login, password };

async function mails(folder: string, email: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && name.endsWith('.eml')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.filter((text) => text.includes(`To: ${email}`)).map((text) => text.replaceAll('=\n', '').replaceAll('=3D', '='));
}
